import { along, around, declareArchive, leftOut } from '#kernel/archive/index.ts'

/** How each table goes into an archive. */
export const placesArchive = declareArchive('organise/places', {
  place: around('path', { pulled: true }),
  place_shape: along('place', 'place'),
  place_history: along('place_id', 'place'),
  place_path_column: leftOut(
    '哪些列跟着地方走，由数据库迁移写',
    'which columns follow a place, written by the migrations',
  ),
})
