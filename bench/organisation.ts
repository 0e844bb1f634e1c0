// A whole district that can be asked: a body at every level and in every community, posts with holders, and some of them signed in.

import { startKernel } from '#app/kernel.ts'
import { registerAllWords } from '#app/words.ts'
import type { Config } from '#kernel/config/index.ts'
import { newId } from '#kernel/database/identifiers.ts'
import { type Database, openDatabase } from '#kernel/database/index.ts'
import type { Duty } from '#organise/bodies/duties.ts'

/** Of the whole country's places, the district where the bench lives: 邗江. */
export const districtPath = '32/10/03/'

export interface Community {
  readonly id: string
  readonly path: string
  readonly committee: string
  /** The tenure of whoever accepts and dispatches there. */
  readonly secretary: string
  readonly unit: string
  readonly manager: string
}

export interface Organisation {
  readonly communities: readonly Community[]
  readonly categories: readonly string[]
  /** Cookies of those signed in: a dispatcher of a subdistrict, secretaries of communities, a leader of the district. */
  readonly cookies: {
    readonly secretaries: string[]
    readonly dispatchers: string[]
    readonly leaders: string[]
    /** Where a whole province is loaded: those who lead it. */
    readonly provinces?: string[]
  }
  /** Every so manieth community has a secretary who is signed in; 16 unless told. */
  readonly every?: number
}

export const reading: readonly Duty[] = [
  'request.enter',
  'request.read',
  'request.contact',
  'request.accept',
  'request.dispatch',
  'request.publish',
]
export const leading: readonly Duty[] = [
  'request.read',
  'request.agree',
  'request.extend',
  'request.supervise',
  'judgement.read',
  'ledger.read',
  'place.edit',
]

/** Makes it, as owner of the tables; sessions are real ones of the real sign-in. */
export async function makeOrganisation(config: Config): Promise<Organisation> {
  await registerAllWords()
  const kernel = await startKernel(config)
  const owner = openDatabase(config.ownerUrl, { connections: 2, statementSeconds: 0, name: 'linli bench' })
  try {
    const { rows: places } = await owner.pool.query<{ id: string; path: string; kind: string; name: string }>(
      `select id, path, kind, name from place where path >= $1 and path < $1 || '~' order by path`,
      [districtPath],
    )
    const cookies = { secretaries: [] as string[], dispatchers: [] as string[], leaders: [] as string[] }
    const communities: Community[] = []
    for (const place of places) {
      if (place.kind === 'district') {
        const body = await found(owner, 'district_government', place, `${place.name}治理中心`)
        for (let index = 0; index < 2; index += 1)
          cookies.leaders.push(
            await signIn(kernel, owner, (await appoint(owner, body, `负责人${index}`, leading)).person),
          )
      } else if (place.kind === 'subdistrict') {
        const body = await found(owner, 'subdistrict_office', place, `${place.name}办事处`)
        const { person } = await appoint(owner, body, '派单员', reading)
        if (cookies.dispatchers.length < 6) cookies.dispatchers.push(await signIn(kernel, owner, person))
      } else if (place.kind === 'community') {
        const committee = await found(owner, 'residents_committee', place, `${place.name}`)
        const secretary = await appoint(owner, committee, '书记', [...reading, 'request.handle', 'request.agree'])
        const unit = await found(owner, 'property_manager', place, `${place.name}物业`)
        const manager = await appoint(owner, unit, '经理', ['request.handle'])
        communities.push({ ...place, committee, secretary: secretary.tenure, unit, manager: manager.tenure })
        if (communities.length % 16 === 1) cookies.secretaries.push(await signIn(kernel, owner, secretary.person))
      }
    }
    const categories: string[] = []
    for (let index = 0; index < 60; index += 1) {
      const id = newId()
      await owner.pool.query(
        'insert into category (id, path, code, level1, level2, level3, promised_days) values ($1, $2, $3, $4, $5, $6, 5)',
        [id, districtPath, `c${index}`, `类${index % 6}`, `项${index % 20}`, `目${index}`],
      )
      categories.push(id)
    }
    return { communities, categories, cookies }
  } finally {
    await owner.close()
    await kernel.stop()
  }
}

async function found(
  owner: Database,
  kind: string,
  place: { id: string; path: string },
  name: string,
): Promise<string> {
  const id = newId()
  await owner.pool.query('insert into body (id, kind, name, place, path) values ($1, $2, $3, $4, $5)', [
    id,
    kind,
    name,
    place.id,
    place.path,
  ])
  return id
}

async function appoint(owner: Database, body: string, title: string, duties: readonly Duty[]) {
  const [post, person, tenure] = [newId(), newId(), newId()]
  await owner.pool.query('insert into post (id, body, title, duties, is_head) values ($1, $2, $3, $4, true)', [
    post,
    body,
    title,
    duties,
  ])
  await owner.pool.query('insert into person (id, name) values ($1, $2)', [person, `示例·${title}`])
  await owner.pool.query(
    `insert into tenure (id, post, seat, person, holder_name, during) values ($1, $2, 1, $3, $4, tstzrange(now() - interval '4 years', null))`,
    [tenure, post, person, `示例·${title}`],
  )
  return { person, tenure }
}

const device = { address: '127.0.0.1', headers: { 'user-agent': 'bench' } }

/** An account by invitation and password for a person who holds a post. @returns the `Cookie` header of its session */
export async function signIn(
  kernel: Awaited<ReturnType<typeof startKernel>>,
  owner: Database,
  person: string,
): Promise<string> {
  const email = `p${person.slice(-12)}@example.org`
  const { token } = await kernel.sessions.createInvitation({ reference: `bench:${person}` })
  const accepted = await kernel.sessions.acceptInvitation(token, {
    email,
    password: 'rice paper and pine green',
    ...device,
  })
  if (!accepted.ok) throw new Error(accepted.key)
  // Signing up made a person of its own; the account belongs to the holder of the post.
  await owner.pool.query('update person set auth_user = null where auth_user = $1', [accepted.userId])
  await owner.pool.query('update person set auth_user = $2 where id = $1', [person, accepted.userId])
  return accepted.cookies.map((line) => line.split(';')[0]).join('; ')
}
