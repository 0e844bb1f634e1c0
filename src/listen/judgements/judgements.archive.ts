import { along, declareArchive } from '#kernel/archive/index.ts'

/** How each table goes into an archive. */
export const judgementsArchive = declareArchive('listen/judgements', {
  judgement: along('request', 'request'),
  call_back: along('request', 'request'),
})
