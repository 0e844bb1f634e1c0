/** Prints docs/request-lifecycle.md from the table, so that the document cannot say anything else. */
import { type Act, acts, type RequestDuty, type State, states } from '../requests.api.ts'
import { type ClockEffect, type GuardName, lifecycle, type Row, type Who } from './table.ts'

type Said = readonly [english: string, chinese: string]

const stateWords: Readonly<Record<State | 'none' | 'same', Said>> = {
  none: ['(new)', '(新)'],
  same: ['(unchanged)', '(不变)'],
  received: ['received', '已登记'],
  accepted: ['accepted', '已受理'],
  dispatched: ['dispatched', '已派单'],
  acknowledged: ['acknowledged', '已签收'],
  answered: ['answered', '已答复'],
  closed: ['closed', '已办结'],
}

const actWords: Readonly<Record<Act, Said>> = {
  file: ['tell', '提出'],
  accept: ['accept', '受理'],
  dispatch: ['dispatch', '派单'],
  redispatch: ['decide and dispatch', '裁定并派单'],
  consent: ['consent', '同意承担'],
  decline: ['decline', '不承担'],
  acknowledge: ['acknowledge', '签收'],
  return: ['return', '退单'],
  assist: ['ask for assistance', '请求协办'],
  'answer-part': ['answer a part', '答复协办部分'],
  draft: ['draft', '起草答复'],
  answer: ['answer', '答复'],
  explain: ['propose an explanation', '提出解释'],
  'agree-explanation': ['agree to the explanation', '同意解释'],
  'disagree-explanation': ['disagree with the explanation', '不同意解释'],
  extend: ['extend', '延期'],
  merge: ['merge', '合并'],
  link: ['link with another', '关联'],
  unlink: ['undo a link', '取消关联'],
  split: ['split', '拆分'],
  transfer: ['transfer', '移交'],
  categorise: ['categorise', '归类'],
  'set-urgency': ['set urgency', '定缓急'],
  supervise: ['supervise', '督办'],
  note: ['note', '内部备注'],
  add: ['add', '补充'],
  'correct-phone': ['put the telephone right', '改联系电话'],
  correct: ['correct', '更正'],
  withdraw: ['withdraw', '撤回'],
  judge: ['judge', '评价'],
  'call-back': ['call back', '回访'],
  'miss-call-back': ['call back in vain', '回访未接通'],
  'hand-slip': ['hand out a slip to judge by', '交评价纸条'],
  reopen: ['reopen', '重新办理'],
  complain: ['complain about handling', '投诉办理过程'],
  'permit-publication': ['permit publication', '同意公开'],
  'forbid-publication': ['forbid publication', '撤回公开同意'],
  publish: ['publish a version', '发布公开版'],
  unpublish: ['take the version down', '撤下公开版'],
  'me-too': ['me too', '我也遇到'],
  'arrange-visit': ['propose a visit', '约上门'],
  'agree-visit': ['agree to a visit', '同意上门时间'],
  'move-visit': ['move a visit', '改上门时间'],
  'cancel-visit': ['cancel a visit', '取消上门'],
  'warn-due-soon': ['warn: due soon', '临期提醒'],
  'mark-overdue': ['mark overdue', '标记超期'],
  'supervise-by-itself': ['supervise by itself', '自动督办'],
  'draw-call-back': ['draw for call back', '抽取回访'],
  'close-unconfirmed': ['close unconfirmed', '未确认办结'],
  unmerge: ['open again what was merged', '恢复单独办理'],
  forward: ['send on to a service elsewhere', '转给别处的平台'],
  hear: ['hear from a service elsewhere', '收到别处平台的消息'],
}

const dutyWords: Readonly<Record<RequestDuty, Said>> = {
  'request.enter': ['who writes down for residents', '代为登记的人员'],
  'request.read': ['who reads', '查阅人员'],
  'request.contact': ['who reads contacts', '查阅联系方式的人员'],
  'request.accept': ['who accepts', '受理员'],
  'request.dispatch': ['the dispatcher', '派单员'],
  'request.handle': ['who handles', '承办人员'],
  'request.agree': ['who agrees to explanations', '解释复核人'],
  'request.extend': ['who grants extensions', '延期审批人'],
  'request.supervise': ['who supervises', '督办人员'],
  'request.publish': ['who publishes', '公开审核人'],
  'request.callback': ['who calls back', '回访员'],
}

