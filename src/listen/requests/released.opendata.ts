// Released requests as open data: what everybody may read at their place, a row for each.
import type { OpenTable } from '#kernel/opendata/index.ts'
import { firstReleased, readReleasedOfMonth } from './released.store.ts'

/** Requests that their reporters let be seen and that were released, by the month in which they were told; as they stand now. */
export const releasedRequests: OpenTable = {
  name: 'requests',
  columns: [
    { name: 'number', type: 'string', required: true },
    { name: 'place_code', type: 'string' },
    { name: 'place', type: 'string', required: true },
    { name: 'filed_at', type: 'datetime', required: true },
    { name: 'category_level1', type: 'string' },
    { name: 'category_level2', type: 'string' },
    { name: 'category_level3', type: 'string' },
    { name: 'title', type: 'string', required: true },
    { name: 'text', type: 'string', required: true },
    { name: 'state', type: 'string', required: true },
    { name: 'promised_at', type: 'datetime' },
    { name: 'answered_at', type: 'datetime' },
    { name: 'closed_at', type: 'datetime' },
    { name: 'answer', type: 'string' },
    { name: 'me_too', type: 'integer', required: true },
    { name: 'address', type: 'string', required: true },
  ],
  primaryKey: ['number'],
  tells: () => true,
  untilNow: true,
  first: firstReleased,
  read: readReleasedOfMonth,
}
