import { createHash } from 'node:crypto'
import { type Challenge, createChallenge, type Payload, randomInt, verifySolution } from 'altcha-lib'
import { deriveKey } from 'altcha-lib/algorithms/pbkdf2'
import { type QueryExecutorProvider, sql } from 'kysely'
import type { Encryption } from '../encryption/index.ts'
import type { Load } from './load.ts'

/** What a form sends when a proof was asked for: the solution of a challenge, or a ticket that has waited. */
export interface Proof {
  /** ALTCHA's payload: base64 of JSON {challenge, solution}. */
  altcha?: unknown
  ticket?: unknown
}

export type ProofProblem = 'floods.needed' | 'floods.wrong' | 'floods.expired' | 'floods.used' | 'floods.early'

export type Judged = { accepted: true } | { accepted: false; key: ProofProblem; retryAfterSeconds?: number }

/** A ticket for where no script runs: taken now, good after a minute. */
export interface Ticket {
  ticket: string
  goodAfterSeconds: number
}

export interface Floods {
  /** Says that one was taken in; call it for every attempt. */
  count(): void
  /** Whether forms must now bring a proof: only while the installation takes in more than people would write. */
  asked(): Promise<boolean>
  /** A challenge for a script to solve, signed, good for ten minutes and one use. */
  challenge(): Promise<Challenge>
  /** A waiting ticket, signed, good from one minute to thirty after now, for one use. Limit its handing out by address. */
  ticket(): Ticket
  /** Judges a form's proof, and uses it up when it is good. Where no proof is asked for now, everything is accepted. */
  judge(proof: Proof): Promise<Judged>
}

const challengeSeconds = 600
const waitSeconds = 60
const ticketSeconds = 1800
/** About a second of a cheap phone's work on average: 5,000 rounds a try, some tens of tries. */
const rounds = 5_000
const fewestTries = 20
const mostTries = 80

/**
 * @param threshold taken in a minute by the whole installation before proofs are asked for. A country's hotlines
 * together take a few a second, so that 300 is a flood for one installation.
 */
export function createFloods(options: {
  database: QueryExecutorProvider
  encryption: Encryption
  load: Load
  threshold?: number
  now?: () => Date
}): Floods {
  const { database, encryption, load } = options
  const threshold = options.threshold ?? 300
  const now = options.now ?? (() => new Date())
  const signature = encryption.key('floods.challenge').toString('hex')
  const keySignature = encryption.key('floods.solution').toString('hex')

  /** False where the proof has been used: the primary key decides between processes. */
  async function spend(id: string, expiresAt: Date): Promise<boolean> {
    const hash = createHash('sha256').update(id).digest()
    // Kept by the database's own clock, which need not be the one that the proof was made by.
    const seconds = Math.max(0, (expiresAt.getTime() - now().getTime()) / 1000)
    const { numAffectedRows } = await sql`
      insert into flood_pass (id, expires_at) values (${hash}, clock_timestamp() + make_interval(secs => ${seconds}::float8))
      on conflict do nothing`.execute(database)
    return Number(numAffectedRows ?? 0) === 1
  }

  async function judgeSolution(text: unknown): Promise<Judged> {
    const payload = readPayload(text)
    if (!payload) return { accepted: false, key: 'floods.wrong' }
    const { expiresAt } = payload.challenge.parameters
    // An ALTCHA challenge without end would be good for ever: ours always have one.
    if (typeof expiresAt !== 'number') return { accepted: false, key: 'floods.wrong' }
    const result = await verifySolution({
      ...payload,
      deriveKey,
      hmacSignatureSecret: signature,
      hmacKeySignatureSecret: keySignature,
    }).catch(() => null)
    if (result?.expired || expiresAt * 1000 < now().getTime()) return { accepted: false, key: 'floods.expired' }
    if (!result?.verified) return { accepted: false, key: 'floods.wrong' }
    const fresh = await spend(`challenge ${payload.challenge.parameters.nonce}`, new Date(expiresAt * 1000 + 60_000))
    return fresh ? { accepted: true } : { accepted: false, key: 'floods.used' }
  }

  async function judgeTicket(text: unknown): Promise<Judged> {
    const parts = typeof text === 'string' ? /^([A-Za-z0-9_-]{22})\.(\d{10})\.([A-Za-z0-9_-]{43})$/.exec(text) : null
    const [, id, taken, signed] = parts ?? []
    if (!id || !taken || !signed || !encryption.isSigned('floods.ticket', `${id}.${taken}`, signed)) {
      return { accepted: false, key: 'floods.wrong' }
    }
    const age = now().getTime() / 1000 - Number(taken)
    // Taken ahead of now: the clock was set back, and its minute would be hours away.
    if (age < -waitSeconds) return { accepted: false, key: 'floods.expired' }
    if (age < waitSeconds) {
      return { accepted: false, key: 'floods.early', retryAfterSeconds: Math.ceil(waitSeconds - age) }
    }
    if (age > ticketSeconds) return { accepted: false, key: 'floods.expired' }
    const fresh = await spend(`ticket ${id}`, new Date((Number(taken) + ticketSeconds + 60) * 1000))
    return fresh ? { accepted: true } : { accepted: false, key: 'floods.used' }
  }

  const asked = async () => (await load.perMinute()) > threshold

  return {
    count: () => load.count(),
    asked,
    challenge: () =>
      createChallenge({
        algorithm: 'PBKDF2/SHA-256',
        cost: rounds,
        counter: randomInt(mostTries, fewestTries),
        deriveKey,
        expiresAt: new Date(now().getTime() + challengeSeconds * 1000),
        hmacSignatureSecret: signature,
        hmacKeySignatureSecret: keySignature,
      }),
    ticket() {
      const id = encryption.sign('floods.ticket.id', crypto.randomUUID()).slice(0, 22)
      const taken = String(Math.floor(now().getTime() / 1000))
      return {
        ticket: `${id}.${taken}.${encryption.sign('floods.ticket', `${id}.${taken}`)}`,
        goodAfterSeconds: waitSeconds,
      }
    },
    async judge(proof) {
      if (!(await asked())) return { accepted: true }
      if (proof.altcha !== undefined && proof.altcha !== '') return judgeSolution(proof.altcha)
      if (proof.ticket !== undefined && proof.ticket !== '') return judgeTicket(proof.ticket)
      return { accepted: false, key: 'floods.needed' }
    },
  }
}

function readPayload(text: unknown): Payload | null {
  if (typeof text !== 'string' || text.length > 4000) return null
  try {
    const value: unknown = JSON.parse(Buffer.from(text, 'base64').toString('utf8'))
    if (!isObject(value) || !isObject(value.challenge) || !isObject(value.challenge.parameters)) return null
    if (!isObject(value.solution) || typeof value.challenge.parameters.nonce !== 'string') return null
    return value as unknown as Payload
  } catch {
    return null
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
