import { open, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { Disk } from 'flydrive'
import { FSDriver } from 'flydrive/drivers/fs'
import { writeDown } from '../intake.ts'
import type { FileStore } from './store.ts'

/** Files below `<data directory>/files`. They are written beside it and moved there whole. */
export function diskStore(dataDirectory: string): FileStore {
  const location = join(dataDirectory, 'files')
  const disk = new Disk(new FSDriver({ location, visibility: 'private' }))
  return {
    async put(key, bytes) {
      const path = await writeDown(join(dataDirectory, 'incoming'), bytes)
      await disk.moveFromFs(path, key).catch(async (error) => {
        await rm(path, { force: true })
        throw error
      })
    },
    async open(key, range) {
      // Asked first, since it refuses keys that lead out of the folder.
      if (!(await disk.exists(key))) return null
      const file = await open(join(location, key))
      const { size } = await file.stat()
      const from = range?.from ?? 0
      const to = Math.min(range?.to ?? size - 1, size - 1)
      return { stream: file.createReadStream({ start: from, end: to }), bytes: to - from + 1, total: size }
    },
    async list(folder) {
      try {
        return [...(await disk.listAll(folder || '/')).objects].map((found) => found.name)
      } catch (error) {
        // A day on which nothing came has no folder.
        if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
        throw error
      }
    },
    remove: (folder) => disk.deleteAll(folder),
    // Whoever asks for readiness looks at the data directory anyway.
    refusal: async () => null,
    close: () => undefined,
  }
}
