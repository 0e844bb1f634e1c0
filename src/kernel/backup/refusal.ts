import { type Sentence, SpokenRefusal } from '#kernel/config/index.ts'

/**
 * What a refusal of a backup or an archive is about: the archive (or what it is to be written to), the keys, or the installation that
 * it was to be restored into.
 */
export type ArchiveMatter = 'archive' | 'keys' | 'installation'

/** Why an archive cannot be written, read or restored, in a sentence that names the place. */
export class ArchiveRefusal extends SpokenRefusal {
  readonly matter: ArchiveMatter

  constructor(sentence: Sentence, matter: ArchiveMatter = 'archive') {
    super(sentence)
    this.matter = matter
  }
}
