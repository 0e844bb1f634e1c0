// Who may do what, endpoint by endpoint: the answer that each role gets about a record at 五里社区. `beside` is the secretary of
// the community next door, `stranger` holds every duty, but in another district. A new endpoint without a row fails the test.
import type { Endpoint } from '#kernel/http/index.ts'
import { dropPush, keepPush } from '#kernel/push/push.api.ts'
import { readFigures } from '#listen/figures/figures.api.ts'
import * as judgements from '#listen/judgements/judgements.api.ts'
import { cosignCheckpoint, listRegister, readNewest } from '#listen/register/register.api.ts'
import { dropDraft, listCallBacks, listDrafts, saveDraft } from '#listen/requests/requests.acts.api.ts'
import * as desk from '#listen/requests/requests.desk.api.ts'
import { addDraftFile, dropDraftFile, listDraftFiles } from '#listen/requests/requests.drafts.api.ts'
import { dropFilter, listFilters, saveFilter } from '#listen/requests/requests.filters.api.ts'
import * as lists from '#listen/requests/requests.lists.api.ts'
import { readLearned, suggestFor } from '#listen/suggestions/suggestions.api.ts'
import * as bodies from '#organise/bodies/bodies.api.ts'
import * as laws from '#organise/laws/laws.api.ts'
import * as people from '#organise/people/people.api.ts'
import * as places from '#organise/places/places.api.ts'
import * as settings from '#organise/settings/settings.api.ts'
import { addPasskey, askNewPasskey, askPasskey, me, signIn, signInWithPasskey, signOut } from './desk.api.ts'

export const roles = [
  'anonymous',
  'link',
  'resident',
  'unit',
  'otherUnit',
  'secretary',
  'dispatcher',
  'supervisor',
  'caller',
  'leader',
  'beside',
  'stranger',
] as const // prettier-ignore
export type TableRole = (typeof roles)[number]

/** What the call is about; each is made anew for every role that may change it. */
export type Record_ =
  | 'nothing'
  | 'received'
  | 'accepted'
  | 'returned twice'
  | 'dispatched'
  | 'offered'
  | 'acknowledged'
  | 'assisting'
  | 'explaining'
  | 'answered'
  | 'drawn'
  | 'closed'
  | 'permitted'
  | 'published'
  | 'visit'
  | 'body'
  | 'post'
  | 'tenure'
  | 'invitation'
  | 'place'
  | 'gone place'
  | 'category'
  | 'template'
  | 'law'
  | 'setting'
  | 'draft' // prettier-ignore

export interface Names {
  readonly id: string
  readonly place: string
  readonly other: string
  readonly beside: string
  readonly path: string
  readonly property: string
  readonly lamps: string
  readonly law: string
  readonly category: string
  readonly person: string
  readonly target: string
  readonly visit: string
  readonly from: string
  readonly until: string
}

export interface TableRow {
  readonly endpoint: Endpoint
  readonly about: Record_
  /** Statuses in the order of `roles`. */
  readonly answers: string
  readonly body?: (names: Names) => unknown
  readonly query?: (names: Names) => Record<string, string>
  readonly params?: (names: Names) => Record<string, string>
  /** False where no version is asked for. */
  readonly version?: false
}

const row = (
  endpoint: Endpoint,
  about: Record_,
  answers: string,
  more: Omit<TableRow, 'endpoint' | 'about' | 'answers'> = {},
): TableRow => ({ endpoint, about, answers, ...more }) // prettier-ignore
const nothing = { body: () => ({}) }
const text = { body: () => ({ text: '写一句' }) }
const reason = { body: () => ({ reason: '因为' }) }
const pushed = (purpose: 'record' | 'own') => ({
  purpose,
  endpoint: 'https://push.example/device',
  keys: { p256dh: `B${'A'.repeat(86)}`, auth: 'A'.repeat(22) },
})
const inPlace = { query: (n: Names) => ({ place: n.place }) }
const acts = desk.deskActs
const item = {
  category: {
    level1: '环境',
    level2: '绿化',
    level3: '树木',
    level1En: null,
    level2En: null,
    level3En: null,
    promisedDays: 5,
    usualBody: null,
    usualKind: null,
  },
  template: { name: '答复', text: '您好', language: 'zh-CN' },
  law: { kind: 'rule', name: '办法', nameEn: null, article: null, plain: '条文', plainEn: null, validFrom: null },
} // prettier-ignore

