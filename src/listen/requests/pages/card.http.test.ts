import { create } from 'qrcode'
import { describe, expect, test } from 'vitest'
import { testDatabase } from '#testing/database.ts'
import { makeOrganisation } from '#testing/organisation.ts'
import { testServer } from '#testing/server.ts'
import { visitorOf } from '#testing/visitor.ts'

// The contact card: who has one, what stands on it, and that its code leads to the form with place and officer filled in.
const server = await testServer(await testDatabase({ keep: true }))
const { staff, bodies } = await makeOrganisation(server)
const own = server.database.owner.pool
const { tenure } = staff.secretary
await own.query('update post set shown = true where id <> $1', [staff.dispatcher.post])

const get = async (path: string, cookie = '', language = 'zh-CN') => {
  const answer = await server.fetch(path, {
    headers: { Accept: 'text/html', 'Accept-Language': language, ...(cookie ? { Cookie: cookie } : {}) },
  })
  return { status: answer.status, html: await answer.text(), location: answer.headers.get('location') ?? '' }
}

/** The dark modules of a printed code, read back from its drawing: row by row, without the quiet edge. */
function modulesOf(page: string): number[][] {
  const side = Number(/class="qr"[^>]*viewBox="0 0 (\d+) /.exec(page)?.[1])
  const rows = Array.from({ length: side - 8 }, () => Array.from({ length: side - 8 }, () => 0))
  const drawn = /class="qr".*?<path d="([^"]+)"/s.exec(page)?.[1] ?? ''
  for (const [, x, y, wide] of drawn.matchAll(/M(\d+) (\d+)h(\d+)v1h-\d+z/g))
    for (let at = 0; at < Number(wide); at += 1) (rows[Number(y) - 4] ?? [])[Number(x) - 4 + at] = 1
  return rows
}

/**
 * What a code says, decoded by the standard (ISO/IEC 18004) and not by the library that drew it: mask taken off, modules read in
 * their zigzag, blocks put together again. Bytes only, nothing corrected.
 */
function decoded(rows: readonly (readonly number[])[], blocks: readonly number[]): string {
  const size = rows.length
  const version = (size - 17) / 4
  const dark = (x: number, y: number) => rows[y]?.[x] ?? 0
  // The mask stands in the format bits, themselves under a mask of their own: bits 12, 11 and 10 lie beside the first finder.
  const mask = ((dark(2, 8) << 2) | (dark(3, 8) << 1) | dark(4, 8)) ^ 0b101
  const masked = (x: number, y: number): boolean =>
    [
      (x + y) % 2,
      y % 2,
      x % 3,
      (x + y) % 3,
      (Math.floor(y / 2) + Math.floor(x / 3)) % 2,
      ((x * y) % 2) + ((x * y) % 3),
      (((x * y) % 2) + ((x * y) % 3)) % 2,
      (((x + y) % 2) + ((x * y) % 3)) % 2,
    ][mask] === 0
  const first = 6
  const last = size - 7
  const between = version < 7 ? [] : [first + (last - first) / 2]
  const centres = [first, ...between, last]
  const fixed = (x: number, y: number): boolean =>
    (x < 9 && (y < 9 || y >= size - 8)) ||
    (x >= size - 8 && y < 9) ||
    x === 6 ||
    y === 6 ||
    (version >= 7 && ((x < 6 && y >= size - 11) || (y < 6 && x >= size - 11))) ||
    centres.some((cx) => centres.some((cy) => !inFinder(cx, cy) && Math.abs(x - cx) <= 2 && Math.abs(y - cy) <= 2))
  const inFinder = (x: number, y: number) => (x < 9 && (y < 9 || y >= size - 9)) || (x >= size - 9 && y < 9)
  const bits: number[] = []
  let up = true
  for (let right = size - 1; right > 0; right -= 2) {
    if (right === 6) right = 5
    for (let step = 0; step < size; step += 1) {
      const y = up ? size - 1 - step : step
      for (const x of [right, right - 1]) if (!fixed(x, y)) bits.push(dark(x, y) ^ (masked(x, y) ? 1 : 0))
    }
    up = !up
  }
  const taken = (list: readonly number[], at: number, many: number) =>
    list.slice(at, at + many).reduce((sum, bit) => sum * 2 + bit, 0)
  const words = Array.from({ length: Math.floor(bits.length / 8) }, (_, at) => taken(bits, at * 8, 8))
  // The blocks lie one word of each after the other.
  const apart: number[][] = blocks.map(() => [])
  let next = 0
  for (let at = 0; at < Math.max(...blocks); at += 1)
    blocks.forEach((length, block) => {
      if (at < length) apart[block]?.push(words[next++] ?? 0)
    })
  const data = apart.flat().flatMap((word) => [7, 6, 5, 4, 3, 2, 1, 0].map((bit) => (word >> bit) & 1))
  let said = ''
  let at = 0
  const alphanumeric = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:'
  for (;;) {
    const mode = taken(data, at, 4)
    at += 4
    if (mode === 4) {
      const many = taken(data, at, 8)
      at += 8
      for (let each = 0; each < many; each += 1, at += 8) said += String.fromCharCode(taken(data, at, 8))
    } else if (mode === 2) {
      const many = taken(data, at, 9)
      at += 9
      for (let left = many; left > 0; left -= 2) {
        const two = left > 1
        const value = taken(data, at, two ? 11 : 6)
        at += two ? 11 : 6
        said += two ? `${alphanumeric[Math.floor(value / 45)]}${alphanumeric[value % 45]}` : alphanumeric[value]
      }
    } else if (mode === 1) {
      let left = taken(data, at, 10)
      at += 10
      for (; left > 0; left -= 3) {
        const digits = Math.min(3, left)
        const wide = [0, 4, 7, 10][digits] ?? 0
        said += String(taken(data, at, wide)).padStart(digits, '0')
        at += wide
      }
    } else return said
  }
}

