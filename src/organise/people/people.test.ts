import { randomBytes } from 'node:crypto'
import { beforeEach, expect, test } from 'vitest'
import { type Act, enter, logReading } from '#kernel/access/index.ts'
import { newId } from '#kernel/database/identifiers.ts'
import { createEncryption } from '#kernel/encryption/index.ts'
import { record } from '#kernel/ledger/index.ts'
import { registerPersonalData } from '#kernel/privacy/index.ts'
import { registerWords } from '#kernel/words/index.ts'
import { testDatabase } from '#testing/database.ts'
import {
  copyOfMyData,
  correctMyself,
  deleteMyself,
  heldAboutMe,
  myself,
  peopleData,
  personForUser,
  whoLooked,
} from './index.ts'
import { erase } from './people.jobs.ts'
import { peopleWords } from './people.words.ts'

const database = await testDatabase()
const encryption = createEncryption(randomBytes(32))
const owner = database.owner.pool
registerWords(peopleWords)
registerPersonalData(peopleData(encryption))

async function signIn(user: string): Promise<void> {
  await owner.query(
    `insert into auth."user" (id, name, email, "emailVerified", attached, "createdAt", "updatedAt")
     values ($1, 'u', $1 || '@users.invalid', false, true, now(), now())`,
    [user],
  )
  await owner.query(
    `insert into auth.session (id, token, "userId", "expiresAt", "createdAt", "updatedAt")
     values ($1, $1, $1, now() + interval '1 day', now(), now())`,
    [user],
  )
}

const as = <T>(user: string | null, work: (act: Act) => Promise<T>): Promise<T> =>
  enter(database.app, { session: user }, { now: new Date(), language: 'zh-CN' }, work)

const removed: string[] = []
const kernel = {
  jobsDatabase: database.jobs,
  clock: { now: () => new Date() },
  sessions: {
    endSessionsOf: async () => undefined,
    removeUser: async (user: string) => void removed.push(user),
  },
} as unknown as Parameters<typeof erase>[0]

let resident: string
beforeEach(async () => {
  await signIn('resident')
  await signIn('worker')
  resident = await personForUser(database.jobs.sql, encryption, {
    userId: 'resident',
    name: '甲',
    phone: '138 0013 8000',
    mail: 'a@example.org',
  })
})

/** A worker with a post that reads contacts, who reads the resident's. */
async function readByWorker(): Promise<string> {
  const worker = await personForUser(database.jobs.sql, encryption, { userId: 'worker', name: '乙' })
  const [place, body, post] = [newId(), newId(), newId()]
  await owner.query(
    `insert into place (id, code, kind, name, short_name, path) values ($1, '321003001', 'subdistrict', '乙街道', '乙', '32/10/03/001/')`,
    [place],
  )
  await owner.query(
    `insert into body (id, kind, name, place, path) values ($1, 'subdistrict_office', '乙办事处', $2, '32/10/03/001/')`,
    [body, place],
  )
  await owner.query("insert into post (id, body, title, duties) values ($1, $2, '接线员', '{request.contact}')", [
    post,
    body,
  ])
  await owner.query(
    `insert into tenure (id, post, seat, person, holder_name, during) values ($1, $2, 1, $3, '乙某', tstzrange(now() - interval '1 day', null))`,
    [newId(), post, worker],
  )
  await as('worker', (act) =>
    logReading(act, {
      subjectPerson: resident,
      subjectRecord: newId(),
      recordKind: 'request',
      what: 'contact',
      purpose: '回电',
    }),
  )
  return worker
}

test('the same account is the same person, and the phone is sealed', async () => {
  const again = await personForUser(database.jobs.sql, encryption, { userId: 'resident' })
  expect(again).toBe(resident)
  expect(await as('resident', (act) => myself(act, encryption))).toMatchObject({
    phone: '+8613800138000',
    mail: 'a@example.org',
  })
  const { rows } = await owner.query('select * from person')
  expect(JSON.stringify(rows)).not.toContain('13800138000')
})

test('the application neither ties accounts to people nor learns from it which are known', async () => {
  for (const by of [null, 'worker'])
    await expect(
      as(by, (act) => personForUser(act.sql, encryption, { userId: 'resident', phone: '138 0013 8000' })),
    ).rejects.toMatchObject({ code: '42501' })
})

test('whoever was known by a number alone is the one who proves it', async () => {
  const known = { userId: 'later', phone: '139 0013 9000' }
  const before = await personForUser(database.jobs.sql, encryption, known)
  await owner.query('update person set auth_user = null where id = $1', [before])
  expect(await personForUser(database.jobs.sql, encryption, { ...known, userId: 'worker' })).toBe(before)
  expect((await as('worker', (act) => myself(act, encryption))).phone).toBe('+8613900139000')
})

