// Who has it and where it goes: dispatch, return, assist, merge, split, transfer, reopen.
import { sql } from 'kysely'
import type { Act } from '#kernel/access/index.ts'
import { newId, timeOfId } from '#kernel/database/identifiers.ts'
import { Refusal } from '#kernel/http/refusal.ts'
import type { Kernel } from '#kernel/kernel.ts'
import { record } from '#kernel/ledger/index.ts'
import { firstReceiver } from '#organise/bodies/index.ts'
import { depthOf, pathAt } from '#organise/places/index.ts'
import { insertRequest, takeNumber } from '../filing.store.ts'
import { surroundingsAt } from '../reading/surroundings.ts'
import type { ActBody } from '../requests.acts.api.ts'
import { isHeld, levelUp, sharedClock } from '../requests.rules.ts'
import { districtOf, holdRequest, type LoadedRequest, loadRequest } from '../requests.store.ts'
import { columnsOf, insertPart } from '../writing.store.ts'
import { receiverBody } from './bodies.ts'
import { enqueueTimer } from './file.ts'
import { partToken } from './link.ts'
import { type Performance, perform } from './perform.ts'

export async function dispatch(
  act: Act,
  kernel: Kernel,
  id: string,
  body: ActBody<'dispatch'>,
  version: number | null,
): Promise<Performance> {
  const to = await receiverBody(act, body.body)
  return perform(
    act,
    kernel,
    id,
    { act: 'dispatch', to },
    { ask: body.task ?? null, text: body.task ?? null },
    { version },
  )
}

export async function redispatch(
  act: Act,
  kernel: Kernel,
  id: string,
  body: ActBody<'redispatch'>,
  version: number | null,
): Promise<Performance> {
  const to = await receiverBody(act, body.body)
  return perform(act, kernel, id, { act: 'redispatch', to }, { text: body.reason, ask: body.reason }, { version })
}

export async function assist(
  act: Act,
  kernel: Kernel,
  id: string,
  body: ActBody<'assist'>,
  version: number | null,
): Promise<Performance> {
  const to = await receiverBody(act, body.body)
  return perform(act, kernel, id, { act: 'assist', to }, { ask: body.task, text: body.task }, { version })
}

/** 退单: the unit says why and whose it is. */
export async function returnPart(
  act: Act,
  kernel: Kernel,
  id: string,
  body: ActBody<'return'>,
  version: number | null,
): Promise<Performance> {
  if (body.belongsTo) await receiverBody(act, body.belongsTo)
  return perform(
    act,
    kernel,
    id,
    { act: 'return', part: body.part, belongsTo: body.belongsTo ?? null },
    { text: body.reason, returnReason: body.reason, belongsTo: body.belongsTo ?? null },
    { version },
  )
}

/** Into another request; all reporters hear of its answer. */
export async function merge(
  act: Act,
  kernel: Kernel,
  id: string,
  body: ActBody<'merge'>,
  version: number | null,
): Promise<Performance> {
  // Both are held, in one order: merged into each other at once, they would both be closed with nobody to answer.
  for (const one of [id, body.into].sort()) await holdRequest(act.sql, one)
  const into = await loadRequest(act, body.into)
  const { rows } = await sql<{ id: string }>`
    with recursive chain as (
      select merged_into as id from request where id = ${body.into} and merged_into is not null
      union select r.merged_into from request r join chain c on r.id = c.id where r.merged_into is not null
    ) select id from chain`.execute(act.sql)
  const performance = await perform(
    act,
    kernel,
    id,
    { act: 'merge', into: into.facts, chain: rows.map((row) => row.id) },
    { text: body.reason },
    { version },
  )
  await sharePromise(act, kernel, into, performance)
  return performance
}

/** Whoever told of the merged one is answered by the day promised to them: the one that stays takes the earlier promise. */
async function sharePromise(act: Act, kernel: Kernel, into: LoadedRequest, merging: Performance): Promise<void> {
  const clock = sharedClock(into.facts, merging.loaded.facts)
  if (!clock) return
  const next = { ...into.facts, ...clock }
  await record(act, {
    kind: 'request.recompute',
    record: into.row.id,
    path: into.facts.path,
    times: { promised: next.promisedAt },
    facts: { merged: merging.loaded.row.id },
    tenure: merging.tenure?.tenure ?? null,
  })
  await sql`select request_sooner(${into.row.id}, ${merging.loaded.row.id}, ${JSON.stringify(columnsOf(next))}::jsonb)`.execute(
    act.sql,
  )
  await enqueueTimer(act, kernel, into.row.id, next, await surroundingsAt(act.sql, next.path, act.now))
}