function whoWords(who: Who): Said {
  switch (who) {
    case 'anyone':
      return ['anyone', '任何人']
    case 'reporter':
      return ['the reporter, signed in', '登录的诉求人']
    case 'link':
      return ['the holder of the secret link', '持密链者']
    case 'judge':
      return ['the holder of the judging token', '持评价码者']
    case 'lead':
      return ['the lead unit', '主办单位']
    case 'assistant':
      return ['an assisting unit', '协办单位']
    case 'system':
      return ['a timer', '定时器']
    default: {
      const above = who.endsWith(' above')
      const [english, chinese] = dutyWords[(above ? who.slice(0, -' above'.length) : who) as RequestDuty]
      return above ? [`${english}, a level above`, `上一级${chinese}`] : [english, chinese]
    }
  }
}

const guardWords: Readonly<Record<GuardName, Said>> = {
  'receiver-free': ['the body has no part yet', '该单位尚未承担'],
  'receiver-not-excluded': ['the body is not excluded', '该单位不在回避之列'],
  'fewer-than-two-returns': ['returned less than twice', '退单不足两次'],
  'two-returns': ['returned twice', '已退单两次'],
  'not-decided': ['the dispatcher has not decided who it is', '派单员尚未裁定'],
  'lead-offered': ['consent is asked for', '正在征求同意'],
  'lead-dispatched': ['not acknowledged yet', '尚未签收'],
  'part-offered': ['consent is asked for', '正在征求同意'],
  'part-dispatched': ['the part is not acknowledged yet', '协办部分尚未签收'],
  'part-acknowledged': ['the part is acknowledged', '协办部分已签收'],
  'not-own-unit': ['their own body has no part', '本单位不承担'],
  'not-handled': ['had no hand in it', '未参与办理'],
  'not-enterer': ['did not write it down for the resident', '不是代为登记的人'],
  'not-holding': ['not by the holder or whoever is responsible', '不是接收单位，也不是责任单位'],
  'says-something': ['in words that say something, which the reporter reads', '写明理由或答复，诉求人可见'],
  'reporter-reachable': ['a message reaches the reporter', '诉求人收得到消息'],
  'not-late': ['not overdue', '没有超期'],
  'promise-runs': ['the time promised to the resident has not passed', '答应居民的时间还没有过'],
  'not-beneath': ['not at or beneath the place of whoever it is about', '不在相关的人和单位所在地及其下级'],
  'not-extended': ['never extended before', '未曾延期'],
  'extension-within': ['within the longest extension', '不超过最长延期'],
  'not-explaining': ['no explanation waits', '没有待复核的解释'],
  explaining: ['an explanation waits', '有待复核的解释'],
  'another-person': ['another person than who proposed it', '与提出人不是同一人'],
  'another-body': ['of another body than who proposed it', '不属于提出解释的单位'],
  'repeat-named': ['a repeat names the earlier request', '重复诉求须指明前件'],
  'target-open': ['the other is not answered yet', '另一件尚未答复'],
  'no-circle': ['no circle arises', '不形成循环'],
  'another-request': ['the other is another request', '另一件不是它自己'],
  'not-linked': ['the two are not linked yet', '两件还没有关联'],
  linked: ['the two are linked', '两件已关联'],
  'same-community': ['both lie in one community', '两件在同一社区'],
  'filed-before': ['the other was told first', '另一件提出在前'],
  'level-kept': [
    'once reopened: not to a lower level, nor to who answered it',
    '重新办理的不得降级，也不得交回原答复单位',
  ],
  'merged-unanswered': ['the one it was merged into was withdrawn unanswered', '并入的那件未答复即撤回'],
  'same-sight': ['both are hidden from the same', '两件回避范围相同'],
  'enough-texts': ['one to nine parts, those made before included', '一至九件，以前拆出的也算'],
  'own-words': ['each part has a text of its own', '各件内容各不相同'],
  'not-a-part': ['it is not itself a part', '本身不是拆出来的'],
  'not-supervised': ['nobody supervises it yet', '还没有人督办'],
  'another-place': ['to another body, not excluded', '另一单位且不在回避之列'],
  'covers-both': [
    'within the district, or by someone whose post dispatches in both places',
    '在本区县内；转出区县须由岗位覆盖两地的派单员转',
  ],
  'delay-reasoned': [
    'a reason, where the date moves back or urgent becomes ordinary',
    '答复日推后或由紧急改为一般时，须写明理由',
  ],
  'few-transfers': ['transferred less than twice', '移交不足两次'],
  'not-judged': ['not judged yet', '尚未评价'],
  'judgeable-late': ['closed unconfirmed less than 30 days ago', '未确认办结未满30日'],
  'not-drawn': ['not drawn for a call back', '未被抽中回访'],
  drawn: ['drawn for a call back', '已被抽中回访'],
  'unanswered-long-enough': ['nothing said within 7 days', '7日内未评价'],
  'call-back-over': ['called three times, or 7 days passed', '已打三次或已满7日'],
  'tries-left': ['called less than three times', '拨打不足三次'],
  'an-hour-since': ['an hour after the last call', '距上次拨打满一小时'],
  'words-kept': [
    'title and text are those of the reporter, with nothing but redactions',
    '标题和正文须是诉求人原话，只可遮盖删减',
  ],
  'numbers-removed': [
    'no telephone, identity, card or account number, plate or mail address is left in it',
    '其中没有电话、证件号、卡号、账号、车牌、邮箱',
  ],
  'answer-sent': [
    'an answer that is shown was sent, with nothing but redactions',
    '公开的答复须是已发出的答复，只可遮盖删减',
  ],
  'within-thirty-days': [
    'within 30 days of closing, as told when it closed; what was merged, also as long as the one that stays has no answer, and from that answer on 30 days',
    '办结后30日内，以办结时告知的日期为准；被合并的，并入的那件答复前不限，答复后再算30日',
  ],
  'few-reopenings': ['reopened less than three times', '重新办理不足三次'],
  'level-above': ['goes one level up, to the district at most', '上升一级，至区县为止'],
  'publication-permitted': ['the reporter permits it', '诉求人同意'],
  'publication-not-permitted': ['not permitted yet', '尚未同意'],
  'permitted-themselves': [
    'who wrote it down: only what the resident permitted by their own hand',
    '代为登记的人：只限居民自己同意公开的',
  ],
  published: ['published', '已公开'],
  'no-visit': ['no visit stands', '没有约定'],
  visit: ['a visit stands', '已有约定'],
  'visit-of-the-other': ['proposed by the other side', '由对方提出'],
  'due-soon': ['due soon', '临近期限'],
  overdue: ['overdue', '已超期'],
  'far-overdue': ['far overdue', '严重超期'],
}

