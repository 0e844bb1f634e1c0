import { address, readPages, readTable } from '#kernel/desk/index.ts'
import { type Filter, listRequests, searchRequests } from '../requests.lists.api.ts'
import { wordless } from './filter.ts'

const aPage = 100

/** The whole list as one table. @throws CallError as `readPages` */
export function fetchTable(filter: Filter, onRows: (count: number) => void): ReturnType<typeof readPages> {
  return readPages((after) => {
    const query = { ...filter, limit: aPage, ...(after ? { after } : {}) }
    return query.words
      ? readTable(searchRequests.url, query)
      : readTable(address(listRequests.url, {}, wordless(query)))
  }, onRows)
}