test('nobody sees another person, or who looked at them', async () => {
  await readByWorker()
  await expect(as(null, (act) => myself(act, encryption))).rejects.toMatchObject({ status: 401 })
  expect((await as('worker', (act) => act.client.query('select from person where id = $1', [resident]))).rowCount).toBe(
    0,
  )
  expect((await as('worker', (act) => whoLooked(act))).looked).toEqual([])
  expect((await as(null, (act) => act.client.query('select from access.log'))).rowCount).toBe(0)
})

test('the person sees who looked: name, post, body, purpose', async () => {
  await readByWorker()
  expect(await as('resident', (act) => whoLooked(act))).toMatchObject({
    looked: [{ name: '乙某', post: '接线员', body: '乙办事处', what: 'contact', purpose: '回电' }],
    next: null,
  })
})

test('who looked is read on where a page ends, and the last page says so', async () => {
  await readByWorker()
  await as('worker', (act) =>
    logReading(act, { subjectPerson: resident, subjectRecord: newId(), recordKind: 'request', what: 'body' }),
  )
  const [newest, oldest] = (await as('resident', (act) => whoLooked(act))).looked
  const first = await as('resident', (act) => whoLooked(act, null, 1))
  expect([first.looked, first.next]).toEqual([[newest], newest?.id])
  expect(await as('resident', (act) => whoLooked(act, first.next, 1))).toEqual({ looked: [oldest], next: null })
})

test('a job to erase somebody who is not there does nothing, and nothing is written of it', async () => {
  await erase(kernel, newId())
  expect((await owner.query("select from ledger.act where kind = 'person.erased'")).rowCount).toBe(0)
})

test('corrects, from the version that was seen', async () => {
  const corrected = await as('resident', (act) => correctMyself(act, encryption, 1, { name: '甲甲', language: 'en' }))
  expect(corrected).toMatchObject({ name: '甲甲', language: 'en', version: 2 })
  await expect(as('resident', (act) => correctMyself(act, encryption, 1, { name: '丙' }))).rejects.toMatchObject({
    status: 412,
    extra: { current: { name: '甲甲' } },
  })
})

test('a copy to take along, for machines and for people', async () => {
  await readByWorker()
  const copy = await as('resident', (act) => copyOfMyData(act))
  expect(JSON.parse(copy.json)).toMatchObject({
    format: 'linli-my-data',
    sections: [{ room: 'people' }, { room: 'people' }],
  })
  expect(copy.text).toContain('138 0013 8000')
  expect(copy.text).toContain('乙办事处')
})

test('deletes: the row is emptied, the salts go, the register stays whole; one who holds a post leaves it first', async () => {
  await readByWorker()
  const jobs: unknown[] = []
  const asked = { jobs: { enqueue: async (...given: unknown[]) => void jobs.push(given[2]) }, encryption } as never
  const leaving = () => as('worker', (act) => deleteMyself(act, asked))
  await expect(leaving()).rejects.toMatchObject({ status: 409, key: 'people.refused.holds-post' })
  await owner.query("update tenure set during = tstzrange(lower(during), now() + interval '1 day')")
  await expect(leaving()).rejects.toMatchObject({ status: 409, key: 'people.refused.holds-post' })
  expect((await as('worker', (act) => heldAboutMe(act))).hindrance).toBe('people.refused.holds-post')
  await as('resident', (act) => record(act, { kind: 'test', record: resident, path: null, personal: { words: '话' } }))
  const { stays } = await as('resident', (act) => deleteMyself(act, asked))
  expect(stays).toContain('people.stays.ledger')
  expect(jobs).toEqual([{ person: resident }])
  await erase(kernel, resident)
  await erase(kernel, resident)
  expect(removed).toEqual(['resident'])
  const { rows } = await owner.query('select * from person where id = $1', [resident])
  expect(rows[0]).toMatchObject({
    name: null,
    phone_encrypted: null,
    phone_index: null,
    mail_encrypted: null,
    auth_user: null,
  })
  expect((await owner.query('select from ledger.salt')).rowCount).toBe(0)
  const acts = await owner.query('select kind from ledger.act order by id')
  expect(acts.rows.map(({ kind }) => kind)).toEqual(['test', 'person.deletion-asked', 'person.erased'])
  expect(await as('resident', async (act) => act.actor.person)).toBeNull()
})
