import { columns, declareColumns } from '#kernel/privacy/index.ts'

/** What each column is for, how long it is kept, and what becomes of it. */
export const judgementsPrivacy = declareColumns('listen/judgements', {
  judgement: [
    columns(
      'id request answer path area part month at',
      '对哪次答复的评价',
      'which answer was judged',
      'record',
      'none',
      'kept',
    ),
    columns(
      'handlers handler_bodies',
      '办理的人，不得查看单件评价',
      'who handled it and must not see single judgements',
      'record',
      'others',
      'kept',
    ),
    columns(
      'withheld',
      '涉及到的人不得查看那件诉求，评价也不让他们知道',
      'whoever the matter is about must not learn of its judgement either',
      'record',
      'none',
      'kept',
    ),
    columns('solved satisfaction words', '居民的评价', 'what the resident says of it', 'record', 'shown', 'kept'),
    columns(
      'given_by tenure',
      '怎样给出；回访由哪个岗位记录',
      'how it was given; under which post a call back was noted',
      'record',
      'none',
      'kept',
    ),
  ],
  call_back: [
    columns(
      'id request answer path drawn_on seed',
      '随机抽取的回访',
      'call backs drawn at random',
      'record',
      'none',
      'kept',
    ),
    columns(
      'state tries tenure at tried_at version',
      '谁打了电话、结果',
      'who called, and what came of it',
      'record',
      'none',
      'kept',
    ),
  ],
})
