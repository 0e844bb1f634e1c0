import type { Config } from '../../config/index.ts'
import { diskStore } from './disk.ts'
import type { FileStore } from './store.ts'

/** The store that the settings name. */
export async function openFileStore(config: Pick<Config, 'dataDirectory' | 'files'>): Promise<FileStore> {
  if (config.files === null) return diskStore(config.dataDirectory)
  const { s3Store } = await import('./s3.ts')
  return s3Store(config.files)
}
