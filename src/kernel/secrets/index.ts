import { randomBytes } from 'node:crypto'
import { closeSync, fsyncSync, linkSync, mkdirSync, openSync, readFileSync, rmSync, statSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { SpokenRefusal } from '#kernel/config/index.ts'

/** Roles that sign in to the embedded PostgreSQL, and its superuser. */
export const databaseRoles = ['postgres', 'linli_owner', 'linli_app', 'linli_jobs', 'linli_auth'] as const
export type DatabaseRole = (typeof databaseRoles)[number]

/** What secrets.json of a data directory holds. */
export interface Secrets {
  /** 32 bytes: encrypts phone numbers and signs. Losing it loses them. */
  application: Buffer
  passwords: Record<DatabaseRole, string>
}

/** Why the keys of an installation cannot be used, in a sentence that shows nothing of them. */
export class SecretsRefusal extends SpokenRefusal {}

/**
 * Reads secrets.json of a data directory, making it (readable by its owner alone) when there is none.
 * @param application the key that a new one is to hold; a random one where none is given
 * @throws SecretsRefusal when the file is broken or may not be read.
 */
export function openSecrets(dataDirectory: string, application: Buffer = randomBytes(32)): Secrets {
  mkdirSync(dataDirectory, { recursive: true })
  const path = join(dataDirectory, 'secrets.json')
  return readSecrets(dataDirectory) ?? parse(path, create(dataDirectory, path, application))
}

/** Reads secrets.json of a data directory; null when there is none. */
export function readSecrets(dataDirectory: string): Secrets | null {
  const path = join(dataDirectory, 'secrets.json')
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code
    if (code === 'ENOENT') return null
    throw new SecretsRefusal({
      zh: `${path} 读不了（${code}）：请看它属于哪个用户。`,
      en: `${path} cannot be read (${code}): see whose it is.`,
    })
  }
  if (process.platform !== 'win32' && (statSync(path).mode & 0o077) !== 0) {
    throw new SecretsRefusal({
      zh: `${path} 别的用户也能读，密钥可能已经泄露：请先 chmod 600。`,
      en: `${path} can be read by other users, and holds keys: chmod 600 it first.`,
    })
  }
  return parse(path, text)
}

function create(directory: string, path: string, application: Buffer): string {
  const text = `${JSON.stringify(
    {
      about: 'Keys of this installation. Keep a copy apart from the backups; without it encrypted data cannot be read.',
      application: application.toString('base64'),
      passwords: Object.fromEntries(databaseRoles.map((role) => [role, randomBytes(24).toString('base64url')])),
    },
    null,
    2,
  )}\n`
  // Written whole and synced before it gets its name: a power cut leaves either no file or a good one.
  const draft = join(directory, `.secrets-${process.pid}-${randomBytes(4).toString('hex')}`)
  const file = openSync(draft, 'wx', 0o600)
  try {
    writeSync(file, text)
    fsyncSync(file)
    closeSync(file)
    linkSync(draft, path)
    return text
  } catch (error) {
    // Another process was faster: its file counts.
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return readFileSync(path, 'utf8')
    throw error
  } finally {
    rmSync(draft, { force: true })
  }
}

function parse(path: string, text: string): Secrets {
  try {
    const content = JSON.parse(text) as { application: string; passwords: Record<string, string> }
    const application = Buffer.from(content.application, 'base64')
    const passwords = Object.fromEntries(databaseRoles.map((role) => [role, content.passwords[role]]))
    if (application.length === 32 && Object.values(passwords).every((password) => (password ?? '').length >= 16)) {
      return { application, passwords: passwords as Record<DatabaseRole, string> }
    }
  } catch {
    // Told below: what exactly is wrong with it must not be printed.
  }
  throw new SecretsRefusal({
    zh: `${path} 损坏：请把另存的那份放回去（chmod 600）。没有它，加密的资料读不出来，数据库也进不去。没有动任何东西。`,
    en: `${path} is broken: restore it from the copy that was kept apart (chmod 600). Without it encrypted data cannot be read, and the database lets nobody in. Nothing was touched.`,
  })
}
