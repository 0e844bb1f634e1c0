import { about, all, along, declareArchive, wholeOnly } from '#kernel/archive/index.ts'

/** How each table goes into an archive. */
export const ledgerArchive = declareArchive('kernel/ledger', {
  'ledger.act': about('record', { within: 'path', refers: { tenure: 'tenure' } }),
  'ledger.salt': along('act', 'ledger.act'),
  'ledger.origin': all(),
  'ledger.came': along('act', 'ledger.act'),
  ...Object.fromEntries(
    ['ledger.head', 'ledger.entry', 'ledger.tile', 'ledger.pending', 'ledger.checkpoint', 'ledger.cosignature'].map(
      (table) => [
        table,
        wholeOnly(
          '登记簿本身只有一份；一部分带着每条记录在其中的证明，导入后另立一份',
          'there is one register: a part carries the proof that each of its acts stands in it, and begins one of its own',
        ),
      ],
    ),
  ),
})
