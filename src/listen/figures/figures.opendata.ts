// Figures as open data: of each subdistrict, by month and kind, without small groups.
import type { OpenTable } from '#kernel/opendata/index.ts'
import { depthOf, depths } from '#organise/places/index.ts'
import { firstCounted, type OpenCount, readOpenCounts } from './open.store.ts'
import { withoutSmall } from './small.rules.ts'

/** So many subdistricts at once. */
const most = 300

/** Requests told of in months that are over, by the first level of their category, and what became of them. */
export const openFigures: OpenTable = {
  name: 'figures',
  columns: [
    { name: 'place_code', type: 'string' },
    { name: 'place', type: 'string', required: true },
    { name: 'month', type: 'string', required: true },
    { name: 'category_level1', type: 'string' },
    { name: 'told', type: 'integer' },
    { name: 'closed', type: 'integer' },
    { name: 'answered_in_time', type: 'integer' },
    { name: 'answered_late', type: 'integer' },
  ],
  // One that is not sorted into a category yet has none.
  primaryKey: [],
  tells: (path) => depthOf(path) <= depths.subdistrict,
  untilNow: false,
  first: (act) => firstCounted(act.sql),
  read: async (act, { path, month, after }) => {
    const counts = await readOpenCounts(act.sql, { path, month, after, most })
    const places = [...Map.groupBy(counts, (count) => count.path).values()]
    return {
      rows: places.flatMap((kinds) => rowsOf(month, kinds)),
      next: places.length === most ? (counts.at(-1)?.path ?? null) : null,
    }
  },
}

/** The rows of one place: kinds are the parts of what it was told, and each kind has parts of its own. */
function rowsOf(month: string, kinds: readonly OpenCount[]) {
  const told = withoutSmall(kinds.map((kind) => kind.told))
  return kinds.map(({ code, name, kind, told: all, closed, in_time, late }, at) => {
    const outcome = withoutSmall([closed, all - closed])
    const timely = withoutSmall([in_time, late, all - in_time - late])
    const shown = told[at] ?? null
    return [
      code,
      name,
      month,
      kind,
      shown,
      shown === null ? null : (outcome[0] ?? null),
      shown === null ? null : (timely[0] ?? null),
      shown === null ? null : (timely[1] ?? null),
    ]
  })
}
