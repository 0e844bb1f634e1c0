import { columns, declareColumns } from '#kernel/privacy/index.ts'

/** What each column is for, how long it is kept, and what becomes of it. */
export const ledgerPrivacy = declareColumns('kernel/ledger', {
  'ledger.act': [
    columns(
      'id kind record path category at result times facts',
      '做了哪一类事，不含文字',
      'which kind of thing was done, without words',
      'ledger',
      'none',
      'kept',
    ),
    columns(
      'actor tenure',
      '谁、以哪个岗位做的；注销后编号不再对应任何人',
      'who did it, under which post; after deletion the id leads to nobody',
      'ledger',
      'none',
      'unlinked',
    ),
    columns(
      'personal_digest leaf',
      '内容的加盐摘要和整条的摘要',
      'salted digest of the content, and of the whole act',
      'ledger',
      'secret',
      'unlinked',
    ),
  ],
  'ledger.salt': [
    columns(
      'act salt',
      '摘要的盐：删掉它，摘要就再也对不上内容',
      'salt of the digest: without it the digest says nothing',
      'account',
      'secret',
      'deleted',
    ),
  ],
  'ledger.pending': [columns('act', '等待排位次的行为', 'acts that wait for their place', 'minutes', 'none', 'none')],
  'ledger.entry': [
    columns(
      'place act leaf sequenced_at',
      '位次：树的叶，任何人可以核对没有被删改',
      'the leaves of the tree, by which anyone can check that nothing was removed',
      'ledger',
      'none',
      'none',
    ),
  ],
  'ledger.tile': [
    columns('level index hashes', '叶以上的摘要', 'hashes of the tree above its leaves', 'ledger', 'none', 'none'),
  ],
  'ledger.checkpoint': [
    columns(
      'size root note at',
      '每小时公布并签名的总摘要',
      'what is signed and published of the whole every hour',
      'ledger',
      'none',
      'none',
    ),
  ],
  'ledger.cosignature': [
    columns(
      'size witness line at',
      '别的机构的见证签名',
      'signatures of other institutions that saw it',
      'ledger',
      'none',
      'none',
    ),
  ],
  'ledger.head': [
    columns(
      'only_one place root peaks origin',
      '树有多大，根是什么，名称是什么',
      'how large the tree is, its root, and what it is called',
      'ledger',
      'none',
      'none',
    ),
  ],
  'ledger.origin': [
    columns(
      'key size note at',
      '带来的记录原在哪份登记簿里，以及它签过名的总摘要',
      'the register that acts were brought along from, and what it signed of the whole',
      'ledger',
      'none',
      'none',
    ),
  ],
  'ledger.came': [
    columns(
      'act origin place path',
      '带来的记录在那份登记簿里的位次和证明',
      'where an act stands in that register, and the proof of it',
      'ledger',
      'none',
      'none',
    ),
  ],
})
