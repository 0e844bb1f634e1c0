import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { type Declared, type Erasure, erasures, exportings, type RoomDeclaration, retentions } from './columns.ts'

const isDeclaration = (value: unknown): value is RoomDeclaration =>
  typeof value === 'object' && value !== null && 'room' in value && 'tables' in value

/** Every declaration in the `.privacy.ts` files below a folder, by room. */
export async function loadDeclarations(folder: string): Promise<RoomDeclaration[]> {
  const names = (await readdir(folder, { recursive: true })).filter((name) => name.endsWith('.privacy.ts')).sort()
  const found: RoomDeclaration[] = []
  for (const name of names) {
    const exported: Record<string, unknown> = await import(pathToFileURL(join(folder, name)).href)
    found.push(...Object.values(exported).filter(isDeclaration))
  }
  return found.sort((a, b) => (a.room < b.room ? -1 : 1))
}

const source = fileURLToPath(new URL('../..', import.meta.url))

/** What is erased, deleted, runs out or is untied from its person. */
const goes: readonly Erasure[] = ['erased', 'deleted', 'expires', 'unlinked']

/** Every column whose values go, with a person or by themselves, as `schema.table.column`: no copy of single values may outlast them. */
export async function goingColumns(): Promise<ReadonlySet<string>> {
  const declarations = await loadDeclarations(source)
  return new Set(
    declarations.flatMap(({ tables }) =>
      Object.entries(tables).flatMap(([table, declared]) =>
        declared
          .filter(({ erasure }) => goes.includes(erasure))
          .flatMap(({ columns }) =>
            columns.map((column) => `${table.includes('.') ? '' : 'public.'}${table}.${column}`),
          ),
      ),
    ),
  )
}

/**
 * What is wrong between the declarations and the columns that exist: undeclared, declared twice, declared but not there.
 * @param existing `table.column`, tables outside `public` with their schema
 */
export function compareColumns(declarations: readonly RoomDeclaration[], existing: ReadonlySet<string>): string[] {
  const owners = new Map<string, string>()
  const problems: string[] = []
  for (const { room, tables } of declarations)
    for (const [table, declared] of Object.entries(tables))
      for (const column of declared.flatMap((one) => one.columns)) {
        const name = `${table}.${column}`
        const other = owners.get(name)
        if (other) problems.push(`${name} is declared by ${other} and ${room}`)
        owners.set(name, room)
        if (!existing.has(name)) problems.push(`${name}, declared by ${room}, does not exist`)
      }
  for (const name of existing) if (!owners.has(name)) problems.push(`${name} is not declared`)
  return problems.sort()
}

const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ')

/** A row of the document: what it is about, then the four answers. */
function answers(about: string, one: Omit<Declared, 'columns'>): string {
  return [
    '',
    about,
    `${one.purpose.zh}<br>${one.purpose.en}`,
    `${retentions[one.retention].zh}<br>${retentions[one.retention].en}`,
    `${exportings[one.export].zh}<br>${exportings[one.export].en}`,
    `${erasures[one.erasure].zh}<br>${erasures[one.erasure].en}`,
    '',
  ]
    .map(cell)
    .join(' | ')
    .trim()
}

/** The privacy assessment as a document, in both languages, made of nothing but the declarations. */
export function printPrivacyAssessment(declarations: readonly RoomDeclaration[]): string {
  const lines = [
    '# 个人信息保护影响评估 · Privacy assessment',
    '',
    '本文由各房间对其数据列的声明生成，勿手改：`node scripts/privacy.ts`。测试保证数据库的每一列都有声明。',
    '',
    'Made from what each room declares of its columns; do not edit by hand: `node scripts/privacy.ts`. A test holds that every column of the database is declared.',
    '',
    '## 通则 · What holds everywhere',
    '',
    '- 每一列都有用途；没有宗教、民族、观点、“风险”之类的列。 Every column has a purpose; there is none for religion, ethnicity, opinion or "risk".',
    '- 联系方式在数据库之外加密（AES-256-GCM），只留可精确比对的盲索引。 Contact is encrypted outside the database (AES-256-GCM); a blind index serves exact match.',
    '- 工作人员查阅他人的联系方式或个案会留痕，本人看得到。 Reading another person’s contact or case leaves a trace that the person sees.',
    '- 注销后，行为登记只剩不含文字的事实：摘要的盐被删除。 After deletion the register of acts holds facts without words: the salts of its digests are gone.',
    '- 任务队列（pgboss）只存编号，不存文字；保存 400 天以内。 The job queue (pgboss) holds ids only, no words, for 400 days at most.',
    '- 数据库为规划查询而抽的样（pg_stats）不含会被清除、又不用来查找的内容；用来查找的只有摘要、编号和时间，旧样留到下一次抽样为止。备份里没有这些列的样。 What PostgreSQL samples of the values of columns (pg_stats) holds no words, names or sealed values that go; of what is searched by (digests, ids, times) an old sample may stand until the next is taken. Archives hold no samples of any of these columns.',
    '- 备份保存多久由运行单位决定，应不超过 30 天；恢复备份后须重新执行其后的注销。 How long backups are kept is for the operator to decide, 30 days at most; deletions since then must be applied again after a restore.',
    '',
  ]
  for (const { room, tables } of declarations) {
    if (Object.keys(tables).length === 0) continue
    lines.push(`## ${room}`, '')
    for (const [table, declared] of Object.entries(tables)) {
      lines.push(
        `### \`${table}\``,
        '',
        '| 列 Columns | 用途 Purpose | 保存 Retention | 副本 Copy | 注销 Erasure |',
        '|---|---|---|---|---|',
        ...declared.map((one) => answers(one.columns.map((name) => `\`${name}\``).join(', '), one)),
        '',
      )
    }
  }
  const outside = [
    ['数据库以外的文件 · Files outside the database', '文件 File', declarations.flatMap((room) => room.files ?? [])],
    ['浏览器里 · In the browser', '名称 Name', declarations.flatMap((room) => room.browser ?? [])],
  ] as const
  for (const [title, name, declared] of outside) {
    if (declared.length === 0) continue
    lines.push(
      `## ${title}`,
      '',
      `| ${name} | 用途 Purpose | 保存 Retention | 副本 Copy | 注销 Erasure |`,
      '|---|---|---|---|---|',
      ...declared.map((one) => answers(one.name, one)),
      '',
    )
  }
  return `${lines.join('\n').trimEnd()}\n`
}
