// A whole province that can be asked: a body at every level, in every community and in every grid, and eleven people in each grid.

import { startKernel } from '#app/kernel.ts'
import { registerAllWords } from '#app/words.ts'
import type { Config } from '#kernel/config/index.ts'
import { openDatabase } from '#kernel/database/index.ts'
import { nameGrams } from '#kernel/search/index.ts'
import type { BodyKind, Duty } from '#organise/bodies/duties.ts'
import { note, tell } from '../figures.ts'
import { idAt, name, seeded } from '../invented.ts'
import { type Community, leading, type Organisation, reading, signIn } from '../organisation.ts'
import { copy, withoutTriggers } from '../past.rows.ts'
import { asSuperuser, inBulk } from './bulk.ts'
import { middleOf, netOf, ringOf } from './grids.ts'

/** 江苏: thirteen cities, 95 districts, some twenty thousand communities. */
export const provincePath = '32/'
/** People of a grid: one who leads it and ten who work in it. */
const perGrid = 10
/** Of the communities, the busiest first, every so manieth has a secretary who is signed in. */
const every = 256

const year = 365 * 24 * 3_600_000

interface Place {
  readonly id: string
  readonly path: string
  readonly kind: string
  readonly name: string
}

/** Makes what is not there yet, and signs some of its people in; sessions are real ones of the real sign-in. */
export async function makeProvince(config: Config, grids: number): Promise<Organisation> {
  const owner = openDatabase(config.ownerUrl, { connections: 2, statementSeconds: 0, name: 'linli bench' })
  try {
    const { rows: there } = await owner.pool.query(
      "select exists (select from place where kind = 'grid' and path >= $1 and path < $1 || '~') as made",
      [provincePath],
    )
    if (!there[0]?.made) await fill(grids)
    const { rows: found } = await owner.pool.query<Community & { person: string }>(
      // Which are busy has nothing to do with where they lie.
      `select p.id, p.path, c.id as committee, ct.id as secretary, ct.person, u.id as unit, ut.id as manager
       from place p
         join body c on c.place = p.id and c.kind = 'residents_committee' join post cp on cp.body = c.id join tenure ct on ct.post = cp.id
         join body u on u.place = p.id and u.kind = 'property_manager' join post up on up.body = u.id join tenure ut on ut.post = up.id
       where p.kind = 'community' and p.path >= $1 and p.path < $1 || '~' order by md5(p.path)`,
      [provincePath],
    )
    const { rows: categories } = await owner.pool.query<{ id: string }>(
      'select id from category where path = $1 order by length(code), code',
      [provincePath],
    )
    // Of the subdistricts and districts in which the busiest communities lie.
    const levels = (depth: number) =>
      [...new Set(found.slice(0, 12).map(({ path }) => `${path.split('/').slice(0, depth).join('/')}/`))].slice(0, 6)
    const headsOf = async (paths: readonly string[]) =>
      (
        await owner.pool.query<{ person: string }>(
          `select t.person from body b join post p on p.body = b.id join tenure t on t.post = p.id
           where b.path = any ($1) and p.is_head order by b.path, t.id`,
          [paths],
        )
      ).rows.map(({ person }) => person)
    await registerAllWords()
    const kernel = await startKernel({ ...config, limitFactor: 1_000_000 })
    try {
      const cookiesOf = async (people: readonly string[]) => {
        const cookies: string[] = []
        for (const person of people) cookies.push(await signIn(kernel, owner, person))
        return cookies
      }
      return {
        communities: found.map(({ person: _, ...community }) => community),
        categories: categories.map(({ id }) => id),
        every,
        cookies: {
          secretaries: await cookiesOf(found.filter((_, rank) => rank % every === 0).map(({ person }) => person)),
          dispatchers: await cookiesOf(await headsOf(levels(4))),
          leaders: await cookiesOf(await headsOf(levels(3))),
          provinces: await cookiesOf(await headsOf([provincePath])),
        },
      }
    } finally {
      await kernel.stop()
    }
  } finally {
    await owner.close()
  }
}

