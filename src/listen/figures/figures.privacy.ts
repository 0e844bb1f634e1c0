import { columns, declareColumns } from '#kernel/privacy/index.ts'

const figure =
  'path month kind told received accepted dispatched acknowledged answered closed explained unconfirmed withdrawn merged answered_elsewhere said in_time late missed transferred returned accepted_late'

/** What each column is for, how long it is kept, and what becomes of it. */
export const figuresPrivacy = declareColumns('listen/figures', {
  request_figure: [
    columns(
      figure,
      '各地每月每类诉求有多少、办到哪了',
      'how many requests of each kind a place had in a month, and what became of them',
      'installation',
      'none',
      'none',
    ),
  ],
  request_figure_change: [
    columns(
      'path month kind state ended timely weight event',
      '还没有并进各地诉求数的增减，不含居民怎么评价：一分钟左右后删除，只由数据库的函数读取',
      'changes of these figures that are not folded in yet, without what residents said: gone after a minute or so, read by functions of the database alone',
      'installation',
      'none',
      'none',
    ),
  ],
  request_event: [
    columns(
      'request kind path at',
      '哪件诉求在哪里被转走、退单、超时受理：用来如实统计',
      'which request was sent elsewhere, returned or accepted too late, and where that was: so that figures tell it',
      'record',
      'none',
      'none',
    ),
  ],
  judgement_figure: [
    columns(
      'path month solved partly unsolved',
      '各地每月居民怎么评价答复：少于五件或者评价都一样的不显示',
      'what residents of a place said of answers in a month: not shown below five or where all said the same',
      'installation',
      'none',
      'none',
    ),
  ],
})
