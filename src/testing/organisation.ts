// A small organisation for tests: a district with one subdistrict and two communities, another district, and people in posts
// with sessions of their own. Made by the owner of the tables; sessions are real ones.
import { newId } from '#kernel/database/identifiers.ts'
import type { BodyKind, Duty } from '#organise/bodies/duties.ts'
import { filledTables, putRows, takeRows } from './rows.ts'
import type { TestServer } from './server.ts'

const places = {
  province: ['province', '江苏省', '江苏', '32/', '32'],
  city: ['city', '扬州市', '扬州', '32/10/', '3210'],
  district: ['district', '邗江区', '邗江', '32/10/03/', '321003'],
  subdistrict: ['subdistrict', '邗上街道', '邗上', '32/10/03/001/', '321003001'],
  community: ['community', '五里社区', '五里', '32/10/03/001/001/', '321003001001'],
  besideCommunity: ['community', '兰苑社区', '兰苑', '32/10/03/001/002/', '321003001002'],
  grid: ['grid', '第一网格', '第一网格', '32/10/03/001/001/g01/', null],
  otherDistrict: ['district', '广陵区', '广陵', '32/10/02/', '321002'],
  otherSubdistrict: ['subdistrict', '东关街道', '东关', '32/10/02/001/', '321002001'],
  otherCommunity: ['community', '琼花社区', '琼花', '32/10/02/001/001/', '321002001001'],
} as const
type PlaceName = keyof typeof places

const bodies = {
  government: ['district_government', 'district', '邗江区治理中心'],
  lamps: ['department', 'district', '路灯管理所'],
  office: ['subdistrict_office', 'subdistrict', '邗上街道办事处'],
  overseers: ['supervision_committee', 'subdistrict', '邗上街道监督委员会'],
  committee: ['residents_committee', 'community', '五里社区居委会'],
  grid: ['grid', 'grid', '五里第一网格'],
  property: ['property_manager', 'community', '五里物业'],
  otherProperty: ['property_manager', 'community', '五里东区物业'],
  group: ['residents_group', 'community', '五里居民小组'],
  besideCommittee: ['residents_committee', 'besideCommunity', '兰苑社区居委会'],
  otherOffice: ['subdistrict_office', 'otherSubdistrict', '东关街道办事处'],
} as const satisfies Record<string, readonly [BodyKind, PlaceName, string]>
type BodyName = keyof typeof bodies

const dispatching: readonly Duty[] = [
  'request.enter',
  'request.read',
  'request.contact',
  'request.accept',
  'request.dispatch',
  'request.publish',
]

/** Everybody who holds a post: body, title, head of the body, duties. */
const posts = {
  leader: [
    'government',
    '区领导',
    true,
    [
      'request.read',
      'request.agree',
      'request.extend',
      'request.supervise',
      'judgement.read',
      'ledger.read',
      'post.appoint',
      'body.edit',
      'place.edit',
      'place.settings',
    ],
  ],
  districtDispatcher: ['government', '区派单员', false, dispatching],
  lampKeeper: ['lamps', '所长', true, ['request.handle']],
  supervisor: ['office', '督查专员', false, ['request.read', 'request.supervise', 'judgement.read', 'ledger.read']],
  officeHead: ['office', '办事处负责人', true, ['request.read', 'request.agree', 'request.extend']],
  dispatcher: ['office', '派单员', false, dispatching],
  caller: ['office', '回访员', false, ['request.read', 'request.contact', 'request.callback']],
  overseer: ['overseers', '监督委员会主任', true, ['request.read', 'judgement.read', 'ledger.read']],
  secretary: [
    'committee',
    '社区书记',
    true,
    [...dispatching, 'request.handle', 'request.agree', 'post.appoint', 'body.edit'],
  ],
  gridWorker: ['grid', '网格员', false, ['request.enter', 'request.handle']],
  manager: ['property', '物业经理', true, ['request.handle']],
  hand: ['property', '物业经办人', false, ['request.handle']],
  otherManager: ['otherProperty', '东区物业经理', true, ['request.handle']],
  convener: ['group', '召集人', true, ['request.handle']],
  besideSecretary: ['besideCommittee', '兰苑书记', true, [...dispatching, 'request.handle', 'request.agree']],
  stranger: [
    'otherOffice',
    '外区负责人',
    true,
    [
      ...dispatching,
      'request.handle',
      'request.agree',
      'request.extend',
      'request.supervise',
      'request.callback',
      'judgement.read',
      'ledger.read',
      'post.appoint',
      'body.edit',
      'place.edit',
      'place.settings',
    ],
  ],
} as const satisfies Record<string, readonly [BodyName, string, boolean, readonly Duty[]]>
export type StaffRole = keyof typeof posts

export const staffRoles = Object.keys(posts) as StaffRole[]

export interface Member {
  readonly person: string
  readonly user: string
  readonly name: string
  /** The `Cookie` header of an open session. */
  readonly cookie: string
}
export interface Staff extends Member {
  readonly tenure: string
  readonly post: string
  readonly body: string
}

export interface Organisation {
  readonly places: Readonly<Record<PlaceName, { readonly id: string; readonly path: string; readonly name: string }>>
  readonly bodies: Readonly<Record<BodyName, string>>
  readonly staff: Readonly<Record<StaffRole, Staff>>
  readonly resident: Member
  readonly neighbour: Member
  readonly category: string
  readonly law: string
}