/** Copies places, bodies, posts, people and tenures in. */
async function fill(grids: number): Promise<void> {
  const began = performance.now()
  await asSuperuser(async (client) => {
    await withoutTriggers(client)
    const random = seeded(32)
    const since = Date.now() - 4 * year
    const { rows: places } = await client.query<Place>(
      `select id, path, kind, name from place where path >= $1 and path < $1 || '~' and abolished_at is null
         and kind in ('province', 'city', 'district', 'subdistrict', 'community') order by path`,
      [provincePath],
    )
    const rows = {
      place: [] as unknown[][],
      shape: [] as unknown[][],
      body: [] as unknown[][],
      post: [] as unknown[][],
      person: [] as unknown[][],
      tenure: [] as unknown[][],
    }
    const flush = async () => {
      await copy(
        client,
        'place',
        'id, kind, name, short_name, path, parent_id, grams, name_source, longitude, latitude',
        rows.place,
      )
      await copy(client, 'place_shape', 'place, ring', rows.shape)
      await copy(client, 'body', 'id, kind, name, place, path', rows.body)
      await copy(client, 'person', 'id, name', rows.person)
      await copy(client, 'post', 'id, body, title, duties, seats, is_head, shown', rows.post)
      await copy(client, 'tenure', 'id, post, seat, person, holder_name, during', rows.tenure)
      for (const each of Object.values(rows)) each.length = 0
    }
    let turn = 0
    const fresh = () => {
      turn += 1
      return idAt(since + turn, random)
    }
    const found = (kind: BodyKind, place: Pick<Place, 'id' | 'path'>, called: string) => {
      const id = fresh()
      rows.body.push([id, kind, called, place.id, place.path])
      return id
    }
    const during = `[${new Date(since).toISOString()},)`
    const appoint = (body: string, title: string, duties: readonly Duty[], head: boolean, seats = 1) => {
      const post = fresh()
      rows.post.push([post, body, title, duties, seats, head, head])
      for (let seat = 1; seat <= seats; seat += 1) {
        const [person, called] = [fresh(), name(random)]
        rows.person.push([person, called])
        rows.tenure.push([fresh(), post, seat, person, called, during])
      }
    }
    let communities = 0
    const perCommunity = grids / places.filter(({ kind }) => kind === 'community').length
    const net = netOf(grids)
    let gridsMade = 0
    await inBulk(client, ['place', 'place_shape', 'body', 'post', 'person', 'tenure'], async () => {
      for (const place of places) {
        if (place.kind === 'province') {
          const body = found('department', place, `${place.name}治理办`)
          for (const title of ['主任', '副主任'])
            appoint(body, title, [...leading, 'request.publish', 'request.contact'], true)
        } else if (place.kind === 'city') {
          appoint(found('department', place, `${place.name}治理办`), '负责人', leading, true)
        } else if (place.kind === 'district') {
          appoint(found('district_government', place, `${place.name}治理中心`), '负责人', leading, true)
        } else if (place.kind === 'subdistrict') {
          appoint(found('subdistrict_office', place, `${place.name}办事处`), '派单员', reading, true)
        } else {
          appoint(
            found('residents_committee', place, place.name),
            '书记',
            [...reading, 'request.handle', 'request.agree'],
            true,
          )
          const unit = found('property_manager', place, `${place.name.slice(0, 70)}物业`)
          appoint(unit, '经理', ['request.handle'], true)
          communities += 1
          const upTo = Math.round(communities * perCommunity)
          for (let number = 1; gridsMade < upTo; number += 1, gridsMade += 1) {
            const called = `第${number}网格`
            const grid = { id: fresh(), path: `${place.path}g${String(number).padStart(2, '0')}/` }
            const { longitude, latitude } = middleOf(net, gridsMade)
            rows.place.push([
              grid.id,
              'grid',
              called,
              called,
              grid.path,
              place.id,
              nameGrams(called),
              'local',
              longitude,
              latitude,
            ])
            rows.shape.push([grid.id, ringOf(net, gridsMade)])
            const body = found('grid', grid, `${place.name.slice(0, 70)}${called}`)
            appoint(body, '网格长', ['request.enter', 'request.handle'], true)
            appoint(body, '网格员', ['request.handle'], false, perGrid)
          }
        }
        if (rows.tenure.length > 20_000) await flush()
      }
      await flush()
    })
    await client.query(
      `insert into category (id, path, code, level1, level2, level3, promised_days)
         select gen_random_uuid(), $1, 'c' || n, '类' || n % 6, '项' || n % 20, '目' || n, 5 from generate_series(0, 59) n`,
      [provincePath],
    )
  })
  const seconds = (performance.now() - began) / 1_000
  note(`${grids} grids and ${grids * (perGrid + 1)} people of theirs in ${seconds.toFixed(0)} s`)
  tell('load.organisation', seconds, 's')
}