/** Words of data in each block at the middle level of correction, by version. */
const blocksAtM: Readonly<Record<number, readonly number[]>> = {
  5: [43, 43],
  6: [27, 27, 27, 27],
  7: [31, 31, 31, 31],
  8: [38, 38, 39, 39],
  9: [36, 36, 36, 37, 37],
}

describe('the card of somebody whom residents see', () => {
  test('name, post, unit, and how the office is reached', async () => {
    await own.query(
      `update body set telephone = '0514-87654321', address = '五里路 1 号', hours = '周一至周五' where id = $1`,
      [bodies.committee],
    )
    const { status, html } = await get(`/cards/${tenure}`)
    expect(status).toBe(200)
    for (const said of [
      staff.secretary.name,
      '社区书记',
      '五里社区居委会',
      '0514-87654321',
      '五里路 1 号',
      '周一至周五',
    ])
      expect(html).toContain(said)
  })

  test('its code, decoded, is the address in print, and opens the form with place and officer', async () => {
    const { html } = await get(`/cards/${tenure}`)
    const rows = modulesOf(html)
    const address = decoded(rows, blocksAtM[(rows.length - 17) / 4] ?? [])
    expect(address).toBe(`${server.kernel.config.publicUrl}/places/321003001001/tell?card=${tenure}`)
    expect(html).toContain(`>${address}</span>`)
    expect(rows.flat()).toEqual([...create(address, { errorCorrectionLevel: 'M' }).modules.data].map(Number))
    const told = await visitorOf(server).page(address.slice(server.kernel.config.publicUrl.length))
    expect(told).toContain(`name="card" value="${tenure}"`)
    expect(told).toContain(staff.secretary.name)
  })

  test('one on A6, four on A4, of which a screen reader reads one', async () => {
    const four = (await get(`/cards/${tenure}?paper=a4`)).html
    expect((await get(`/cards/${tenure}`)).html.match(/class="contact-card"/g)).toHaveLength(1)
    expect(four.match(/class="contact-card"/g)).toHaveLength(4)
    expect(four.match(/aria-hidden="true"><section class="contact-card"/g)).toHaveLength(3)
  })

  test('in English where it is asked for', async () => {
    await own.query(`update post set title_en = 'Party secretary' where id = $1`, [staff.secretary.post])
    const { html } = await get(`/cards/${tenure}`, '', 'en')
    expect(html).toContain('Party secretary')
    expect(html).toContain('Scan to tell us')
  })
})

describe('who has none', () => {
  test.each(['', staff.leader.cookie])(
    'the holder of a post that residents do not see, whoever asks',
    async (cookie) => {
      expect((await get(`/cards/${staff.dispatcher.tenure}`, cookie)).status).toBe(404)
    },
  )

  test('whoever has left; what is no tenure', async () => {
    await own.query(
      `update tenure set during = tstzrange(lower(during), lower(during) + interval '1 minute') where id = $1`,
      [staff.hand.tenure],
    )
    for (const other of [staff.hand.tenure, staff.secretary.post, 'x'])
      expect((await get(`/cards/${other}`)).status).toBe(404)
  })

  test('whose unit was dissolved', async () => {
    await own.query(`update body set dissolved_at = now(), dissolved_basis = 'x' where id = $1`, [bodies.otherProperty])
    expect((await get(`/cards/${staff.otherManager.tenure}`)).status).toBe(404)
  })
})