/** A device's answer of the right shape, of no device. */
const credential = (response: object) => ({
  id: 'none',
  rawId: 'none',
  type: 'public-key',
  response: { clientDataJSON: '', ...response },
  clientExtensionResults: {},
})

export const table: readonly TableRow[] = [
  //                                            anonymous link resident unit otherUnit secretary dispatcher supervisor caller leader beside stranger
  row(me, 'nothing', '401 401 200 200 200 200 200 200 200 200 200 200'),
  row(signIn, 'nothing', '401 401 401 401 401 401 401 401 401 401 401 401', {
    body: () => ({ email: 'nobody@example.org', password: 'wrong password' }),
  }),
  row(signOut, 'nothing', '204 204 204 204 204 204 204 204 204 204 204 204', nothing),
  // At an address in numbers there are no passkeys.
  row(askPasskey, 'nothing', '409 409 409 409 409 409 409 409 409 409 409 409', nothing),
  row(signInWithPasskey, 'nothing', '401 401 401 401 401 401 401 401 401 401 401 401', {
    body: () => ({ response: credential({ authenticatorData: '', signature: '' }) }),
  }),
  row(askNewPasskey, 'nothing', '401 401 403 403 403 403 403 403 403 403 403 403', nothing),
  row(addPasskey, 'nothing', '401 401 403 403 403 403 403 403 403 403 403 403', {
    body: () => ({ name: '手机', response: credential({ attestationObject: '' }) }),
  }),
  // By the link, of its matter; signed in, of one's own.
  row(keepPush, 'received', '401 200 401 401 401 401 401 401 401 401 401 401', { body: () => pushed('record') }),
  row(keepPush, 'nothing', '401 401 200 200 200 200 200 200 200 200 200 200', { body: () => pushed('own') }),
  row(dropPush, 'nothing', '204 204 204 204 204 204 204 204 204 204 204 204', {
    body: () => ({ purpose: 'own', endpoint: 'https://push.example/nobody' }),
  }),
  row(people.readMe, 'nothing', '401 401 200 200 200 200 200 200 200 200 200 200'),
  row(people.correctMe, 'nothing', '401 401 200 200 200 200 200 200 200 200 200 200', {
    body: () => ({ language: 'zh-CN' }),
  }),
  row(people.readMyData, 'nothing', '401 401 200 200 200 200 200 200 200 200 200 200'),
  row(people.readLooked, 'nothing', '401 401 200 200 200 200 200 200 200 200 200 200'),
  row(people.listMySessions, 'nothing', '401 401 200 200 200 200 200 200 200 200 200 200'),
  row(people.deleteMe, 'nothing', '401 401 202 202 202 202 202 202 202 202 202 202', { body: () => ({ sure: true }) }),

  row(desk.fileRequest, 'nothing', '401 401 403 403 403 201 201 403 403 403 403 403', {
    body: (n) => ({ channel: 'phone', text: '写下来', anonymous: true, place: n.place }),
  }),
  row(lists.listRequests, 'nothing', '401 401 200 200 200 200 200 200 200 200 200 200'),
  row(lists.countRequests, 'nothing', '401 401 200 200 200 200 200 200 200 200 200 200'),
  row(lists.searchRequests, 'nothing', '401 401 200 200 200 200 200 200 200 200 200 200', {
    body: () => ({ words: '路灯' }),
  }),
  row(lists.countFound, 'nothing', '401 401 200 200 200 200 200 200 200 200 200 200', {
    body: () => ({ words: '路灯' }),
  }),
  row(lists.countQueues, 'nothing', '401 401 200 200 200 200 200 200 200 200 200 200'),
  row(judgements.listJudgements, 'nothing', '401 401 403 403 403 403 403 200 403 200 403 200'),
  row(judgements.readTotals, 'nothing', '401 401 403 200 200 200 200 200 200 200 200 200'),
  row(listRegister, 'nothing', '401 401 403 403 403 403 403 200 403 200 403 200'),
  row(readNewest, 'nothing', '200 200 200 200 200 200 200 200 200 200 200 200'),
  // Whoever hands in a line is known by it alone: no role is asked.
  row(cosignCheckpoint, 'nothing', '404 404 404 404 404 404 404 404 404 404 404 404', {
    body: () => ({ size: 1_000_000, line: '— nobody.example AAAAAAAA' }),
  }),
  row(readFigures, 'nothing', '401 401 403 403 403 200 200 200 200 200 403 403', inPlace),
  row(desk.readRequest, 'dispatched', '401 401 403 200 404 200 200 200 200 200 404 404'),
  row(desk.findSimilar, 'dispatched', '401 401 403 200 404 200 200 200 200 200 404 404'),
  row(desk.findUsual, 'accepted', '401 401 403 404 404 200 200 403 403 403 404 404'),
  row(desk.showContact, 'dispatched', '401 401 403 200 404 200 200 403 200 403 404 404', nothing),
  row(desk.showEarlier, 'dispatched', '401 401 403 403 404 200 200 403 200 403 404 404', nothing),
  row(desk.findByPhone, 'nothing', '401 401 403 403 403 200 200 403 200 403 200 200', {
    body: () => ({ phone: '19900000009' }),
  }),
  row(desk.findAlike, 'nothing', '401 401 403 200 200 200 200 200 200 200 200 200', {
    body: (n) => ({ place: n.place, text: '路灯不亮' }),
  }),
  row(desk.suggestRedactions, 'dispatched', '401 401 403 403 404 200 200 403 403 403 404 404'),
  row(acts.accept, 'received', '401 401 403 404 404 200 200 403 403 403 404 404', nothing),
  row(acts.dispatch, 'accepted', '401 401 403 404 404 200 200 403 403 403 404 404', {
    body: (n) => ({ body: n.property }),
  }),
  row(acts.redispatch, 'returned twice', '401 401 403 404 404 200 200 403 403 403 404 404', {
    body: (n) => ({ body: n.lamps, reason: '定了' }),
  }),
  row(acts.consent, 'offered', '401 401 403 200 404 403 403 403 403 403 404 404', nothing),
  row(acts.decline, 'offered', '401 401 403 200 404 403 403 403 403 403 404 404', nothing),
  row(acts.acknowledge, 'dispatched', '401 401 403 200 404 403 403 403 403 403 404 404', nothing),
  row(acts.return, 'dispatched', '401 401 403 200 404 403 403 403 403 403 404 404', reason),
  row(acts.assist, 'acknowledged', '401 401 403 200 404 200 200 403 403 403 404 404', {
    body: (n) => ({ body: n.lamps, task: '帮一下' }),
  }),
  row(acts['answer-part'], 'assisting', '401 401 403 200 404 403 403 403 403 403 404 404', text),
  row(acts.draft, 'acknowledged', '401 401 403 200 404 403 403 403 403 403 404 404', text),
  row(acts.answer, 'acknowledged', '401 401 403 200 404 403 403 403 403 403 404 404', text),
  row(acts.explain, 'accepted', '401 401 403 404 404 200 200 403 403 403 404 404', {
    body: (n) => ({ kind: 'outside_remit', basis: n.law, text: '说明', remedy: '去那里' }),
  }),
  // Proposed by the district's dispatcher: the district's leader is of the same body.
  row(acts['agree-explanation'], 'explaining', '401 401 403 404 404 200 403 403 403 403 404 404', nothing),
  row(acts['disagree-explanation'], 'explaining', '401 401 403 404 404 200 403 403 403 200 404 404', reason),
  row(acts.extend, 'acknowledged', '401 401 403 403 404 403 403 403 403 200 404 404', {
    body: () => ({ workingDays: 3, reason: '等料' }),
  }),
  row(acts.merge, 'accepted', '401 401 403 404 404 200 200 403 403 403 404 404', {
    body: (n) => ({ into: n.target, reason: '同一件事' }),
  }),
  row(acts.link, 'accepted', '401 401 403 404 404 200 200 403 403 403 404 404', {
    body: (n) => ({ to: n.target, kind: 'same_kind' }),
  }),
  row(acts.unlink, 'accepted', '401 401 403 404 404 422 422 403 403 403 404 404', {
    body: (n) => ({ to: n.target }),
  }),
  row(acts.split, 'accepted', '401 401 403 404 404 200 200 403 403 403 404 404', {
    body: () => ({ parts: [{ title: '另一件', text: '另一件事' }], reason: '两件事' }),
  }),
  // Within the district; who transferred it still sees where it went. Beyond it, only whoever stands above both places.
  row(acts.transfer, 'accepted', '401 401 403 404 404 200 200 403 403 403 404 404', {
    body: (n) => ({ place: n.beside, reason: '在那边' }),
  }),
  row(acts.transfer, 'accepted', '401 401 403 404 404 422 422 403 403 403 404 404', {
    body: (n) => ({ place: n.other, reason: '在那边' }),
  }),
  row(acts.categorise, 'accepted', '401 401 403 404 404 200 200 403 403 403 404 404', {
    body: (n) => ({ category: n.category }),
  }),
  row(acts['set-urgency'], 'accepted', '401 401 403 404 404 200 200 403 403 403 404 404', {
    body: () => ({ urgency: 'urgent' }),
  }),
  row(acts.supervise, 'accepted', '401 401 403 404 404 403 403 200 403 200 404 404', reason),
  row(acts.note, 'dispatched', '401 401 403 200 404 200 200 200 200 200 404 404', text),
  // Nobody who took part corrects or withdraws in the resident's name: the secretary accepted it.
  row(acts.add, 'dispatched', '401 401 403 403 404 200 200 403 403 403 404 404', text),
  row(acts.correct, 'dispatched', '401 401 403 403 404 403 200 403 403 403 404 404', {
    body: () => ({ text: '写一句', reason: '因为' }),
  }),
  row(acts.withdraw, 'dispatched', '401 401 403 403 404 403 200 403 403 403 404 404', reason),
  row(desk.complainFor, 'dispatched', '401 401 403 403 404 403 201 403 403 403 404 404', {
    body: () => ({ text: '没有人来', faults: ['passive'], channel: 'phone' }),
  }),
  row(acts.reopen, 'closed', '401 401 403 403 404 200 200 403 200 403 404 404', nothing),
  row(acts['call-back'], 'drawn', '401 401 403 403 404 403 403 403 200 403 404 404', {
    body: () => ({ verdict: 'solved' }),
  }),
  row(acts['miss-call-back'], 'drawn', '401 401 403 403 404 403 403 403 200 403 404 404', nothing),
  row(acts.publish, 'permitted', '401 401 403 404 404 200 200 403 403 403 404 404', {
    body: () => ({ title: '楼下路灯不亮，晚上走路看不清。', text: '楼下路灯不亮，晚上走路看不清。' }),
  }),
  row(acts.unpublish, 'published', '401 401 403 404 404 200 200 403 403 403 404 404', {
    body: () => ({ reason: '写错了地方' }),
  }),
  row(acts['arrange-visit'], 'acknowledged', '401 401 403 200 404 403 403 403 403 403 404 404', {
    body: (n) => ({ from: n.from, until: n.until }),
  }),
  row(acts['agree-visit'], 'visit', '401 401 403 200 404 403 403 403 403 403 404 404', {
    body: (n) => ({ visit: n.visit }),
  }),
  row(acts['move-visit'], 'visit', '401 401 403 200 404 403 403 403 403 403 404 404', {
    body: (n) => ({ visit: n.visit, from: n.from, until: n.until }),
  }),
  row(acts['cancel-visit'], 'visit', '401 401 403 200 404 403 403 403 403 403 404 404', {
    body: (n) => ({ visit: n.visit }),
  }),
  row(listDrafts, 'nothing', '401 401 200 200 200 200 200 200 200 200 200 200'),
  row(saveDraft, 'draft', '401 401 200 200 200 200 200 200 200 200 200 200', { body: () => ({ text: '打到一半' }) }),
  row(dropDraft, 'draft', '401 401 404 404 404 404 404 404 404 404 404 404'),
  row(listDraftFiles, 'draft', '401 401 200 200 200 200 200 200 200 200 200 200'),
  // Who may enter is told that no file came; nobody else gets so far.
  row(addDraftFile, 'draft', '401 401 403 403 403 400 400 403 403 403 400 400', nothing),
  row(dropDraftFile, 'draft', '401 401 404 404 404 404 404 404 404 404 404 404', {
    params: (n) => ({ id: n.target, file: n.target }),
  }),
  row(listFilters, 'nothing', '401 401 403 200 200 200 200 200 200 200 200 200'),
  row(saveFilter, 'nothing', '401 401 403 200 200 200 200 200 200 200 200 200', {
    body: () => ({ name: '超期的', query: 'queue=overdue' }),
  }),
  row(dropFilter, 'draft', '401 401 403 204 204 204 204 204 204 204 204 204'),
  row(listCallBacks, 'nothing', '401 401 200 200 200 200 200 200 200 200 200 200'),

  row(bodies.listBodies, 'nothing', '401 401 403 200 200 200 200 200 200 200 200 200'),
  row(bodies.getBody, 'body', '401 401 403 200 200 200 200 200 200 200 200 200'),
  row(bodies.foundBody, 'nothing', '401 401 403 403 403 201 403 403 403 201 403 403', {
    body: (n) => ({ place: n.place, kind: 'service_team', name: '服务队' }),
  }),
  row(bodies.editBody, 'body', '401 401 403 403 403 200 403 403 403 200 403 403', { body: () => ({ name: '新名' }) }),
  row(bodies.dissolveBody, 'body', '401 401 403 403 403 200 403 403 403 200 403 403', {
    body: () => ({ basis: '文件' }),
  }),
  row(bodies.addPost, 'body', '401 401 403 403 403 201 403 403 403 201 403 403', {
    body: () => ({ title: '干事', duties: ['request.handle'] }),
  }),
  row(bodies.editPost, 'post', '401 401 403 403 403 200 403 403 403 200 403 403', { body: () => ({ title: '主任' }) }),
  row(bodies.abolishPost, 'post', '401 401 403 403 403 200 403 403 403 200 403 403', nothing),
  row(bodies.listInvitations, 'post', '401 401 403 403 403 200 403 403 403 200 403 403'),
  row(bodies.invite, 'post', '401 401 403 403 403 201 403 403 403 201 403 403', {
    body: () => ({ name: '新人', mail: 'new@example.org' }),
  }),
  row(bodies.withdrawInvitation, 'invitation', '401 401 403 404 404 200 404 404 404 200 404 404', nothing),
  row(bodies.appoint, 'post', '401 401 403 403 403 201 403 403 403 201 403 403', {
    body: (n) => ({ person: n.person }),
  }),
  row(bodies.helpIn, 'tenure', '401 401 403 403 403 200 403 403 403 200 403 403', nothing),
  row(bodies.endTenure, 'tenure', '401 401 403 403 403 200 403 403 403 200 403 403', nothing),
  row(bodies.listHolders, 'nothing', '401 401 403 200 200 200 200 200 200 200 200 200', {
    query: () => ({ search: '示例' }),
  }),
  row(bodies.listReceivers, 'nothing', '401 401 403 200 200 200 200 200 200 200 200 200', {
    query: (n) => ({ path: n.path }),
  }),
  row(bodies.listServing, 'nothing', '200 200 200 200 200 200 200 200 200 200 200 200', {
    query: (n) => ({ path: n.path }),
  }),

  row(places.placeSearch, 'nothing', '200 200 200 200 200 200 200 200 200 200 200 200', {
    query: () => ({ q: '五里' }),
  }),
  row(places.placeServedGet, 'nothing', '401 401 200 200 200 200 200 200 200 200 200 200'),
  row(places.placeNearGet, 'nothing', '401 401 200 200 200 200 200 200 200 200 200 200', {
    body: () => ({ longitude: 119.41, latitude: 32.39 }),
  }),
  row(places.placeGet, 'place', '200 200 200 200 200 200 200 200 200 200 200 200'),
  row(places.placeHistoryGet, 'place', '200 200 200 200 200 200 200 200 200 200 200 200'),
  row(places.placeCreate, 'nothing', '401 401 403 403 403 403 403 403 403 201 403 403', {
    body: (n) => ({ parent: n.place, kind: 'grid', name: '新网格' }),
  }),
  row(places.placeRename, 'place', '401 401 403 403 403 403 403 403 403 200 403 403', {
    body: () => ({ name: '改名网格' }),
  }),
  row(places.placeReshape, 'place', '401 401 403 403 403 403 403 403 403 200 403 403', {
    body: () => ({
      ring: [
        [119.4, 32.3],
        [119.5, 32.3],
        [119.5, 32.4],
      ],
    }),
  }),
  row(places.placeMove, 'place', '401 401 403 403 403 403 403 403 403 200 403 403', {
    body: (n) => ({ parent: n.target }),
  }),
  row(places.placeMerge, 'place', '401 401 403 403 403 403 403 403 403 200 403 403', {
    body: (n) => ({ into: n.target }),
  }),
  row(places.placeAbolish, 'place', '401 401 403 403 403 403 403 403 403 200 403 403', nothing),
  row(places.placeRestore, 'gone place', '401 401 403 403 403 403 403 403 403 200 403 403', nothing),

  row(settings.readValues, 'nothing', '401 401 403 200 200 200 200 200 200 200 200 200', inPlace),
  row(settings.writeValue, 'setting', '401 401 403 403 403 403 403 403 403 200 403 403', {
    ...inPlace,
    params: () => ({ name: 'call_back_share' }),
    body: () => ({ value: 0.3 }),
  }),
  row(settings.giveUpValue, 'setting', '401 401 403 403 403 403 403 403 403 200 403 403', {
    ...inPlace,
    params: () => ({ name: 'call_back_share' }),
  }),
  row(readLearned, 'nothing', '401 401 403 200 200 200 200 200 200 200 200 200', inPlace),
  row(suggestFor, 'nothing', '401 401 403 200 200 200 200 200 200 200 200 200', {
    body: (n) => ({ place: n.place, text: '路灯不亮' }),
  }),
  row(settings.categories.list, 'nothing', '401 401 403 200 200 200 200 200 200 200 200 200', inPlace),
  row(settings.categories.add, 'nothing', '401 401 403 403 403 403 403 403 403 201 403 403', {
    ...inPlace,
    body: (n) => ({ ...item.category, level3: n.id }),
  }),
  row(settings.categories.edit, 'category', '401 401 403 403 403 403 403 403 403 200 403 403', {
    body: (n) => ({ ...item.category, level3: n.id }),
  }),
  row(settings.categories.end, 'category', '401 401 403 403 403 403 403 403 403 200 403 403', nothing),
  row(settings.importCategories, 'nothing', '401 401 403 403 403 403 403 403 403 200 403 403', {
    ...inPlace,
    body: () => ({ csv: '一级,二级,三级\n环境,水,河道\n' }),
  }),
  row(settings.templates.list, 'nothing', '401 401 403 200 200 200 200 200 200 200 200 200', inPlace),
  row(settings.templates.add, 'nothing', '401 401 403 403 403 403 403 403 403 201 403 403', {
    ...inPlace,
    body: () => item.template,
  }),
  row(settings.templates.edit, 'template', '401 401 403 403 403 403 403 403 403 200 403 403', {
    body: () => item.template,
  }),
  row(settings.templates.end, 'template', '401 401 403 403 403 403 403 403 403 200 403 403', nothing),
  row(laws.laws.list, 'nothing', '401 401 403 200 200 200 200 200 200 200 200 200', inPlace),
  row(laws.getLaw, 'law', '200 200 200 200 200 200 200 200 200 200 200 200'),
  row(laws.laws.add, 'nothing', '401 401 403 403 403 403 403 403 403 201 403 403', {
    ...inPlace,
    body: () => item.law,
  }),
  row(laws.laws.edit, 'law', '401 401 403 403 403 403 403 403 403 200 403 403', { body: () => item.law }),
  row(laws.laws.end, 'law', '401 401 403 403 403 403 403 403 403 200 403 403', nothing),
] // prettier-ignore
