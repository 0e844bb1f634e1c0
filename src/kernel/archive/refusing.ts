// The faults of an archive as a command says them.
import { ArchiveRefusal } from '../backup/index.ts'
import { faultsBy } from './faults.ts'

const refusal = (zh: string, en: string): ArchiveRefusal => new ArchiveRefusal({ zh, en })

export const faults = {
  ...faultsBy(refusal),
  unreadable(file: string, error: unknown): unknown {
    const { code } = error as NodeJS.ErrnoException
    if (!code || error instanceof ArchiveRefusal) return error
    return refusal(`${file} 读不了（${code}）。`, `${file} cannot be read (${code}).`)
  },
}