const clockWords: Readonly<Record<ClockEffect, Said>> = {
  start: ['the answer is promised; acceptance is due', '承诺答复日；计受理时限'],
  accept: ['acceptance is due', '计受理时限'],
  dispatch: ['dispatch is due', '计派单时限'],
  acknowledge: ['acknowledgement is due', '计签收时限'],
  answer: ['the promised answer is due', '计答复时限'],
  anew: ['a new answer is promised; dispatch is due', '重新承诺答复日；计派单时限'],
  promise: ['the promise is computed anew, never later once a unit has had it', '重算答复日，派过单后只早不晚'],
  longer: ['the promise is extended', '延长答复日'],
  judge: ['the resident has 7 days to say', '诉求人7日内评价'],
  stop: ['nothing runs', '停止计时'],
  keep: ['as it was', '不变'],
}

const prose: readonly Said[] = [
  [
    "Closed is not solved: only the resident, or someone who did not handle it and called back, says solved. A request is never without someone responsible: the receiving body from the first moment, a unit once it has acknowledged, and after two returns the body that received it first. Social organisations and residents' groups help; whoever dispatched stays responsible.",
    '办结不等于解决：只有诉求人自己，或未参与办理的回访员，能说“解决了”。任何时刻都有责任单位：登记时是接收单位，签收后是承办单位，两次退单后由首接单位负责。社会组织、居民小组只是协力，派单单位始终负责。',
  ],
  [
    'Whoever stands on the excluded list of a request is told that there is no such request. What no row allows is refused: `request-state` where the state does not allow the act, `request-forbidden` where the person does not, and `request-<condition>` where a condition fails. Periods are the defaults; a place may set others.',
    '回避名单上的人得到的回答是“没有这件诉求”。表中没有的一律拒绝：状态不允许为 `request-state`，人员不允许为 `request-forbidden`，条件不满足为 `request-<条件>`。所列期限为默认值，各地可另行设定。',
  ],
  [
    'How a request ended is seen by everyone who reads it, with one exception: whether the resident called it solved, partly solved or not. To whoever handled it, and to all without the duty to read judgements, such a request is closed and no more; that it came back they see by its coming back. The column is read by nobody; `request_results` tells the resident and those who read judgements there and had no hand in it. Each round’s closing says to the resident what they said of that answer (`request_verdicts`); a link that staff handed out, which may have stayed in their hands, says none of it.',
    '办结的结果，看得到这件诉求的人都看得到，只有一样例外：居民说解决、部分解决还是没解决。办过的人和没有查看评价职责的人，只看到“已办结”；事情重新提起时，他们自然看得到。结果这一列谁也不能直接读，由 `request_results` 告诉居民本人，以及有查看评价职责、又没有参与办理的人。每一轮办结时居民说了什么，只写给居民本人看（`request_verdicts`）；工作人员交出的链接可能还在他们手里，看不到这些。',
  ],
  [
    'What staff write down for a resident stays the resident’s. Its link goes by message to the phone or address that was left. Where nothing was left it is printed and handed over, and whatever is done with it says through which post it came. Whoever wrote it down neither withdraws, judges nor reopens it, nor permits its publication, and the reporter hears of each of these by everything they left. A judge token is for one answer: it ends with the next one, with a withdrawal or a merger, or when its time is over. Once used it opens the page on which it was used, and can ask for the matter to be taken up again, nothing else.',
    '工作人员代记的诉求仍是居民的。查询链接发到居民留下的电话或邮箱；什么都没留的，打印出来交给本人，用它做的每件事都注明是哪个岗位交出的。代记的人不能撤回、评价、重新提起，也不能同意公开；这几样一发生，就按居民留下的每个联系方式告诉本人。评价码只对一次答复有效：有了下一次答复、撤回、合并或过了时间就失效；用过之后只能看当时那一页，或请求重新办理。',
  ],
  [
    'What somebody told is put right by themselves at any time until it is answered. Staff do it for them only with a reason; the words before it are kept, and the reporter hears of it and can put it back. Who wrote a matter down does not also vouch that the resident permits publication and release it: another colleague does, or the resident permits it by their own hand.',
    '诉求人在答复前随时可以自己更正。工作人员代为更正的，要写明理由；原来的话都留着，诉求人会收到消息，可以改回来。代记的人不能既代记居民同意公开、又自己来公开：要另一位同事来公开，或由居民自己同意。',
  ],
  [
    'A telephone number is put right by its reporter alone: signed in, or by a link that went to them and not through staff. Staff change none, on whoever’s word. To that number goes the code by which the answer is judged; over the telephone nobody can show that they are the reporter; and in a community whoever takes the call is often whoever handles the matter. For a caller who has neither account nor link it is written down anew with the right number and merged into the earlier one: the promise of the earlier one holds, and the answer is told to both. Whoever comes to the counter is handed a slip on which the answer is judged, by somebody who calls back and had no part in it.',
    '联系电话只有诉求人自己能改：登录之后，或凭直接发给本人、没有经过工作人员之手的链接。不论谁打电话来说，工作人员都不能代改。评价答复的码就发到这个号码；电话里谁也证明不了自己是诉求人；在社区，接电话的往往就是办这件事的人。来电的人既没有账号也没有链接的，按对的号码另记一件，并入原来那件：原来答应的日子不变，答复两边都告诉。本人到窗口来的，由没有参与办理的回访员交给一张评价纸条。',
  ],
  [
    'Whoever is told that theirs was merged reads into which, where that one is shown to everybody, and until that one is answered, and for 30 days after, can say that it is another matter: a level above then handles it by itself.',
    '被合并的诉求人会收到消息；并入的那件已公开的，写明编号和标题。并入的那件答复前和答复后30日内，都可以说“不是同一回事”，由上一级单独办理。',
  ],
  [
    'What is divided counts as told once, on the day it was told. Each part keeps the reporter, the contact, the day and the promise of the whole, and stands on the page on which the whole is followed.',
    '拆分的诉求只计一次登记，按原来登记的那天。分出来的每一件，诉求人、联系方式、登记时间和承诺时间都照原来那件，从原来那件的查询页都能点进去。',
  ],
  [
    'A transfer stays within the district. Beyond it goes only what is sent by someone whose post dispatches in both places; where nobody stands above both, the matter is explained as outside the remit, with where to turn. The body that sent it still sees where it went and how it was answered, without any contact; its head hears of the answer by mail.',
    '移交不出区县。要转到区县以外，须由岗位覆盖两地的派单员来转；没有管辖两地的上级的，作“不属职责范围”的解释，写明该找谁。转出单位仍看得到转去了哪里、怎样答复的，看不到联系方式；答复后，单位负责人收到邮件。',
  ],
  [
    'Whoever opens a judge link without signing in judges as the resident: the link went to what the resident left, and nothing else proves who holds it. Such judgements count as all others do.',
    '凭评价链接、不登录也能评价：链接只发到居民留下的联系方式，此外没有别的凭据证明持有人是谁。这样的评价与其他评价一样计入。',
  ],
]