const password = 'pine green on rice paper'
const visitor = { address: '127.0.0.1', headers: { 'user-agent': 'test' } }
const cookieOf = (lines: readonly string[]): string => lines.map((line) => line.split(';')[0]).join('; ')

/** What the first file of this process made: every later one is given the same rows, as hashing the passwords takes seconds. */
let made: { readonly organisation: Organisation; readonly rows: ReadonlyMap<string, string> } | null = null

/** Puts the whole organisation into a database in which nobody is yet. */
export async function makeOrganisation(server: TestServer): Promise<Organisation> {
  if (made) {
    await putRows(server.superuser, made.rows)
    return made.organisation
  }
  const before = await filledTables(server.superuser)
  const organisation = await foundOrganisation(server)
  const filled = (await filledTables(server.superuser)).filter((name) => !before.includes(name))
  made = { organisation, rows: await takeRows(server.superuser, filled) }
  return organisation
}

async function foundOrganisation(server: TestServer): Promise<Organisation> {
  const { owner } = server.database
  const run = (text: string, values: unknown[]) => owner.pool.query(text, values)

  const placed = {} as Record<PlaceName, { id: string; path: string; name: string }>
  for (const [key, [kind, name, short, path, code]] of Object.entries(places)) {
    const id = newId()
    const above = Object.values(placed)
      .filter((other) => path.startsWith(other.path))
      .sort((a, b) => b.path.length - a.path.length)[0]
    await run(
      'insert into place (id, code, kind, name, short_name, path, parent_id) values ($1, $2, $3, $4, $5, $6, $7)',
      [id, code, kind, name, short, path, above?.id ?? null],
    )
    placed[key as PlaceName] = { id, path, name }
  }
  const founded = {} as Record<BodyName, string>
  for (const [key, [kind, place, name]] of Object.entries(bodies)) {
    const id = newId()
    const { id: at, path } = placed[place]
    await run('insert into body (id, kind, name, place, path) values ($1, $2, $3, $4, $5)', [id, kind, name, at, path])
    founded[key as BodyName] = id
  }
  const staff = {} as Record<StaffRole, Staff>
  for (const [key, [body, title, head, duties]] of Object.entries(posts)) {
    const post = newId()
    await run('insert into post (id, body, title, duties, is_head) values ($1, $2, $3, $4, $5)', [
      post,
      founded[body],
      title,
      duties,
      head,
    ])
    const name = `示例·${title}`
    const member = await signInStaff(server, `${key.toLowerCase()}@example.org`, name)
    const tenure = newId()
    await run(
      `insert into tenure (id, post, seat, person, holder_name, during) values ($1, $2, 1, $3, $4, tstzrange(now() - interval '1 day', null))`,
      [tenure, post, member.person, name],
    )
    staff[key as StaffRole] = { ...member, tenure, post, body: founded[body] }
  }
  const category = newId()
  await run(
    `insert into category (id, path, code, level1, level2, level3, promised_days) values ($1, $2, 'lamps', '城市管理', '公用设施', '路灯', 5)`,
    [category, placed.district.path],
  )
  const law = newId()
  await run(
    `insert into law (id, path, kind, name, article, plain) values ($1, $2, 'rule', '示例办法', '第一条', '示例')`,
    [law, placed.district.path],
  )
  return {
    places: placed,
    bodies: founded,
    staff,
    resident: await signInResident(server, '13800000001'),
    neighbour: await signInResident(server, '13800000002'),
    category,
    law,
  }
}

async function personOf(server: TestServer, user: string, cookies: readonly string[], name: string): Promise<Member> {
  const person = await server.one<string>('select id from person where auth_user = $1', [user])
  if (!person) throw new Error('the sign-in made no person')
  await server.database.owner.pool.query('update person set name = $2 where id = $1', [person, name])
  return { person, user, name, cookie: cookieOf(cookies) }
}

/** An account by invitation and password, signed in. */
export async function signInStaff(server: TestServer, email: string, name: string): Promise<Member> {
  const { sessions } = server.kernel
  const { token } = await sessions.createInvitation({ reference: `test:${email}` })
  const accepted = await sessions.acceptInvitation(token, { email, password, ...visitor })
  if (!accepted.ok) throw new Error(accepted.key)
  return personOf(server, accepted.userId, accepted.cookies, name)
}

/** An account by phone and code, signed in. */
export async function signInResident(server: TestServer, phone: string): Promise<Member> {
  const { sessions, outbox } = server.kernel
  const started = await sessions.startPhone({ phone, language: 'zh-CN', ...visitor })
  if (!started.ok) throw new Error(started.key)
  const message = (await outbox.listReadableMessages()).find((each) => each.to.endsWith(phone))
  const code = /\d{6}/.exec(message?.text ?? '')?.[0]
  if (!code) throw new Error('no code was sent')
  const signedIn = await sessions.finishPhone({ phone, code, challenge: started.challenge, ...visitor })
  if (!signedIn.ok) throw new Error(signedIn.key)
  return personOf(server, signedIn.userId, signedIn.cookies, `示例·居民${phone.slice(-1)}`)
}
