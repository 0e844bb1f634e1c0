import { columns, declareColumns } from '#kernel/privacy/index.ts'

/** What each column is for, how long it is kept, and what becomes of it. */
export const placesPrivacy = declareColumns('organise/places', {
  place: [
    columns(
      'id code kind name name_en short_name path parent_id grams longitude latitude',
      '行政区划和网格、楼栋，公开',
      'the tree of places, public',
      'public',
      'none',
      'none',
    ),
    columns(
      'name_source abolished_at abolished_source successor_id created_at updated_at version',
      '改名、撤并的来历',
      'where names and ends come from',
      'public',
      'none',
      'none',
    ),
  ],
  place_shape: [
    columns('place ring changed_at', '地方的界线，公开', 'the line around a place, public', 'public', 'none', 'none'),
  ],
  place_history: [
    columns('id place_id at kind before after basis', '地方的沿革', 'the history of a place', 'public', 'none', 'none'),
    columns('by', '由哪个岗位办理', 'under which post it was done', 'public', 'none', 'kept'),
  ],
  place_path_column: [
    columns(
      'table_name column_name follows_merge',
      '地方搬移时一并改写的列',
      'columns that move along with a place',
      'installation',
      'none',
      'none',
    ),
  ],
})
