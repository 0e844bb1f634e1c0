// What the tests of imports stand on: two places, a body, categories, and files of rows made up here.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { newId } from '#kernel/database/identifiers.ts'
import type { Database } from '#kernel/database/index.ts'

export const code = '990101001'
export const path = '99/01/01/001/'

/** A place with an office whose clerk accepts requests, a place without, and three categories. */
export async function settle(owner: Database): Promise<{ body: string; place: string }> {
  const place = newId()
  const elsewhere = newId()
  const run = (text: string, values: unknown[]) => owner.pool.query(text, values)
  for (const [id, number, at, name] of [
    [place, code, path, '柳桥街道'],
    [elsewhere, '990102001', '99/01/02/001/', '石塘街道'],
  ] as const) {
    await run("insert into place (id, code, kind, name, short_name, path) values ($1, $2, 'subdistrict', $3, $3, $4)", [
      id,
      number,
      name,
      at,
    ])
  }
  const body = newId()
  await run(
    "insert into body (id, kind, name, place, path) values ($1, 'subdistrict_office', '柳桥街道办事处', $2, $3)",
    [body, place, path],
  )
  await accept(owner, body)
  for (const [one, two, three, days] of [
    ['城市管理', '公用设施', '路灯', 3],
    ['城市管理', '公用设施', '井盖', 2],
    ['环境保护', '噪声', '施工噪声', 10],
  ] as const) {
    await run(
      'insert into category (id, path, code, level1, level2, level3, promised_days) values ($1, $2, $3, $4, $5, $6, $7)',
      [newId(), path, `c${days}`, one, two, three, days],
    )
  }
  return { body, place }
}

async function accept(owner: Database, body: string): Promise<void> {
  const person = newId()
  const post = newId()
  await owner.pool.query("insert into person (id, name) values ($1, '示例受理员')", [person])
  await owner.pool.query(
    "insert into post (id, body, title, duties) values ($1, $2, '受理员', array['request.accept'])",
    [post, body],
  )
  await owner.pool.query(
    `insert into tenure (id, post, seat, person, holder_name, during)
     values ($1, $2, 1, $3, '示例受理员', tstzrange(now() - interval '1 day', null))`,
    [newId(), post, person],
  )
}

/** A folder of its own for files, gone at the end. */
export function folder(): {
  path(name: string): string
  write(name: string, content: string | Uint8Array): string
  remove(): void
} {
  const directory = mkdtempSync(join(tmpdir(), 'linli-import-'))
  const pathOf = (name: string): string => join(directory, name)
  return {
    path: pathOf,
    write(name, content) {
      writeFileSync(pathOf(name), content)
      return pathOf(name)
    },
    remove: () => rmSync(directory, { recursive: true, force: true }),
  }
}

const matters = [
  ['楼道灯不亮', '三号楼二单元的楼道灯坏了一个星期，老人夜里下楼看不清台阶，请派人修理。'],
  ['垃圾房气味大', '小区北门的垃圾房每天中午才清运，天热以后气味很大，一楼住户不敢开窗。'],
  ['广场舞声音太响', '晚上九点以后小广场的音响仍然开得很响，孩子要早睡，希望能定个时间。'],
  ['路面积水', '菜场门口一下雨就积水，上周有人滑倒，希望把排水口疏通一下。'],
  ['健身器材松动', '河边健身区的漫步机螺丝松了，孩子常在上面玩，担心出事。'],
]

/** Rows as of a made-up hotline; every third one answered. */
export function madeRows(count: number, from = 1): Record<string, string>[] {
  return Array.from({ length: count }, (_, index) => {
    const number = from + index
    const [subject = '', body = ''] = matters[number % matters.length] ?? []
    const answered = number % 3 === 0
    const filed = new Date(Date.UTC(2024, 0, 1) + number * 300_000).toISOString().slice(0, 19)
    return {
      编号: `LQ${number}`,
      留言主题: `${subject}（${number}）`,
      留言时间: filed.replace('T', ' '),
      留言详情: `${body}${number}号来信。`,
      答复意见: answered ? `您好，已安排人员于次日处理完毕，编号${number}。` : '',
      答复时间: answered ? '2025年1月9日 10:30' : '',
    }
  })
}

/** CSV text of rows. */
export function csvOf(rows: readonly Record<string, string>[], delimiter = ','): string {
  const headings = Object.keys(rows[0] ?? {})
  const quoted = (cell: string) => `"${cell.replaceAll('"', '""')}"`
  const lines = [headings, ...rows.map((row) => headings.map((heading) => row[heading] ?? ''))]
  return `${lines.map((cells) => cells.map(quoted).join(delimiter)).join('\r\n')}\r\n`
}
