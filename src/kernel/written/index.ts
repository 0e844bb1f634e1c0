/** What somebody wrote, as it may be kept: by whatever way it came, it passes here. */
export { withoutSecretLinks } from './links.ts'
export { asWritten } from './texts.ts'
