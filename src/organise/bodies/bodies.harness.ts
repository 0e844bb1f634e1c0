// What the tests of this room share: four places, people with open sessions, bodies, posts and tenures as they stand in the tables.
import { randomBytes } from 'node:crypto'
import { beforeEach } from 'vitest'
import { type Act, enter } from '#kernel/access/index.ts'
import { newId } from '#kernel/database/identifiers.ts'
import { createEncryption } from '#kernel/encryption/index.ts'
import { testDatabase } from '#testing/database.ts'

export const database = await testDatabase()
export const encryption = createEncryption(randomBytes(32))
export const owner = database.owner.pool

export const district = { id: newId(), path: '32/10/03/' }
export const subdistrict = { id: newId(), path: '32/10/03/001/' }
export const community = { id: newId(), path: '32/10/03/001/001/' }
export const elsewhere = { id: newId(), path: '32/10/03/002/' }

/** A person with an open session; the token is the person's id. */
export async function person(name: string): Promise<string> {
  const id = newId()
  await owner.query('insert into person (id, auth_user, name) values ($1, $2, $3)', [id, `user-${id}`, name])
  await openSession(`user-${id}`, id)
  return id
}

export async function openSession(user: string, token: string): Promise<void> {
  await owner.query(
    `insert into auth."user" (id, name, email, "emailVerified", attached, "createdAt", "updatedAt")
     values ($1, 'u', $1 || '@users.invalid', false, true, now(), now()) on conflict do nothing`,
    [user],
  )
  await owner.query(
    `insert into auth.session (id, token, "userId", "expiresAt", "createdAt", "updatedAt")
     values ($2, $2, $1, now() + interval '1 day', now(), now())`,
    [user, token],
  )
}

export async function body(
  place: { id: string; path: string },
  kind = 'subdistrict_office',
  name = '甲办事处',
): Promise<string> {
  const id = newId()
  await owner.query('insert into body (id, kind, name, place, path) values ($1, $2, $3, $4, $5)', [
    id,
    kind,
    name,
    place.id,
    place.path,
  ])
  return id
}

export async function post(of: string, held: readonly string[], seats = 1, shown = false): Promise<string> {
  const id = newId()
  await owner.query('insert into post (id, body, title, duties, seats, shown) values ($1, $2, $3, $4, $5, $6)', [
    id,
    of,
    '岗位',
    held,
    seats,
    shown,
  ])
  return id
}

export async function tenure(of: string, who: string, seat = 1): Promise<string> {
  const id = newId()
  await owner.query(
    `insert into tenure (id, post, seat, person, holder_name, during) values ($1, $2, $3, $4, '某人', tstzrange(now() - interval '1 day', null))`,
    [id, of, seat, who],
  )
  return id
}

export const as = <T>(who: string | null, work: (act: Act) => Promise<T>): Promise<T> =>
  enter(database.app, { session: who }, { now: new Date(), language: 'zh-CN' }, work)

export const quietOutbox = { channels: { mail: false }, queueMessage: async () => null }
export const doors = { publicUrl: 'http://127.0.0.1:3180', encryption, outbox: quietOutbox }

beforeEach(async () => {
  for (const [place, code, kind, name] of [
    [district, '321003', 'district', '甲区'],
    [subdistrict, '321003001', 'subdistrict', '乙街道'],
    [community, '321003001001', 'community', '丙社区'],
    [elsewhere, '321003002', 'subdistrict', '丁街道'],
  ] as const) {
    await owner.query('insert into place (id, code, kind, name, short_name, path) values ($1, $2, $3, $4, $4, $5)', [
      place.id,
      code,
      kind,
      name,
      place.path,
    ])
  }
})

/** An appointer at the subdistrict, and a post in the community with two seats. */
export async function setting() {
  const lead = await person('甲')
  const office = await body(subdistrict)
  const leadPost = await post(office, ['post.appoint', 'body.edit'])
  const leadTenure = await tenure(leadPost, lead)
  const committee = await body(community, 'residents_committee', '丙居委会')
  const worker = await post(committee, ['request.accept', 'request.read'], 2, true)
  return { lead, office, leadPost, leadTenure, committee, worker }
}
