import { around, declareArchive } from '#kernel/archive/index.ts'

/** How each table goes into an archive. */
export const settingsArchive = declareArchive('organise/settings', {
  place_setting: around('path'),
  category: around('path', { pulled: true }),
  template: around('path'),
})