/** Several matters in one text become requests of their own, with the same reporter, promise and units. */
export async function split(
  act: Act,
  kernel: Kernel,
  id: string,
  body: ActBody<'split'>,
  version: number | null,
): Promise<Performance> {
  await holdRequest(act.sql, id)
  const before = await loadRequest(act, id)
  const { rows: made } = await sql<{ already: number }>`
    select count(*)::integer as already from request where split_from = ${id}`.execute(act.sql)
  const texts = [before.row.body, ...body.parts.map((part) => part.text)].map((text) =>
    text.replace(/[^\p{L}\p{N}]+/gu, ''),
  )
  const held = before.facts.parts.filter(isHeld)
  // Lists stand in the order of ids: what was told in one request stays beside it once it is divided.
  const told = timeOfId(id) ?? undefined
  const children = body.parts.map(() => ({ id: newId(told), parts: held.map(() => newId()) }))
  const performance = await perform(
    act,
    kernel,
    id,
    {
      act: 'split',
      children,
      already: made[0]?.already ?? 0,
      ownWords: new Set(texts).size === texts.length,
      isPart: before.row.split_from !== null,
    },
    { text: body.reason },
    { version },
  )
  const { row } = before
  const contact = await contactToCopy(act, kernel, id)
  for (const [index, facts] of performance.decision.children.entries()) {
    const words = body.parts[index]
    if (!words) continue
    // Filed as received first, as every request is, then brought to where its parent stands.
    const filing = {
      ...performance.decision,
      next: facts,
      acts: [{ kind: 'request.file' as const, result: null, times: {}, facts: { split: true } }],
      entries: [{ kind: 'filed' as const, audience: 'reporter' as const, part: null, facts: { split: true } }],
    }
    await insertRequest(
      act,
      {
        id: facts.id,
        number: await takeNumber(act),
        place: row.place,
        channel: row.channel,
        language: row.language,
        title: words.title,
        body: words.text,
        spot: row.spot,
        longitude: row.longitude,
        latitude: row.latitude,
        category: row.category,
        anonymous: row.anonymous,
        reporter: row.reporter,
        enteredBy: row.entered_by,
        askedFor: row.asked_for,
        aboutRequest: null,
        splitFrom: id,
        faults: [],
        outerNumber: null,
        filedAt: facts.filedAt,
        by: performance.tenure?.tenure ?? null,
      },
      filing,
      contact(facts.id),
      partToken(kernel, facts.id),
    )
    for (const part of facts.parts.filter(isHeld)) await insertPart(act, facts.id, part, null)
    await sql`select request_change(${facts.id}, 1, ${JSON.stringify({ ...columnsOf(facts), accepted_at: row.accepted_at, dispatched_at: row.dispatched_at, acknowledged_at: row.acknowledged_at, reopened_at: row.reopened_at, supervised_at: row.supervised_at })}::jsonb)`.execute(
      act.sql,
    )
    await enqueueTimer(act, kernel, facts.id, facts, await surroundingsAt(act.sql, facts.path, act.now))
  }
  return performance
}

/** The reporter's contact, sealed anew for each child: a sealed value opens only where it was written. */
async function contactToCopy(act: Act, kernel: Kernel, id: string) {
  const { rows } = await sql<{
    person: string | null
    name_encrypted: Buffer | null
    phone_encrypted: Buffer | null
    mail_encrypted: Buffer | null
    may_call: boolean
  }>`
    select person, name_encrypted, phone_encrypted, mail_encrypted, may_call from request_contact_to_divide(${id})`.execute(
    act.sql,
  )
  const found = rows[0]
  return (child: string) => {
    if (!found) return null
    const open = (what: string, value: Buffer | null) =>
      value && kernel.encryption.decrypt('contact', value, `${id}.${what}`)
    const seal = (what: string, value: string | null) =>
      value === null ? null : kernel.encryption.encrypt('contact', value, `${child}.${what}`)
    const phone = open('phone', found.phone_encrypted)
    return {
      person: found.person,
      name: seal('name', open('name', found.name_encrypted)),
      phone: seal('phone', phone),
      phoneIndex: phone === null ? null : kernel.encryption.blindIndex('phone', phone),
      mail: seal('mail', open('mail', found.mail_encrypted)),
      mayCall: found.may_call,
    }
  }
}

/** To another place: responsibility moves at once, so that there is no moment in which nobody has it. */
export async function transfer(
  act: Act,
  kernel: Kernel,
  id: string,
  body: ActBody<'transfer'>,
  version: number | null,
): Promise<Performance> {
  const { rows } = await sql<{
    path: string
  }>`select path from place where id = ${body.place} and abolished_at is null`.execute(act.sql)
  const path = rows[0]?.path
  if (!path) throw new Refusal(422, 'no-such-place', 'requests.no-such-place', { field: 'place' })
  return perform(
    act,
    kernel,
    id,
    async ({ facts }) => {
      // What was lifted to a higher level is received at that level in the other place too.
      const level = facts.reopenings > 0 ? pathAt(path, depthOf(facts.holder.path)) : path
      const to = await firstReceiver(act.sql, level, facts.excludedBodies)
      return { act: 'transfer', to: { body: to.id, path: to.path }, path, ceiling: districtOf(path) }
    },
    { text: body.reason },
    { version },
  )
}

/** Reopened by the resident: one level up, up to the district. */
export async function reopen(
  act: Act,
  kernel: Kernel,
  id: string,
  body: ActBody<'reopen'>,
  version: number | null,
): Promise<Performance> {
  return perform(
    act,
    kernel,
    id,
    async ({ facts }) => {
      const level = levelUp(facts.holder.path, facts.ceiling)
      const upper = await firstReceiver(act.sql, level, facts.excludedBodies)
      return { act: 'reopen', upper: { body: upper.id, path: upper.path } }
    },
    { text: body.reason ?? null },
    { version },
  )
}
