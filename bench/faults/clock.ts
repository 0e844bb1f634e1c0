// The clock of the machine jumps, for the server and for its PostgreSQL together; and a week in which nothing ran. Set by libfaketime,
// which leaves alone how time runs.
import { chmodSync, existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { root } from '../context.ts'
import type { Fault, Stage } from './fault.ts'
import { ask, communityCode, filing, isReady, secretaryOf, signIn } from './people.ts'
import { openProviders } from './providers.ts'
import { countOf, drop, freshData, holdRegister, serve, until, withSuperuser } from './site.ts'

const library = ['/usr/lib/x86_64-linux-gnu', '/usr/lib/aarch64-linux-gnu', '/usr/lib']
  .map((directory) => `${directory}/faketime/libfaketimeMT.so.1`)
  .find(existsSync)

interface SetClock {
  readonly environment: Readonly<Record<string, string>>
  /** Sets the clock so much beside the true one: `-3d`, `+400d`. */
  set(offset: string): void
}

/** A clock that can be set; null where libfaketime is not there. */
function settable(stage: Stage, name: string): SetClock | null {
  if (!library) {
    stage.limited(
      'libfaketime is not installed on this machine: the clock of the real program could not be set (tests do it with a clock of their own)',
    )
    return null
  }
  const file = join(root, `${name}.clock`)
  const set = (offset: string): void => {
    writeFileSync(file, offset)
    chmodSync(file, 0o644)
  }
  set('+0')
  return {
    environment: {
      LD_PRELOAD: library,
      FAKETIME_TIMESTAMP_FILE: file,
      FAKETIME_CACHE_DURATION: '1',
      FAKETIME_DONT_FAKE_MONOTONIC: '1',
      FAKETIME_DISABLE_SHM: '1',
    },
    set,
  }
}

export const clockJumps: Fault = {
  name: 'clock',
  what: 'the clock of the whole machine is set back three days, forward three days, and into a year whose holidays nobody has announced; with the demonstration, and where the clock is held to',
  async happen(stage) {
    for (const real of [false, true]) await jump(stage, real)
  },
}

/** @param real as in an installation that is none of the demonstration: the database takes no act that is not of its present */
async function jump(stage: Stage, real: boolean): Promise<void> {
  const clock = settable(stage, 'jumps')
  if (!clock) return stage.hold('not tried on this machine', true)
  const data = freshData('clock')
  if (real) {
    const before = await serve(stage, { data })
    await withSuperuser(data, (client) => client.query('update installation set demonstration = false'))
    await before.end()
  }
  const environment = { ...clock.environment, ...(real ? { LINLI_EMPTY: '1' } : {}) }
  const program = await serve(stage, { data, environment })
  if (real) {
    const { rows } = await withSuperuser(data, (client) =>
      client.query<{ present: boolean }>("select is_present(now() - interval '3 days') as present"),
    )
    stage.hold('its clock is held to', rows[0]?.present === false)
  }
  const { place, ...secretary } = await secretaryOf(program.address, data)
  let { cookie } = secretary
  for (const [offset, moment] of [
    ['+0', 'as it is'],
    ['-3d', 'three days back'],
    ['+3d', 'three days forward'],
    ['+800d', 'into a year that nobody has announced'],
    ['+0', 'back again'],
  ] as const) {
    const name = real ? `a real installation, ${moment}` : moment
    clock.set(offset)
    await sleep(2_500)
    const began = performance.now()
    stage.again((await until(() => isReady(program.address), 30)) === null ? 999 : (performance.now() - began) / 1_000)
    const page = await ask(program.address, `/places/${communityCode}`)
    const filed = await ask(program.address, '/api/requests', { body: filing(place, `路灯不亮，${name}`) })
    stage.hold(
      `${name}: reading and telling`,
      page.status === 200 && filed.status === 201,
      `${page.status} ${filed.status}`,
    )
    const me = await ask(program.address, '/api/me', { cookie })
    if (me.status === 401) {
      stage.saw(`${name}: a session has run out, and one signs in again`)
      cookie = await signIn(program.address, data, 'community_secretary')
    }
    const view = await ask(program.address, `/api/requests/${String(filed.body.id)}`, { cookie })
    const { deadline } = view.body as { deadline?: { at: string; workingMinutes: number } }
    stage.hold(
      `${name}: the matter has a deadline ahead`,
      (deadline?.workingMinutes ?? -1) > 0,
      deadline?.at ?? view.text.slice(0, 120),
    )
    const accepted = await ask(program.address, `/api/requests/${String(filed.body.id)}/accept`, {
      body: {},
      cookie,
      version: 1,
    })
    stage.hold(
      `${name}: it is accepted`,
      accepted.status === 200,
      `${accepted.status} ${accepted.status === 200 ? '' : accepted.text.slice(0, 160)}`,
    )
    if (offset === '+800d') {
      const { rows } = await withSuperuser(data, (client) =>
        client.query<{ provisional: boolean }>('select due_provisional as provisional from request where id = $1', [
          filed.body.id,
        ]),
      )
      stage.hold(
        `${name}: the deadline is marked as provisional`,
        rows[0]?.provisional === true,
        String(rows[0]?.provisional),
      )
    }
  }
  const { rows } = await withSuperuser(data, (client) =>
    client.query<{ kind: string }>(
      `select kind from ledger.act where kind in ('request.warn-due-soon', 'request.mark-overdue', 'request.supervise-by-itself')
         group by record, kind, (select count(*) from ledger.act b where b.record = ledger.act.record and b.kind = 'request.reopen') having count(*) > 8`,
    ),
  )
  stage.hold(`${real ? 'a real installation: ' : ''}no timer fired over and over`, rows.length === 0, rows.length)
  stage.hold(`${real ? 'a real installation: ' : ''}the server never ended`, program.child.exitCode === null)
  await program.end()
  await holdRegister(stage, data)
  drop(data)
}

export const weekMissed: Fault = {
  name: 'week-missed',
  what: 'the server is off for a week by the clock, with some hundred open matters whose deadlines pass meanwhile',
  async happen(stage) {
    const clock = settable(stage, 'week')
    if (!clock) return stage.hold('not tried on this machine', true)
    const data = freshData('week')
    const { gateway, mail, ...posting } = await openProviders()
    const environment = { ...clock.environment, ...posting.environment }
    const first = await serve(stage, { data, environment })
    const { place } = await secretaryOf(first.address, data)
    for (let turn = 0; turn < 40; turn += 1)
      await ask(first.address, '/api/requests', { body: filing(place, `第 ${turn} 件：路灯不亮`) })
    await sleep(4_000)
    await first.end()
    const before = mail.letters.length
    clock.set('+7d')
    const second = await serve(stage, { data, environment })
    const begun = performance.now()
    const open = () =>
      withSuperuser(data, async (client) => {
        const { rows } = await client.query<{ left: string }>(
          `select (select count(*) from pgboss.job where state in ('created', 'retry', 'active') and start_after <= now() and name like 'request.%')
             + (select count(*) from outbox where state = 'waiting' and next_attempt_at <= now()) as left`,
        )
        return Number(rows[0]?.left) === 0
      })
    // Twice in a row, since what is done may make more.
    const done = await until(async () => (await open()) && (await sleep(1_500, true)) && (await open()), 180, 500)
    stage.hold('everything that was due has been done', done !== null)
    stage.again((performance.now() - begun) / 1_000)
    const total = await countOf(data, 'ledger.act')
    const { rows: marks } = await withSuperuser(data, (client) =>
      client.query<{ kind: string; records: number; most: number }>(
        `select kind, count(*)::integer as records, max(times)::integer as most
         from (select kind, record, count(*) as times from ledger.act
               where kind in ('request.warn-due-soon', 'request.mark-overdue', 'request.supervise-by-itself') and record in (select id from request where body like '第 % 件：路灯不亮')
               group by kind, record) each group by kind order by kind`,
      ),
    )
    stage.hold(
      'each mark of the new matters once',
      marks.length > 0 && marks.every(({ most }) => most === 1),
      marks.map(({ kind, records }) => `${kind} ${records}`).join(', '),
    )
    const { rows: order } = await withSuperuser(data, (client) =>
      client.query(
        `select from ledger.act soon join ledger.entry s on s.act = soon.id
           join ledger.act late on late.record = soon.record and late.kind = 'request.mark-overdue' join ledger.entry l on l.act = late.id
         where soon.kind = 'request.warn-due-soon' and s.place > l.place and soon.record in (select id from request where body like '第 % 件：路灯不亮')`,
      ),
    )
    stage.hold('warned before late, in the register', order.length === 0, order.length)
    const letters = mail.letters.slice(before)
    const perPerson = Map.groupBy(letters, ({ to }) => to)
    const most = Math.max(0, ...[...perPerson.values()].map(({ length }) => length))
    stage.hold('letters to one person, at most', most <= 40, `${most} of ${letters.length}`)
    const texts = Map.groupBy(gateway.taken, ({ to }) => to)
    const mostTexts = Math.max(0, ...[...texts.values()].map(({ length }) => length))
    stage.hold('text messages to one person, at most', mostTexts <= 6, `${mostTexts} of ${gateway.taken.length}`)
    stage.saw(`acts after the week: ${total}`)
    await second.end()
    await holdRegister(stage, data)
    await posting.close()
    drop(data)
  },
}
