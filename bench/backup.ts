// The restore drill: an installation is backed up while it serves, its server and its database are killed, and it is brought back from
// the archive alone into an empty directory, until what it holds is verified and its pages answer. Beside the installation it needs
// room for the archive and for everything once more.
import { mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { data, port, root, type State } from './context.ts'
import { note, tell } from './figures.ts'
import { command, forget, start } from './program.ts'

/** Seconds within which a killed server is to be in service again, everything verified. */
const most = 300

/** Backs up, kills, restores and serves what was loaded; the installation itself is as before afterwards. */
export async function drill({ past }: State): Promise<void> {
  const directory = join(root, 'drill')
  forget(directory)
  mkdirSync(directory, { mode: 0o700 })
  const archive = join(directory, 'whole.linli')
  const into = join(directory, 'data')
  try {
    const killed = await start(data, { port, empty: true })
    const backup = await command(data, ['backup', archive, '--keys'])
    tell('backup', backup.seconds, 's')
    tell('backup.size', Number(backup.facts.bytes) / 1e6, 'MB')
    tell('backup.rows', Number(backup.facts.rows), '')
    tell('backup.memory', backup.megabytes, 'MB')

    const postgres = Number(readFileSync(join(data, 'postgres', 'postmaster.pid'), 'utf8').split('\n')[0])
    const began = performance.now()
    for (const pid of [killed.process, postgres]) kill(pid)
    const restore = await command(into, ['restore', archive, '--keys', `${archive}.keys`])
    const served = await start(into, { port: port + 1, empty: true })
    try {
      // What stands behind a secret link is read with the key and from the rows of many tables.
      for (const path of ['/', ...past.links.slice(0, 5).map((link) => `/r/${link}`)]) {
        const { status } = await fetch(`${served.address}${path}`, { headers: { Accept: 'text/html' } })
        if (status !== 200) throw new Error(`${path.slice(0, 3)} answers ${status} after the restore`)
      }
      tell('backup.drill', (performance.now() - began) / 1_000, 's', { atMost: most })
    } finally {
      await served.stop()
    }
    const { took, rows, ok } = restore.facts as { took: Record<string, number>; rows: number; ok: boolean }
    if (!ok || rows !== backup.facts.rows) throw new Error(`${rows} rows came back`)
    for (const [part, seconds] of Object.entries(took)) tell(`backup.restore.${part}`, seconds, 's')
    tell('backup.restore', restore.seconds, 's')
    tell('backup.restore.memory', restore.megabytes, 'MB')
    tell('backup.restore.served', served.seconds, 's')
    note(`${restore.facts.entries} entries of the register walked`)
  } finally {
    forget(directory)
  }
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // PostgreSQL may end with the server.
  }
}
