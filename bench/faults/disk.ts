// The disk is full, or cannot be written to. A small file system in memory stands for it.
import { execFileSync } from 'node:child_process'
import { closeSync, mkdirSync, openSync, rmSync, statfsSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { root } from '../context.ts'
import type { Fault, Stage } from './fault.ts'
import { ask, communityCode, filing, isReady, refusalIn, secretaryOf } from './people.ts'
import { ownPostgres } from './postgres.ts'
import { drop, freshData, holdRefusedStart, holdRegister, serve, until } from './site.ts'
import { watch } from './watch.ts'

/** A file system of its own of so many megabytes; null where this machine lets none be made. */
function mount(stage: Stage, name: string, megabytes: number): string | null {
  const directory = join(root, name)
  mkdirSync(directory, { recursive: true })
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m,mode=755`, 'tmpfs', directory], { stdio: 'pipe' })
    return directory
  } catch (error) {
    stage.limited(
      `no file system could be mounted: ${
        String((error as Error).message)
          .split('\n')
          .at(-2) ?? ''
      }`,
    )
    return null
  }
}

function unmount(directory: string): void {
  execFileSync('umount', [directory], { stdio: 'ignore' })
  rmSync(directory, { recursive: true, force: true })
}

const freeMegabytes = (directory: string) => {
  const { bavail, bsize } = statfsSync(directory)
  return (bavail * bsize) / 2 ** 20
}

/** Writes until so little is free. */
function fill(directory: string, leave: number): void {
  const file = openSync(join(directory, 'filler'), 'a')
  const part = Buffer.alloc(64 * 1_024, 1)
  try {
    while (freeMegabytes(directory) > leave) writeSync(file, part)
  } catch {
    // It is full.
  } finally {
    closeSync(file)
  }
}

export const diskFull: Fault = {
  name: 'disk-full',
  what: 'the disk of the data directory fills up to the last byte while residents read and tell; then there is room again',
  async happen(stage) {
    const disk = mount(stage, 'disk-full', 420)
    if (!disk) return
    const data = freshData('data', disk)
    const how = { data }
    const program = await serve(stage, how)
    const watched = await watch(stage, program.address, data, 100)
    const { place } = watched
    await sleep(1_500)
    fill(disk, 0)
    // Long texts, so that PostgreSQL needs new room soon: its log of changes is made ready ahead.
    let refused: string | null = null
    for (let round = 0; round < 3_000 && refused === null && program.child.exitCode === null; round += 1) {
      const answer = await ask(program.address, '/api/requests', {
        body: filing(place, `${round}满${'满'.repeat(4_000)}`),
      }).catch(() => null)
      if (answer && answer.status >= 500) refused = refusalIn(answer)
    }
    stage.hold(
      'what would be saved is refused',
      refused !== null || program.child.exitCode !== null,
      refused ?? 'the server ended',
    )
    await sleep(2_000)
    const running = program.child.exitCode === null
    if (running) {
      const page = await ask(program.address, `/places/${communityCode}`)
      stage.saw(`reading meanwhile: ${page.status}`)
      const seen = await ask(program.address, '/readyz')
      stage.hold('/readyz', seen.status === 503, refusalIn(seen))
    } else {
      stage.hold('the server ended with', program.child.exitCode === 6, String(program.child.exitCode))
      stage.saw(program.told().trim().split('\n').slice(-3).join(' '))
      await holdRefusedStart(stage, how, 6, 'a start on the full disk: exit code')
    }
    rmSync(join(disk, 'filler'))
    const next = program.child.exitCode === null ? program : await serve(stage, how)
    const tells = () =>
      ask(next.address, '/api/requests', { body: filing(place, '有地方了') }).then(({ status }) => status === 201)
    stage.again((await until(tells, 90)) ?? 999)
    await watched.end(['200', '201', '503', ...(running ? [] : ['none'])])
    await holdRegister(stage, data)
    await next.end()
    unmount(disk)
  },
}

export const readOnly: Fault = {
  name: 'read-only',
  what: 'the data directory turns read-only: while a server runs on a PostgreSQL elsewhere, and at the start of one with its own',
  async happen(stage) {
    const disk = mount(stage, 'read-only', 420)
    if (!disk) return
    stage.limited(
      'with PostgreSQL’s files open for writing on it, no file system can be turned read-only under a running server; its own PostgreSQL is therefore met at the start',
    )
    const turn = (way: 'ro' | 'rw') => execFileSync('mount', ['-o', `remount,${way}`, disk], { stdio: 'pipe' })
    const postgres = await ownPostgres('read-only-database')
    const data = freshData('data', disk)
    const program = await serve(stage, { data, environment: postgres.environment })
    const { cookie, place } = await secretaryOf(program.address, postgres.data)
    turn('ro')
    const seen = await ask(program.address, '/readyz')
    stage.hold('/readyz', seen.status === 503, refusalIn(seen))
    stage.saw(refusalIn(seen))
    stage.hold(
      'telling without a picture goes on',
      (await ask(program.address, '/api/requests', { body: filing(place, '没有照片') })).status === 201,
    )
    const form = new FormData()
    form.append('files', new Blob([new Uint8Array(Buffer.from(picture, 'base64'))], { type: 'image/png' }), 'lamp.png')
    const sent = await fetch(`${program.address}/api/requests/drafts/${crypto.randomUUID()}/files`, {
      method: 'POST',
      headers: { Cookie: cookie, 'Accept-Language': 'en' },
      body: form,
    })
    const said = (await sent.json()) as { type?: string; detail?: string }
    stage.hold(
      'a picture is refused, in words',
      sent.status === 503 && said.type === '/problems/disk-unwritable',
      `${sent.status} ${said.type?.replace('/problems/', '')}: ${said.detail}`,
    )
    turn('rw')
    stage.again((await until(() => isReady(program.address), 30)) ?? 999)
    await program.end()
    turn('ro')
    await holdRefusedStart(stage, { data }, 6, 'a start on it: exit code')
    turn('rw')
    const again = await serve(stage, { data })
    stage.hold('it starts once it can be written', true)
    await holdRegister(stage, data)
    await again.end()
    await postgres.stop()
    drop(postgres.data)
    unmount(disk)
  },
}

/** One point. */
const picture = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=='
