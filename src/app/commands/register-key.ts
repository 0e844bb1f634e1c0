// What checking without the whole register needs: files that somebody was given, and the key, told or that of this installation.
import { readFileSync } from 'node:fs'
import type { VerifierKey } from '#kernel/tree/index.ts'
import { withDatabase } from './settings.ts'
import { CommandRefusal, exitCodes } from './terminal.ts'

/** The key of a register, and whether a leaf stands at a place of it; null where no database is asked. */
export interface Register {
  readonly key: VerifierKey
  readonly stands: ((place: number, leaf: Uint8Array) => Promise<boolean>) | null
}

/**
 * Works with the key that was told, else with this installation's register.
 * @throws CommandRefusal where it is no key
 */
export async function withRegister(
  options: { readonly key?: string; readonly data?: string },
  work: (register: Register) => Promise<void>,
): Promise<void> {
  if (options.key !== undefined) return work({ key: await parsed(options.key), stands: null })
  await withDatabase(options, async ({ config }) => {
    const { openDatabase } = await import('#kernel/database/index.ts')
    const { createEncryption } = await import('#kernel/encryption/index.ts')
    const { createPublishing } = await import('#kernel/ledger/index.ts')
    const jobsDatabase = openDatabase(config.jobsUrl, { connections: 1, name: 'linli verify' })
    try {
      const publishing = createPublishing({ jobsDatabase, encryption: createEncryption(config.secret), witnesses: [] })
      await work({ key: await parsed(await publishing.key()), stands: publishing.standsAt })
    } finally {
      await jobsDatabase.close()
    }
  })
}

async function parsed(text: string): Promise<VerifierKey> {
  const { parseKey, sha256 } = await import('#kernel/tree/index.ts')
  const key = parseKey(sha256, text)
  if (key?.kind === 'note') return key
  throw new CommandRefusal(exitCodes.usage, [
    {
      zh: '--key 不是公钥：请照 /register/key 给出的写。',
      en: '--key is no key: write it as /register/key gives it.',
    },
  ])
}

/** A file that was handed in. @throws CommandRefusal where it cannot be read */
export function readGiven(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    throw new CommandRefusal(exitCodes.usage, [
      { zh: `${file} 读不了（${code}）。`, en: `${file} cannot be read (${code}).` },
    ])
  }
}
