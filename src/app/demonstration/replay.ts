// Replays the matters of the pack in the order of their moments, across all of them, with timers firing in between.
import { sql } from 'kysely'
import type pg from 'pg'
import { type Act, type Actor, nobody, type Tenure } from '#kernel/access/index.ts'
import { dayOf, startOfDay } from '#kernel/calendar/index.ts'
import { newId } from '#kernel/database/identifiers.ts'
import type { Sql } from '#kernel/database/index.ts'
import { hashToken } from '#kernel/encryption/index.ts'
import { Refusal } from '#kernel/http/index.ts'
import type { Kernel } from '#kernel/kernel.ts'
import {
  type ActBody,
  type AskedAct,
  actsAsked,
  complain,
  type Filing,
  file,
  fireTimersAt,
  insertCallBack,
  judge,
  judgeTokenOf,
  meToo,
  nextTimerAt,
  performSystemAct,
  routeOf,
  settleQueues,
} from '#listen/requests/index.ts'
import { known, type Loaded } from './loaded.ts'
import type { Pack, PackAct, PackRequest } from './pack.shapes.ts'
import { Turns } from './turns.ts'

interface Transaction {
  readonly sql: Sql
  readonly client: pg.PoolClient
}

interface Running {
  readonly request: PackRequest
  readonly filedAt: Date
  id: string
}

type Event = { at: Date; running: Running; act: PackAct | null }

/** Returns how many requests there are at the end. */
export async function replay(on: Transaction, kernel: Kernel, pack: Pack, loaded: Loaded, now: Date): Promise<number> {
  const player = new Player(on, kernel, loaded, now)
  const byKey = new Map<string, Running>()
  const events: Event[] = []
  for (const request of pack.requests) {
    const filedAt = new Date(now.getTime() - request.minutesAgo * 60_000)
    const running: Running = { request, filedAt, id: newId(filedAt.getTime()) }
    byKey.set(request.key, running)
    events.push({ at: filedAt, running, act: null })
    for (const act of request.acts)
      events.push({ at: new Date(filedAt.getTime() + act.minutes * 60_000), running, act })
  }
  // Stable: what stands at one moment happens in the order of the pack, filing first.
  events.sort((one, other) => one.at.getTime() - other.at.getTime())
  const mistakes: string[] = []
  const happen = async ({ at, running, act }: Event): Promise<void> => {
    try {
      if (act === null) await player.tell(running, byKey)
      else {
        await player.passTime(running.id, at)
        await player.play(running, act, at, byKey)
      }
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      mistakes.push(
        `${running.request.key}: ${act?.do ?? 'file'} by ${act?.by ?? running.request.reporter}: ${error.type}`,
      )
    }
  }
  const turns = new Turns()
  try {
    for (const event of events) {
      if (event.at > now) throw new Error(`${event.running.request.key} lies in the future`)
      await turns.take(event.running.request.key, concernsOthers(event), () => happen(event))
    }
    await turns.all()
  } finally {
    // Nothing may go on writing when the transaction has ended.
    await turns.settle()
  }
  // All at once, for whoever mends the pack.
  if (mistakes.length > 0) throw new Error(`the rules refuse parts of the pack:\n${mistakes.join('\n')}`)
  try {
    for (const [key, running] of byKey) {
      await turns.take(key, false, async () => {
        await player.passTime(running.id, now)
        await settleQueues(player.writer(now), kernel, running.id)
      })
    }
    await turns.all()
  } finally {
    await turns.settle()
  }
  return byKey.size
}

/** Whether an event reads or changes another matter than its own. */
function concernsOthers({ running, act }: Event): boolean {
  if (act === null) return running.request.complainsAbout !== null
  return [act.into, act.beside, act.repeats].some((other) => other !== undefined) || act.by === 'system'
}

class Player {
  readonly #on: Transaction
  readonly #kernel: Kernel
  readonly #loaded: Loaded
  readonly #now: Date
  readonly #standing = new Map<string, Actor>()
  /** When the next timer of a request fires, as far as it is known. */
  readonly #timers = new Map<string, Date | null>()
  /** Jobs of the past are not enqueued: what they would have done has been done. */
  readonly quiet: Kernel

  constructor(on: Transaction, kernel: Kernel, loaded: Loaded, now: Date) {
    this.#on = on
    this.#kernel = kernel
    this.#loaded = loaded
    this.#now = now
    this.quiet = { ...kernel, jobs: { ...kernel.jobs, enqueue: async () => undefined } }
  }

  /** Fires what was due up to a moment; where the next timer is known to lie later, the request need not be read. */
  async passTime(id: string, at: Date): Promise<void> {
    const next = this.#timers.get(id)
    if (next === null || (next && next > at)) return
    await fireTimersAt(this.writer(at), this.quiet, id, at, true)
    this.#timers.delete(id)
  }

