// What the tests of this room share: a database, a roof that can be away, and ways to sign in.
import { afterEach, beforeEach, expect, vi } from 'vitest'
import { settableClock } from '#kernel/clock/index.ts'
import { testDatabase } from '#testing/database.ts'
import { createSessions, type NewUser, type SecurityNotice, type Sessions, type SignedIn } from './index.ts'

export const database = await testDatabase()
export const { authUrl, ownerUrl } = database
export const phone = '13812345678'
export const strong = 'pine green on rice paper'
export const clock = settableClock(new Date())
export const sent: { to: string; code: string; language: string }[] = []
export const users: NewUser[] = []
export const taken: { name: string; key: string }[] = []
export const givenBack: { name: string; key: string }[] = []
export const closedLimits = new Set<string>()
export const told: SecurityNotice[] = []
export const roof = { fails: false }
export let sessions: Sessions

export const make = (changes: Partial<Parameters<typeof createSessions>[0]> = {}) =>
  createSessions({
    authUrl,
    secret: Buffer.alloc(32, 7),
    publicUrl: 'http://127.0.0.1:3161',
    clock,
    takeLimit: async (name, key) => {
      taken.push({ name, key })
      return closedLimits.has(name)
        ? { allowed: false, retryAfterSeconds: 77 }
        : { allowed: true, retryAfterSeconds: 0 }
    },
    giveBackLimit: async (name, key) => void givenBack.push({ name, key }),
    sendCode: async (message) => void sent.push(message),
    onUserCreated: async (user) => {
      if (roof.fails) throw new Error('the roof is away')
      users.push(user)
    },
    onSecurityChange: async (notice) => {
      if (roof.fails) throw new Error('the roof is away')
      told.push(notice)
    },
    ...changes,
  })

beforeEach(() => {
  clock.set(new Date())
  for (const list of [sent, users, taken, givenBack, told]) list.length = 0
  closedLimits.clear()
  roof.fails = false
  sessions = make()
})

afterEach(async () => {
  vi.useRealTimers()
  await sessions.close()
})

const firefox = 'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0'
export const visitor = (cookies: string[] = [], agent = firefox) => ({
  address: '192.0.2.7',
  headers: { 'user-agent': agent, cookie: cookies.map((line) => line.split(';')[0]).join('; ') },
})
export const row = async (text: string, values: unknown[] = []) => (await database.owner.pool.query(text, values)).rows
export const code = () => sent.at(-1)?.code ?? ''
export const wrong = () => String((Number(code()) + 1) % 1_000_000).padStart(6, '0')
/** What the last browser that asked for a code holds. */
export const held = { challenge: '' }
export async function start(number = phone, from = visitor()) {
  const answer = await sessions.startPhone({ phone: number, language: 'zh-CN', ...from })
  if (answer.ok) held.challenge = answer.challenge
  return answer
}
export const finish = (typed: string, number = phone, from = visitor(), challenge = held.challenge) =>
  sessions.finishPhone({ phone: number, code: typed, challenge, ...from })

/** Opens every connection, so that what is sent at once also runs at once. */
export const warm = () => Promise.all(Array.from({ length: 16 }, () => sessions.readInvitation('none')))

export async function signedIn(work: Promise<{ ok: boolean }>): Promise<SignedIn> {
  const answer = await work
  expect(answer).toMatchObject({ ok: true })
  return answer as unknown as SignedIn
}
export async function resident(number = phone, from = visitor()): Promise<SignedIn> {
  await start(number)
  return signedIn(finish(code(), number, from))
}
export async function staff(email = 'li@example.org', reference = 'person-1'): Promise<SignedIn> {
  const { token } = await sessions.createInvitation({ reference })
  return signedIn(sessions.acceptInvitation(token, { email, password: strong, ...visitor() }))
}
