// 100,000 messages of another hotline, taken in by the command as an operator would.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { openDatabase } from '#kernel/database/index.ts'
import { data, root, withOwner } from './context.ts'
import { tell } from './figures.ts'
import { matter, name, reply, seeded } from './invented.ts'
import { command } from './program.ts'

const place = '321002'
const count = 100_000

/** Numbers are new in each run, so that a kept installation takes them in again. */
export async function messages(): Promise<void> {
  const file = join(root, 'messages.csv')
  const run = Date.now().toString(36)
  const random = seeded(90)
  const lines = ['编号,留言主题,留言时间,留言详情,答复意见,答复时间,点赞数']
  for (let index = 0; index < count; index += 1) {
    const { title, body } = matter(random)
    const told = new Date(Date.UTC(2024, 0, 1) + Math.floor(index * 8 * 60_000))
    const answered = new Date(told.getTime() + 3 * 24 * 3_600_000)
    const time = (moment: Date) => moment.toISOString().slice(0, 16).replace('T', ' ')
    lines.push(
      `${run}-${index},${title},${time(told)},"${body}",${index % 5 ? `"${name(random)}：${reply(random)}",${time(answered)}` : ','},${Math.floor(random() * 30)}`,
    )
  }
  writeFileSync(file, `${lines.join('\n')}\n`)
  await responsible()
  const { facts, seconds, megabytes } = await command(data, ['import', 'messages', file, '--place', place])
  if (facts.imported !== count) throw new Error(`${facts.imported} imported, ${facts.rejected} rejected`)
  tell('import.messages', seconds, 's', { atMost: 30 })
  tell('import.messages.without-start', Number(facts.seconds), 's')
  tell('memory.import.messages', megabytes, 'MB')
}

/** Somebody has to be responsible for what comes: the first body of the place, where there is none. */
async function responsible(): Promise<void> {
  const there = await withOwner(async ({ config }) => {
    const owner = openDatabase(config.ownerUrl, { connections: 1 })
    const { rowCount } = await owner.pool.query(
      'select from body b join place p on p.id = b.place where p.code = $1 and b.dissolved_at is null limit 1',
      [place],
    )
    await owner.close()
    return Boolean(rowCount)
  })
  if (!there)
    await command(data, ['account', 'first', '--place', place, '--name', '例一', '--mail', 'first@example.test'])
}