const cell = (text: string): string => text.replaceAll('|', '\\|')

function table(language: 0 | 1): string[] {
  const heads = [
    ['Act', 'State', 'Who may', 'If', 'Next state', 'Deadline'],
    ['行为', '状态', '谁可以', '条件', '下一状态', '时限'],
  ][language] as string[]
  const list = language === 0 ? ', ' : '、'
  const line = (row: Row): string =>
    [
      `${actWords[row.act][language]} \`${row.act}\``,
      row.from === 'none' ? stateWords.none[language] : row.from.map((state) => stateWords[state][language]).join(list),
      row.who.map((who) => whoWords(who)[language]).join('; '),
      row.guards.map((guard) => guardWords[guard][language]).join('; ') || '—',
      stateWords[row.next][language],
      clockWords[row.clock][language],
    ]
      .map(cell)
      .join(' | ')
  return [heads.join(' | '), heads.map(() => '---').join(' | '), ...lifecycle.map(line)].map((each) => `| ${each} |`)
}

/** Which acts each state allows, as a grid. */
function grid(language: 0 | 1): string[] {
  const columns: readonly State[] = states
  const marks = acts
    .filter((act) => act !== 'file')
    .map((act) => {
      const cells = columns.map((state) => {
        const row = lifecycle.find((each) => each.act === act && each.from !== 'none' && each.from.includes(state))
        return row ? (row.next === 'same' ? '·' : `→ ${stateWords[row.next][language]}`) : ''
      })
      return `| ${[actWords[act][language], ...cells].join(' | ')} |`
    })
  return [
    `| ${['', ...columns.map((state) => stateWords[state][language])].join(' | ')} |`,
    `| ${['', ...columns].map(() => '---').join(' | ')} |`,
    ...marks,
  ]
}

/** The document, English first and then Chinese. */
export function printLifecycle(): string {
  const part = (language: 0 | 1): string[] => [
    ...prose.flatMap((said) => [said[language], '']),
    language === 0 ? '### At a glance' : '### 一览',
    '',
    language === 0 ? 'A dot: allowed without a change of state.' : '圆点：允许，状态不变。',
    '',
    ...grid(language),
    '',
    language === 0 ? '### Row by row' : '### 逐行',
    '',
    ...table(language),
    '',
  ]
  return [
    '<!-- Printed from src/listen/requests/rules/table.ts by `node src/listen/requests/rules/print.ts`. Do not edit. -->',
    '',
    '# The lifecycle of a request · 诉求的办理过程',
    '',
    '## English',
    '',
    ...part(0),
    '## 中文',
    '',
    ...part(1),
  ]
    .join('\n')
    .trimEnd()
    .concat('\n')
}

if (import.meta.main) process.stdout.write(printLifecycle())
