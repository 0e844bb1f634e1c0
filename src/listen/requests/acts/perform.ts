// Every act on an existing request goes this way: read it, ask the rules, write what they say, tell whom it concerns.
import type { Act, Tenure } from '#kernel/access/index.ts'
import { Refusal } from '#kernel/http/refusal.ts'
import type { Kernel } from '#kernel/kernel.ts'
import { askQueue, noticeQueue } from '../reading/queues.ts'
import { type Surroundings, surroundingsAt } from '../reading/surroundings.ts'
import { type Command, type Decision, decide, nextTimer, type RequestFacts } from '../requests.rules.ts'
import { factsOfActor, holdRequest, type LoadedRequest, loadRequest } from '../requests.store.ts'
import { saysSomething } from '../rules/saying.ts'
import type { Who } from '../rules/table.ts'
import { type Told, writeDecision } from '../writing.store.ts'
import { enqueueTimer } from './file.ts'

/** Words and further columns that go with a command. */
export type Said = Omit<Told, 'tenure' | 'handedBy'>

export interface Performance {
  readonly loaded: LoadedRequest
  readonly decision: Decision
  readonly version: number
  readonly tenure: Tenure | null
}

/** What else is written with a decision, before the request itself changes and perhaps leaves the writer's sight. */
export type Beside = (context: {
  readonly loaded: LoadedRequest
  readonly decision: Decision
  readonly tenure: Tenure | null
  readonly surroundings: Surroundings
}) => Promise<void>

/**
 * Does an act on a request.
 * @param options.version the version that the actor saw; without it the present one
 * @throws Refusal as the rules say; 404 where the request is not the actor's to see; 409 where another was faster
 */
export async function perform(
  act: Act,
  kernel: Kernel,
  id: string,
  command: Command | ((loaded: LoadedRequest, surroundings: Surroundings) => Promise<Command> | Command),
  said: Said = {},
  options: {
    readonly version?: number | null
    readonly beside?: Beside
    readonly columns?: (loaded: LoadedRequest) => Readonly<Record<string, unknown>>
  } = {},
): Promise<Performance> {
  await holdRequest(act.sql, id)
  const loaded = await loadRequest(act, id)
  if (options.version !== undefined && options.version !== null && options.version !== loaded.row.version) {
    throw new Refusal(409, 'version-conflict', 'http.version-conflict', { extra: { version: loaded.row.version } })
  }
  const surroundings = await surroundingsAt(act.sql, loaded.facts.path, act.now)
  const given = typeof command === 'function' ? await command(loaded, surroundings) : command
  const asked: Command = { reasoned: saysSomething(said.text), ...given }
  const actor = factsOfActor(act.actor, loaded)
  const decision = decide(loaded.facts, asked, actor, surroundings)
  if (decision.refused) throw new Refusal(decision.status, decision.type, decision.key)
  const tenure = isResident(decision.as) ? null : tenureFor(act, loaded.facts, asked)
  await options.beside?.({ loaded, decision, tenure, surroundings })
  const written = await writeDecision(
    act,
    loaded,
    decision,
    {
      ...said,
      tenure: tenure?.tenure ?? null,
      handedBy: tenure ? null : act.actor.handed_by,
      body: tenure?.body ?? null,
      ...(options.columns ? { columns: options.columns(loaded) } : {}),
    },
    loaded.row.version,
  )
  await afterwards(act, kernel, loaded, decision, written.act, surroundings)
  return { loaded, decision, version: written.version, tenure }
}

/** Timers and notices, in the same transaction. */
export async function afterwards(
  act: Pick<Act, 'sql' | 'client' | 'now' | 'actor'>,
  kernel: Pick<Kernel, 'jobs'>,
  loaded: LoadedRequest,
  decision: Decision,
  ledgerAct: string,
  surroundings: Surroundings,
): Promise<void> {
  const { settings, calendar } = surroundings
  const before = nextTimer(loaded.facts, settings, calendar)
  const after = nextTimer(decision.next, settings, calendar)
  if (after && (after.kind !== before?.kind || after.at.getTime() !== before.at.getTime())) {
    await enqueueTimer(act, kernel, loaded.row.id, decision.next, surroundings)
  }
  if (decision.tell.length > 0) {
    const kind = decision.acts[0]?.kind ?? ''
    await kernel.jobs.enqueue(act, noticeQueue, { request: loaded.row.id, act: ledgerAct, kind })
  }
  if (decision.next.state === 'answered' && loaded.facts.state !== 'answered') {
    await kernel.jobs.enqueue(act, askQueue, { request: loaded.row.id })
  }
}

/** The reporter who is also staff acts here as a resident; their post is not named in their own matter. */
const isResident = (as: Who): boolean => as === 'reporter' || as === 'link' || as === 'judge'

const duties: Partial<Record<Command['act'], readonly string[]>> = {
  accept: ['request.accept'],
  dispatch: ['request.dispatch'],
  redispatch: ['request.dispatch'],
  transfer: ['request.dispatch'],
  merge: ['request.dispatch'],
  link: ['request.dispatch', 'request.accept'],
  unlink: ['request.dispatch', 'request.accept'],
  split: ['request.dispatch'],
  categorise: ['request.dispatch', 'request.accept'],
  'set-urgency': ['request.dispatch', 'request.accept'],
  extend: ['request.extend'],
  supervise: ['request.supervise'],
  'agree-explanation': ['request.agree'],
  'disagree-explanation': ['request.agree'],
  publish: ['request.publish'],
  unpublish: ['request.publish'],
  'call-back': ['request.callback'],
  'miss-call-back': ['request.callback'],
  'hand-slip': ['request.callback'],
  add: ['request.enter'],
  correct: ['request.enter'],
  withdraw: ['request.enter'],
  reopen: ['request.enter', 'request.callback'],
  complain: ['request.enter'],
}

/** The tenure under which an act is done: in the unit that holds a part, else the one that carries the duty there. */
export function tenureFor(
  act: Pick<Act, 'actor'>,
  request: RequestFacts,
  command: Pick<Command, 'act'>,
): Tenure | null {
  const { tenures } = act.actor
  const asked = duties[command.act]
  const byDuty =
    asked &&
    tenures.find((held) => asked.some((duty) => held.duties.includes(duty)) && request.path.startsWith(held.path))
  if (byDuty) return byDuty
  const held = tenures.filter((each) => each.duties.includes('request.handle'))
  return (
    held.find((each) => request.parts.some((part) => part.body === each.body)) ??
    tenures.find((each) => request.path.startsWith(each.path)) ??
    tenures[0] ??
    null
  )
}
