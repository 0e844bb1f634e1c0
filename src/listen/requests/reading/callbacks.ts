// Whom to call back, in the order of the draw, without anything about who handled it.
import { sql } from 'kysely'
import { type Act, signedIn } from '#kernel/access/index.ts'
import { startOfDay } from '#kernel/calendar/index.ts'
import { formatNumber } from '../number.ts'
import { addDays } from '../requests.rules.ts'
import { under } from './concerns.ts'
import { surroundingsAt } from './surroundings.ts'

interface Row {
  call_back: string
  request: string
  number: number
  title: string
  path: string
  place_name: string
  drawn_on: string
  tries: number
}

export async function listCallBacksOf(act: Act, query: { after?: string | undefined; limit?: number | undefined }) {
  signedIn(act)
  const limit = query.limit ?? 50
  const { rows } = await sql<Row>`
    select c.id as call_back, c.request, r.number, r.title, r.path, ${act.language === 'en' ? sql`coalesce(p.name_en, p.short_name)` : sql`p.short_name`} as place_name, c.drawn_on, c.tries
    from call_back c join request r on r.id = c.request join place p on p.id = coalesce((select here.id from place here where here.path = r.path), r.place)
    where c.state in ('waiting', 'not_reached') and r.state = 'answered' and ${under('c.path', act.actor.reach['request.callback'])}
      ${query.after ? sql`and c.id > (select id from call_back where request = ${query.after} and state in ('waiting', 'not_reached'))` : sql``}
    order by c.id limit ${sql.lit(limit + 1)}`.execute(act.sql)
  const shown = rows.slice(0, limit)
  return {
    items: await Promise.all(
      shown.map(async (row) => ({
        request: row.request,
        number: formatNumber(row.number),
        title: row.title,
        placeName: row.place_name,
        drawnOn: row.drawn_on,
        until: addDays(
          startOfDay(row.drawn_on),
          (await surroundingsAt(act.sql, row.path, act.now)).settings.callBackDays,
        ).toISOString(),
        tries: row.tries,
      })),
    ),
    next: rows.length > limit ? (shown.at(-1)?.request ?? null) : null,
  }
}
