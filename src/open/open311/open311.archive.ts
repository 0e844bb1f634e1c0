import { along, declareArchive, wholeOnly } from '#kernel/archive/index.ts'

/** How each table goes into an archive. */
export const open311Archive = declareArchive('open/open311', {
  open311_request: wholeOnly('哪把钥匙提出的，跟着钥匙走', 'by which key it came in, which goes with the key'),
  open311_update: along('request', 'request'),
})
