// Clients that carry matters from filing to judgement and write down every write that was acknowledged. What went unanswered is sent
// again, under the same key, until it is answered: as a browser or a telephone of Linli does.
import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Stage } from './fault.ts'
import { type Answer, type Asking, ask, type Desk, filing } from './people.ts'
import { withSuperuser } from './site.ts'

/** A write that was answered: of which matter, and what. */
interface Acknowledged {
  readonly id: string
  readonly kind: string
}

export interface ClientRecord {
  readonly acknowledged: Acknowledged[]
  readonly texts: Map<string, string>
  /** Sent again because no answer came. */
  repeated: number
  /** Answers that blame the client for what was not its fault. */
  readonly wrong: string[]
}

interface Work {
  readonly desk: Desk
  readonly record: ClientRecord
  readonly goOn: () => boolean
}

/** Sends one write until it is answered. Null where the campaign ended before. */
async function insist(
  { desk, record }: Work,
  path: string,
  asking: Asking,
  done: (answer: Answer) => boolean,
): Promise<Answer | null> {
  let { version } = asking
  // A server that is killed every few seconds comes back every time, on a busy machine after a while.
  for (const end = performance.now() + 600_000; performance.now() < end; ) {
    const answer = await ask(desk.address, path, {
      ...asking,
      ...(version === undefined ? {} : { version }),
      seconds: 25,
    }).catch(() => null)
    if (answer && done(answer)) return answer
    if (answer && answer.status < 500) {
      // A timer has moved it on meanwhile: the desk shows the newer one, and the same is pressed again.
      if (answer.body.type === '/problems/version-conflict') {
        version = Number(answer.body.version)
        continue
      }
      record.wrong.push(`${path.replace(/[\w-]{20,}/g, '…')}: ${answer.status} ${answer.text.slice(0, 200)}`)
      return null
    }
    record.repeated += 1
    await sleep(150)
  }
  record.wrong.push(`${path}: never answered`)
  return null
}

/** One matter from its filing to its judgement. */
async function matter(work: Work): Promise<void> {
  const { desk, record } = work
  const text = `楼道灯不亮 ${randomUUID()}`
  const filed = await insist(
    work,
    '/api/requests',
    { body: filing(desk.place, text), key: randomUUID() },
    ({ status }) => status === 201,
  )
  if (!filed) return
  const { id, link } = filed.body as { id: string; link: string }
  record.acknowledged.push({ id, kind: 'request.file' })
  record.texts.set(text, id)
  let version = 1
  const act = async (kind: string, cookie: string, body: unknown): Promise<boolean> => {
    const answer = await insist(
      work,
      `/api/requests/${id}/${kind}`,
      { body, cookie, key: randomUUID(), version },
      ({ status }) => status === 200,
    )
    if (!answer) return false
    version = Number(answer.body.version)
    record.acknowledged.push({ id, kind: `request.${kind}` })
    return true
  }
  const path = `/r/${link}`
  const done =
    (await act('accept', desk.secretary, {})) &&
    (await act('dispatch', desk.secretary, { body: desk.property })) &&
    (await act('acknowledge', desk.manager, {})) &&
    (await act('note', desk.manager, { text: '已到现场' })) &&
    (await act('answer', desk.manager, { text: '灯已换好，今晚可以看看。' }))
  if (!done) return
  // The judgement: the resident's page shows the form with its single-use token.
  let judge: string | undefined
  // A job makes it in a moment; what a killed server had in hand is given back after a minute or two.
  for (const end = performance.now() + 600_000; performance.now() < end && !judge; ) {
    const page = await ask(desk.address, path).catch(() => null)
    judge = /action="(\/j\/[\w-]+)"/.exec(page?.text ?? '')?.[1]
    if (!judge) await sleep(300)
  }
  if (!judge) {
    record.wrong.push(`no form to judge on the page that follows ${id}`)
    return
  }
  const judged = await insist(
    work,
    judge,
    { body: new URLSearchParams({ verdict: 'solved', satisfaction: '5' }) },
    // Sent a second time after its answer was lost: the page thanks for what it has.
    ({ status, headers, text: said }) =>
      (status === 303 && /done=judge/.test(headers.get('location') ?? '')) ||
      status === 410 ||
      said.includes('Thank you, noted'),
  )
  if (judged) record.acknowledged.push({ id, kind: 'request.judge' })
}

/** Starts so many clients; each carries one matter after the other while it may. */
export async function carry(desk: Desk, clients: number, goOn: () => boolean, record: ClientRecord): Promise<void> {
  const one = async (): Promise<void> => {
    while (goOn()) await matter({ desk, record, goOn })
  }
  await Promise.all(Array.from({ length: clients }, one))
}

export const emptyRecord = (): ClientRecord => ({ acknowledged: [], texts: new Map(), repeated: 0, wrong: [] })

interface Counted {
  readonly missing: number
  readonly doubled: number
  readonly examples: string[]
}

/** Holds what was acknowledged to what stands in the database, past every policy: each once. */
function count(data: string, record: ClientRecord): Promise<Counted> {
  return withSuperuser(data, async (client) => {
    const ids = [...record.texts.values()]
    const { rows: acts } = await client.query<{ record: string; kind: string; times: number }>(
      'select record, kind, count(*)::integer as times from ledger.act where record = any($1) group by record, kind',
      [ids],
    )
    const times = new Map(acts.map((row) => [`${row.record} ${row.kind}`, row.times]))
    const { rows: filed } = await client.query<{ body: string; times: number }>(
      'select body, count(*)::integer as times from request where body = any($1) group by body',
      [[...record.texts.keys()]],
    )
    const texts = new Map(filed.map((row) => [row.body, row.times]))
    const { rows: judgements } = await client.query<{ request: string; times: number }>(
      'select request, count(*)::integer as times from judgement where request = any($1) group by request',
      [ids],
    )
    const judged = new Map(judgements.map((row) => [row.request, row.times]))
    const examples: string[] = []
    let missing = 0
    let doubled = 0
    const look = (what: string, found: number): void => {
      if (found === 1) return
      if (found < 1) missing += 1
      else doubled += 1
      if (examples.length < 5) examples.push(`${what}: ${found}`)
    }
    for (const { id, kind } of record.acknowledged) {
      look(`${kind} ${id}`, times.get(`${id} ${kind}`) ?? 0)
      if (kind === 'request.judge') look(`judgement of ${id}`, judged.get(id) ?? 0)
    }
    for (const text of record.texts.keys()) look(text, texts.get(text) ?? 0)
    return { missing, doubled, examples }
  })
}

/** Holds that everything that was acknowledged is there, once, and that nobody was told that it was their fault. */
export async function holdRecord(stage: Stage, data: string, record: ClientRecord): Promise<void> {
  const { acknowledged, wrong } = record
  stage.hold('writes acknowledged (filings, acts, judgements)', acknowledged.length > 0, acknowledged.length)
  const { missing, doubled, examples } = await count(data, record)
  stage.hold('missing', missing === 0, missing === 0 ? 0 : `${missing}: ${examples.join('; ')}`)
  stage.hold('doubled', doubled === 0, doubled === 0 ? 0 : `${doubled}: ${examples.join('; ')}`)
  stage.hold('nobody was told that it was their fault', wrong.length === 0, wrong.slice(0, 3).join('; ') || 0)
}
