// Acts of nobody: timers that fire, draws, closings for want of a word.
import { sql } from 'kysely'
import type pg from 'pg'
import { type Actor, nobody } from '#kernel/access/index.ts'
import { dayOf } from '#kernel/calendar/index.ts'
import { newId } from '#kernel/database/identifiers.ts'
import type { Sql } from '#kernel/database/index.ts'
import type { Kernel } from '#kernel/kernel.ts'
import { askQueue } from '../reading/queues.ts'
import { surroundingsAt } from '../reading/surroundings.ts'
import { actOfTimer, type Command, decide, nextTimer, type RequestFacts, systemActor } from '../requests.rules.ts'
import { holdRequest, type LoadedRequest, loadRequest } from '../requests.store.ts'
import { type Writer, writeDecision } from '../writing.store.ts'
import { enqueueTimer } from './file.ts'
import { judgeToken } from './judge.ts'
import { afterwards } from './perform.ts'

export type SystemCommand = Command | ((loaded: LoadedRequest) => Command | null)

export interface SystemWriter extends Writer {
  readonly actor: Actor
}

export function systemWriter(database: Sql, client: pg.PoolClient, now: Date): SystemWriter {
  return { sql: database, client, now, actor: nobody }
}

/**
 * Does an act of the system within the writer's transaction. False where the rules refuse it.
 * @param text of its line
 */
export async function performSystemAct(
  writer: SystemWriter,
  kernel: Pick<Kernel, 'jobs'>,
  id: string,
  command: SystemCommand,
  beside?: (loaded: LoadedRequest) => Promise<void>,
  text: string | null = null,
): Promise<boolean> {
  // Waits for whoever is changing it, so that the version below is the present one.
  await holdRequest(writer.sql, id)
  const loaded = await loadRequest(writer, id)
  const asked = typeof command === 'function' ? command(loaded) : command
  if (!asked) return false
  const surroundings = await surroundingsAt(writer.sql, loaded.facts.path, writer.now)
  const decision = decide(loaded.facts, asked, systemActor, surroundings)
  if (decision.refused) return false
  await beside?.(loaded)
  const written = await writeDecision(writer, loaded, decision, { tenure: null, text })
  await afterwards(writer, kernel, loaded, decision, written.act, surroundings)
  return true
}

/**
 * Fires every timer of a request that is due by `until`: one missed for a week walks through all stages. What is marked bears the time at
 * which it is marked.
 * @param replayed each bears the moment at which it would have been, and none that of `until`
 */
export async function fireTimersAt(
  writer: SystemWriter,
  kernel: Pick<Kernel, 'jobs'>,
  id: string,
  until: Date,
  replayed = false,
): Promise<void> {
  for (let step = 0; step < 4; step += 1) {
    const { rows } = await sql`select from request where id = ${id}`.execute(writer.sql)
    if (rows.length === 0) return
    const { facts } = await loadRequest(writer, id)
    const { settings, calendar } = await surroundingsAt(writer.sql, facts.path, writer.now)
    const timer = nextTimer(facts, settings, calendar)
    // Without a judgement a draw decides between two acts; that is work of the night.
    if (!timer || timer.at > until || timer.kind === 'no_judgement') return
    // What an act made due in the past was due from that act on.
    const now = replayed ? new Date(Math.max(timer.at.getTime(), Date.parse(facts.stepAt))) : until
    if (!(await performSystemAct({ ...writer, now }, kernel, id, { act: actOfTimer[timer.kind] } as Command))) return
  }
}

/** When the next timer of a request fires; null where none runs. */
export async function nextTimerAt(
  writer: Pick<SystemWriter, 'sql' | 'now'>,
  facts: RequestFacts,
): Promise<Date | null> {
  const { settings, calendar } = await surroundingsAt(writer.sql, facts.path, writer.now)
  const timer = nextTimer(facts, settings, calendar)
  return timer && timer.kind !== 'no_judgement' ? timer.at : null
}

/** After a replay: the timer that is next and the question after an answer go into the queue. */
export async function settleQueues(writer: SystemWriter, kernel: Pick<Kernel, 'jobs'>, id: string): Promise<void> {
  const { facts } = await loadRequest(writer, id)
  const surroundings = await surroundingsAt(writer.sql, facts.path, writer.now)
  await enqueueTimer(writer, kernel, id, facts, surroundings)
  if (facts.state === 'answered') await kernel.jobs.enqueue(writer, askQueue, { request: id })
}

/** Writes that a request was drawn for a call back, by a seed that is kept. */
export async function insertCallBack(writer: Writer, { row, facts }: LoadedRequest, seed: string): Promise<void> {
  await sql`
    insert into call_back (id, request, answer, path, drawn_on, seed, at)
    select ${newId()}, ${row.id}, a.id, ${facts.path}, ${dayOf(writer.now)}, ${seed}, ${writer.now}
    from request_answer a where a.request = ${row.id} and a.state = 'sent' and a.kind in ('answer', 'explanation')
    order by a.sent_at desc limit 1 on conflict (answer) do nothing`.execute(writer.sql)
}

/** The judge token of the answer that stands now. */
export async function judgeTokenOf(
  database: Sql,
  kernel: Pick<Kernel, 'encryption'>,
  request: string,
): Promise<{ token: string; answer: string }> {
  const { rows } = await sql<{ id: string; round: number }>`
    select id, request_phone_round(request) as round from request_answer where request = ${request} and state = 'sent' and kind in ('answer', 'explanation')
    order by sent_at desc limit 1`.execute(database)
  const [asked] = rows
  if (!asked) throw new Error('there is no answer to judge')
  return { token: judgeToken(kernel, asked.id, asked.round), answer: asked.id }
}
