// What the tests of figures share: a server with an organisation, a second kind and a second subdistrict, and the plain way to count.
import { expect } from 'vitest'
import { testDatabase } from '#testing/database.ts'
import { makeOrganisation, type Staff } from '#testing/organisation.ts'
import { requestsOf } from '#testing/requests.ts'
import { testServer } from '#testing/server.ts'
import { counts, type Figure, type Figures, readFigures } from './figures.api.ts'
import { daysOf } from './figures.rules.ts'
import { foldFigures } from './figures.store.ts'

/** For each file of tests anew. */
export async function counting() {
  const server = await testServer(await testDatabase({ keep: true }))
  const organisation = await makeOrganisation(server)
  const { file, ask, does, answered, row } = requestsOf(server, organisation)
  const { staff, places, bodies, resident } = organisation
  const run = (text: string, values: unknown[] = []) => server.superuser.query(text, values)
  const fold = () => foldFigures(server.database.jobs.sql, 100_000)

  const asked = (as: { cookie: string } | null, query: Record<string, string> = {}, language = 'zh-CN') =>
    server.call(readFigures, { as: as?.cookie ?? null, query, language })
  async function figures(as: Staff, query: Record<string, string> = {}, language?: string): Promise<Figures> {
    const answer = await asked(as, query, language)
    expect(answer.status, answer.text).toBe(200)
    return answer.body
  }

  const thisMonth = () => new Date(server.clock.now().getTime() + 8 * 3_600_000).toISOString().slice(0, 7)

  /** What the requests themselves say, counted the plain way. */
  async function plainly(path: string, from: string, until: string): Promise<Figure> {
    const { filedFrom, filedUntil } = daysOf(from, until)
    const closed = (result: string) => `count(*) filter (where result = '${result}')::int`
    const { rows } = await run(
      `select count(*)::int as told, ${['received', 'accepted', 'dispatched', 'acknowledged', 'answered', 'closed']
        .map((state) => `count(*) filter (where state = '${state}')::int as ${state}`)
        .join(', ')},
         ${['explained', 'unconfirmed', 'withdrawn', 'merged'].map((result) => `${closed(result)} as ${result}`).join(', ')},
         ${closed('answered_elsewhere')} as "answeredElsewhere",
         count(*) filter (where result in ('solved', 'partly', 'unsolved'))::int as said,
         count(*) filter (where answered_late is not true and (answered_at <= promised_at
           or answered_at is null and (heard_at <= promised_at or heard_at is not null and answered_late is false)))::int as "inTime",
         count(*) filter (where answered_late or answered_at > promised_at
           or answered_late is null and answered_at is null and heard_at > promised_at)::int as late,
         count(*) filter (where missed and answered_late is not true and answered_at is null and heard_at is null)::int as missed,
         ${['transferred', 'returned', 'accepted_late']
           .map(
             (
               kind,
             ) => `(select count(*)::int from request_event e join request q on q.id = e.request where e.kind = '${kind}'
           and starts_with(e.path, $1) and (q.filed_at at time zone 'Asia/Shanghai')::date between $2 and $3)
           as "${kind === 'accepted_late' ? 'acceptedLate' : kind}"`,
           )
           .join(', ')}
       from request where starts_with(path, $1) and (filed_at at time zone 'Asia/Shanghai')::date between $2 and $3`,
      [path, filedFrom, filedUntil],
    )
    return rows[0]
  }
  const bare = (figure: Figure): Figure => Object.fromEntries(counts.map((count) => [count, figure[count]])) as Figure

  /** Copies a request that was really filed, as often as wanted, with other columns. */
  const copied = (id: string, columns: Record<string, unknown>, times = 1) =>
    run(
      `insert into request select (jsonb_populate_record(r, $2::jsonb || jsonb_build_object('id', uuidv7(), 'number', nextval('request_number') * 10 + 5,
         'outer_number', null))).* from request r, generate_series(1, $3) where r.id = $1`,
      [id, JSON.stringify(columns), times],
    )

  const otherKind = '019c0000-0000-7000-8000-00000000000a'
  const nextSubdistrict = '019c0000-0000-7000-8000-00000000000b'

  const model = (await file()).id
  await run(
    `insert into category (id, path, code, level1, level2, level3, level1_en) values ($1, $2, 'noise', '环境保护', '噪声', '夜间', 'Environment')`,
    [otherKind, places.district.path],
  )
  await run(
    `insert into place (id, code, kind, name, short_name, path, parent_id) values ($1, '321003002', 'subdistrict', '双桥街道', '双桥', '32/10/03/002/', $2)`,
    [nextSubdistrict, places.district.id],
  )
  return {
    server,
    organisation,
    file,
    ask,
    does,
    answered,
    row,
    staff,
    places,
    bodies,
    resident,
    run,
    fold,
    asked,
    figures,
    thisMonth,
    plainly,
    bare,
    copied,
    model,
    otherKind,
    nextSubdistrict,
  }
}
