import { declareArchive, leftOut } from '#kernel/archive/index.ts'

/** How each table goes into an archive. */
export const floodsArchive = declareArchive('kernel/floods', {
  flood_load: leftOut('几秒钟的计数', 'counts of some seconds'),
  flood_pass: leftOut('几分钟的通行证', 'passes of some minutes'),
})