  writer(at: Date) {
    return { ...this.#on, now: at, actor: nobody, language: 'zh-CN' as const }
  }

  #act(actor: Actor, at: Date): Act {
    return { ...this.#on, actor, now: at, language: 'zh-CN', along: [] }
  }

  /** A staff member as access would know them. */
  async #staff(post: string, index = 0): Promise<{ actor: Actor; tenure: string }> {
    const holders = known(this.#loaded.tenures, post)
    const held = holders[index % holders.length]
    if (!held) throw new Error(`nobody holds ${post}`)
    let actor = this.#standing.get(held.person)
    if (!actor) {
      const { rows } = await sql<{ standing: Pick<Actor, 'tenures' | 'bodies' | 'reach'> }>`
        select access.standing(${held.person}) as standing`.execute(this.#on.sql)
      const standing = rows[0]?.standing
      if (!standing) throw new Error(`nothing is known of ${post}`)
      actor = { ...nobody, ...standing, person: held.person }
      this.#standing.set(held.person, actor)
    }
    // The post that the pack names acts, where somebody holds several.
    const tenures = [...actor.tenures].sort(
      (one: Tenure, other: Tenure) => Number(other.tenure === held.tenure) - Number(one.tenure === held.tenure),
    )
    return { actor: { ...actor, tenures }, tenure: held.tenure }
  }

  #subdistrictOf(place: string): string {
    const { path } = known(this.#loaded.places, place)
    const found = ['hs', 'nc', 'sj'].find((key) => path.startsWith(known(this.#loaded.places, key).path))
    if (!found) throw new Error(`${place} lies in none of the subdistricts`)
    return found
  }

  async tell(running: Running, byKey: ReadonlyMap<string, Running>): Promise<void> {
    const { request, filedAt } = running
    const entered = request.enteredBy ? await this.#staff(request.enteredBy) : null
    const person = this.#loaded.people.get(request.reporter) ?? null
    const anonymous = request.reporter === 'anonymous'
    const filing: Filing = {
      id: running.id,
      filedAt,
      place: known(this.#loaded.places, request.place).id,
      ...(request.point ? { longitude: request.point[0], latitude: request.point[1] } : {}),
      channel: request.channel,
      language: request.language,
      title: request.title,
      body: request.text,
      category: this.#loaded.categories.get(`${this.#subdistrictOf(request.place)}|${request.category}`) ?? null,
      urgency: request.urgency,
      anonymous,
      consentPublic: request.public,
      reporter: anonymous ? null : person,
      enteredBy: entered?.tenure ?? null,
      ...(request.reporter === 'contact' ? { phone: fictionalPhone(running.id) } : {}),
      ...(request.aboutOfficial ? { route: await this.#aboutOfficial(request) } : {}),
    }
    if (request.complainsAbout) {
      const about = known(byKey, request.complainsAbout)
      const teller = this.#act({ ...nobody, link: about.id }, filedAt)
      await complain(
        teller,
        this.quiet,
        about.id,
        { text: request.text, faults: request.faults },
        { anonymous, person, language: request.language },
        filing,
      )
      return
    }
    await file(this.#act(entered?.actor ?? nobody, filedAt), this.quiet, filing)
  }

  async #aboutOfficial(request: PackRequest) {
    const tenure = known(this.#loaded.tenures, request.aboutOfficial as string)[0]?.tenure
    return routeOf(
      this.#on,
      { ...(tenure ? { aboutTenure: tenure } : {}) },
      known(this.#loaded.places, request.place).path,
    )
  }

  async play(running: Running, act: PackAct, at: Date, byKey: ReadonlyMap<string, Running>): Promise<void> {
    const { id, request } = running
    if (act.by === 'system') {
      this.#timers.delete(id)
      if (act.do !== 'draw-call-back' && act.do !== 'close-unconfirmed')
        throw new Error(`the system does not ${act.do}`)
      const writer = this.writer(at)
      const seed = 'demonstration'
      const done = await performSystemAct(writer, this.quiet, id, { act: act.do }, (loaded) =>
        act.do === 'draw-call-back' ? insertCallBack(writer, loaded, seed) : Promise.resolve(),
      )
      if (!done) throw new Error('the rules refuse it')
      return
    }
    if (act.do === 'judge') {
      const { token } = await judgeTokenOf(this.#on.sql, this.#kernel, id)
      await sql`select access.grant_token_once(${hashToken(token)}, 'judge', ${id}, null)`.execute(this.#on.sql)
      const said = {
        verdict: act.verdict ?? ('solved' as const),
        ...(act.satisfied ? { satisfaction: act.satisfied } : {}),
        ...(act.words ? { words: act.words } : {}),
      }
      await judge(this.#act({ ...nobody, judge: id }, at), this.quiet, id, said, token)
      await this.#judgedAt(id, at)
      return
    }
    const actor = act.by === 'reporter' ? { ...nobody, link: id } : (await this.#staff(act.by)).actor
    const doing = actsAsked[act.do as Exclude<AskedAct, 'judge' | 'complain' | 'me-too'>]
    const { decision } = await doing(
      this.#act(actor, at),
      this.quiet,
      id,
      this.#bodyOf(act, request, byKey) as never,
      null,
    )
    this.#timers.set(id, await nextTimerAt(this.writer(at), decision.next))
    if (act.do === 'call-back') await this.#judgedAt(id, at)
    if (act.do === 'publish') {
      for (let count = 0; count < request.meToo; count += 1) await meToo(this.#act(nobody, at), this.quiet, id, {})
      await this.#joinedSince(id, at)
    }
  }

  /** A judgement bears the time at which it is written; a replayed one the time at which it was given. */
  async #judgedAt(id: string, at: Date): Promise<void> {
    await sql`update judgement set at = ${at.toISOString()} where request = ${id} and at = now()`.execute(this.#on.sql)
  }

  /** Those who joined in came one after another since it was published, as it is told, and not all in the minute of loading. */
  async #joinedSince(id: string, at: Date): Promise<void> {
    const [from, until] = [at.toISOString(), this.#now.toISOString()]
    await sql`
      update me_too set created_at = ${from}::timestamptz + (${until}::timestamptz - ${from}::timestamptz) * come.share
      from (select id, row_number() over (order by id)::double precision / (count(*) over () + 1) as share
        from me_too where request = ${id}) come
      where me_too.id = come.id`.execute(this.#on.sql)
  }

  /** What the act carries, as it would come over HTTP. */
  #bodyOf(act: PackAct, request: PackRequest, byKey: ReadonlyMap<string, Running>): ActBody<AskedAct> {
    const { places, bodies, categories, laws } = this.#loaded
    const subdistrict = this.#subdistrictOf(request.place)
    const body = () => known(bodies, act.to ?? '').id
    const text = act.text ?? ''
    switch (act.do) {
      case 'dispatch':
        return { body: body(), ...(text ? { task: text } : {}) }
      case 'redispatch':
        return { body: body(), reason: text || '按约定派单' }
      case 'assist':
        return { body: body(), task: text || '请协助办理' }
      case 'return':
        return { reason: text, ...(act.to ? { belongsTo: body() } : {}) }
      case 'transfer':
        return { place: known(places, act.to ?? '').id, reason: text }
      case 'merge':
        return { into: known(byKey, act.into as string).id, reason: text || '说的是同一件事' }
      case 'link':
        return { to: known(byKey, act.beside ?? '').id, kind: act.common ?? 'same_kind' }
      case 'unlink':
        return { to: known(byKey, act.beside ?? '').id }
      case 'split':
        return {
          parts: (act.into as string[]).map((title) => ({ title, text: title })),
          reason: text || '说的是几件不同的事',
        }
      case 'explain':
        return {
          kind: act.kind ?? 'outside_remit',
          basis: known(laws, `${subdistrict}|${act.law}`),
          text,
          remedy: act.remedy ?? '',
          ...(act.repeats ? { repeats: known(byKey, act.repeats).id } : {}),
        }
      case 'extend':
        return { workingDays: act.days ?? 5, reason: text }
      case 'categorise':
        return { category: known(categories, `${subdistrict}|${act.category}`), ...(text ? { reason: text } : {}) }
      case 'set-urgency':
        return { urgency: act.urgency ?? 'urgent', ...(text ? { reason: text } : {}) }
      case 'publish':
        return { title: request.published?.title ?? request.title, text: request.published?.text ?? request.text }
      case 'call-back':
        return {
          verdict: act.verdict ?? 'solved',
          ...(act.satisfied ? { satisfaction: act.satisfied } : {}),
          ...(act.words ? { words: act.words } : {}),
        }
      case 'miss-call-back':
        return text ? { note: text } : {}
      case 'arrange-visit':
      case 'move-visit': {
        const day = dayOf(new Date(this.#now.getTime() + (act.on ?? 1) * 86_400_000))
        const moment = (time: string) => new Date(startOfDay(day).getTime() + minutes(time) * 60_000).toISOString()
        return {
          visit: newId(),
          from: moment(act.from ?? '09:00'),
          until: moment(act.until ?? '11:00'),
          ...(text ? { note: text } : {}),
        }
      }
      case 'correct':
        return { text }
      case 'withdraw':
      case 'reopen':
      case 'unpublish':
        return text ? { reason: text } : {}
      case 'supervise':
        return { reason: text || '过了答应的日子，请抓紧办' }
      case 'disagree-explanation':
        return { reason: text }
      case 'add':
      case 'note':
      case 'draft':
      case 'answer':
      case 'answer-part':
        return { text }
      default:
        return {}
    }
  }
}

function minutes(time: string): number {
  const [hour, minute] = time.split(':').map(Number)
  return (hour ?? 0) * 60 + (minute ?? 0)
}

/** A number of the fictional range, another for each matter. */
function fictionalPhone(id: string): string {
  const last = Number.parseInt(id.slice(-6), 16) % 9_000
  return `1990000${String(1_000 + last)}`
}
