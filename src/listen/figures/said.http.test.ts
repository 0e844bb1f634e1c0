import { describe, expect, test } from 'vitest'
import type { Staff } from '#testing/organisation.ts'
import { counting } from './figures.harness.ts'
import { recountFigures } from './figures.store.ts'

const { server, staff, places, run, figures, thisMonth, model, nextSubdistrict } = await counting()

describe('what residents said', () => {
  const before = (months: number) =>
    `(date_trunc('month', '${server.clock.now().toISOString()}'::timestamptz at time zone 'Asia/Shanghai') - interval '${months} months')::date`
  const said = async (path: string, verdicts: readonly ('solved' | 'partly' | 'not')[], months = 1) => {
    for (const verdict of verdicts)
      await run(
        `with a as (insert into request_answer (id, request, kind, state, text, author) values (uuidv7(), $1, 'answer', 'sent', 'x', $2) returning id)
         insert into judgement (request, answer, path, solved, given_by, month) select $1, a.id, $3, $4, 'link', ${before(months)} from a`,
        [model, staff.hand.tenure, path, verdict],
      )
  }
  const month = (months: number): string => {
    const [year = 0, number = 0] = thisMonth().split('-').map(Number)
    const all = year * 12 + number - 1 - months
    return `${Math.floor(all / 12)}-${String((all % 12) + 1).padStart(2, '0')}`
  }
  const told = async (place: string, from = 1, until = 1, as: Staff = staff.leader) =>
    (await figures(as, { place, from: month(from), until: month(until) })).whole.verdicts
  const { community, besideCommunity, subdistrict, district, grid } = places

  test('is silent below five, where all are alike, and before the month is over; above, only what is told below adds up', async () => {
    await said(community.path, ['solved', 'solved', 'not', 'solved'])
    expect(await told(subdistrict.id)).toBeNull()
    await said(community.path, ['solved', 'solved', 'solved', 'solved', 'solved'], 2)
    expect(await told(subdistrict.id, 2, 2)).toBeNull()
    await said(community.path, ['solved', 'not', 'solved', 'solved', 'solved'], 0)
    expect(await told(subdistrict.id, 0, 0)).toBeNull()
    // A month that is told does not tell one that is not.
    await said(besideCommunity.path, ['partly'])
    expect(await told(subdistrict.id, 2, 0)).toEqual({ judged: 5, solved: 3, partly: 1, not: 1 })
    expect(await told(district.id, 2, 0)).toEqual({ judged: 5, solved: 3, partly: 1, not: 1 })
    // Four of another subdistrict stay out of the sum of the district.
    await said('32/10/03/002/', ['solved', 'not', 'not', 'not'])
    expect(await told(district.id)).toEqual({ judged: 5, solved: 3, partly: 1, not: 1 })
    await said('32/10/03/002/', ['partly'])
    expect(await told(district.id)).toEqual({ judged: 10, solved: 4, partly: 2, not: 4 })
  })

  test('a community by the rule of its public page; its parts, and what a subdistrict holds itself, say nothing', async () => {
    await said(community.path, ['not', 'partly'])
    // Six of the community and one beside it: less the one, the other would be known.
    expect(await told(community.id)).toBeNull()
    await said(besideCommunity.path, ['not', 'solved', 'solved', 'solved'])
    expect(await told(community.id)).toEqual({ judged: 6, solved: 3, partly: 1, not: 2 })
    const { rows } = await run('select judged::int, solved::int from public_counts($1, $2)', [
      community.path,
      server.clock.now(),
    ])
    expect(rows).toEqual([{ judged: 6, solved: 3 }])
    expect(await told(grid.id)).toBeNull()
    await said(subdistrict.path, ['not', 'not', 'solved', 'not', 'not', 'not'])
    const whole = await figures(staff.leader, { place: subdistrict.id, from: month(1), until: month(1) })
    for (const { place, figure } of whole.parts) if (place === null) expect(figure.verdicts).toBeNull()
    expect(await told(community.id, 1, 1, staff.secretary)).toEqual(await told(community.id))
  })

  test('put together at night, it is the same, and so it is after what it is about has moved', async () => {
    const all = [await told(subdistrict.id, 3, 0), await told(district.id, 3, 0)]
    const before = await told(nextSubdistrict)
    const pieces = async () => Number(await server.one('select count(*)::int from judgement_figure'))
    const apart = await pieces()
    expect(await recountFigures(server.database.jobs.sql)).toBe(0)
    expect(await pieces()).toBeLessThan(apart)
    expect([await told(subdistrict.id, 3, 0), await told(district.id, 3, 0)]).toEqual(all)
    await run('update judgement_figure set solved = solved + 1 where path = $1', [subdistrict.path])
    expect(await recountFigures(server.database.jobs.sql)).toBeGreaterThan(0)
    expect(await told(subdistrict.id, 3, 0)).toEqual(all[0])
    // Where the matter lies since changes nothing of what was told.
    await run('update judgement set path = $2 where path = $1', [besideCommunity.path, '32/10/03/002/009/'])
    expect(await told(nextSubdistrict)).toEqual(before)
    expect([await told(subdistrict.id, 3, 0), await told(district.id, 3, 0)]).toEqual(all)
    expect(await recountFigures(server.database.jobs.sql)).toBe(0)
    await run('update judgement set path = $2 where path = $1', ['32/10/03/002/009/', besideCommunity.path])
  })
})
