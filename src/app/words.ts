// Every room's words. Those of the desk alone are left to the browser.
import { join } from 'node:path'
import { loadWords, type RoomWords, registerWords } from '#kernel/words/index.ts'

/** Registers the words of all rooms. The files are found by name, so that a new room need not be listed twice. */
export async function registerAllWords(): Promise<void> {
  for (const file of await loadWords(join(import.meta.dirname, '..'))) {
    for (const words of file.words) registerWords(words as RoomWords)
  }
}
