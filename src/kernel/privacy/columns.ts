/** How long a column is kept. Each says its reason in the privacy assessment. */
export const retentions = {
  installation: { zh: '随系统长期保存', en: 'as long as the installation runs' },
  public: { zh: '公开的事实，长期保存', en: 'public fact, kept' },
  record: {
    zh: '随办理记录保存，结束后按档案规定',
    en: 'with the record of the work, then as the rules for archives say',
  },
  account: { zh: '到本人注销为止', en: 'until the person deletes their account' },
  office: { zh: '任职记录，任期结束后仍保存', en: 'record of public office, kept after it ends' },
  ledger: { zh: '行为登记，不删除', en: 'register of acts, never deleted' },
  accountability: { zh: '查阅留痕，至少三年', en: 'record of access, three years at least' },
  month: { zh: '结束后 30 天', en: '30 days after its end' },
  week: { zh: '结束后 7 天', en: '7 days after its end' },
  day: { zh: '24 小时', en: '24 hours' },
  session: { zh: '登录期间，最长 30 天', en: 'while signed in, 30 days at most' },
  minutes: { zh: '10 分钟', en: '10 minutes' },
  year: { zh: '一年', en: 'a year' },
  'half-year': { zh: '180 天', en: '180 days' },
  tab: { zh: '到提交或关掉页面为止', en: 'until it is sent or the tab is closed' },
  device: { zh: '到退出登录为止', en: 'until signing out' },
  browser: { zh: '到本人在浏览器里清除为止', en: 'until it is cleared in the browser' },
  errand: { zh: '办完这件事，由操作的人删除', en: 'until whoever made it is done with it and deletes it' },
} as const
export type Retention = keyof typeof retentions

/** Whether a person's copy of their data holds the column. */
export const exportings = {
  copy: { zh: '在本人的副本里', en: 'in the person’s copy' },
  shown: { zh: '不在副本里，本人在页面上看得到', en: 'not in the copy; the person sees it on the page' },
  secret: { zh: '不导出：密钥、摘要或加密值', en: 'not exported: key, digest or sealed value' },
  none: { zh: '不是本人的资料', en: 'not data of the person' },
  others: { zh: '不导出：会泄露别人', en: 'not exported: it would show others' },
} as const
export type Exporting = keyof typeof exportings

/** What becomes of a column when a person deletes their account. */
export const erasures = {
  erased: { zh: '清空', en: 'emptied' },
  deleted: { zh: '整行删除', en: 'the row is deleted' },
  unlinked: { zh: '保留，但不再连到本人', en: 'kept, no longer tied to the person' },
  kept: { zh: '保留：履行职责的记录', en: 'kept: record of duties done' },
  expires: { zh: '到期自动删除', en: 'goes by itself when its time ends' },
  operator: { zh: '由操作的人删除文件', en: 'the operator deletes the file' },
  cleared: { zh: '只在本人的浏览器里，由本人清除', en: 'in the person’s own browser alone, theirs to clear' },
  none: { zh: '与个人无关', en: 'concerns no person' },
} as const
export type Erasure = keyof typeof erasures

/** Columns that share purpose, retention, export and erasure. */
export interface Declared {
  readonly columns: readonly string[]
  readonly purpose: { readonly zh: string; readonly en: string }
  readonly retention: Retention
  readonly export: Exporting
  readonly erasure: Erasure
}

/** What stands outside the database, in a file or in somebody's browser, and what becomes of it. */
export interface DeclaredElsewhere {
  /** The file as an operator would look for it; the name of a cookie or of what a page keeps. */
  readonly name: string
  readonly purpose: { readonly zh: string; readonly en: string }
  readonly retention: Retention
  readonly export: Exporting
  readonly erasure: Erasure
}

/** What a room declares: for every table of its own, every column; its files outside the database; and what browsers keep for it. */
export interface RoomDeclaration {
  readonly room: string
  readonly files?: readonly DeclaredElsewhere[]
  readonly browser?: readonly DeclaredElsewhere[]
  /** Table (with its schema where it is not `public`) → declarations that together name each column once. */
  readonly tables: Readonly<Record<string, readonly Declared[]>>
}

/** One line of a declaration: columns (parted by spaces), purpose in both languages, and the three answers. */
export function columns(
  names: string,
  zh: string,
  en: string,
  retention: Retention,
  exporting: Exporting,
  erasure: Erasure,
): Declared {
  return { columns: names.split(' '), purpose: { zh, en }, retention, export: exporting, erasure }
}

/** A room's declaration. Throws where a column is declared twice: the first would be forgotten. */
export function declareColumns(room: string, tables: RoomDeclaration['tables']): RoomDeclaration {
  for (const [table, declared] of Object.entries(tables)) {
    const names = declared.flatMap((one) => one.columns)
    const twice = names.find((name, at) => names.indexOf(name) !== at)
    if (twice) throw new Error(`${room} declares ${table}.${twice} twice`)
  }
  return { room, tables }
}

/** One thing outside the database: where it lies or what it is called, purpose in both languages, and the three answers. */
export function elsewhere(
  name: string,
  zh: string,
  en: string,
  retention: Retention,
  exporting: Exporting,
  erasure: Erasure,
): DeclaredElsewhere {
  return { name, purpose: { zh, en }, retention, export: exporting, erasure }
}

/** A room's files outside the database. */
export function declareFiles(room: string, files: readonly DeclaredElsewhere[]): RoomDeclaration {
  return { room, tables: {}, files }
}

/** Cookies, and what pages keep in a browser, for a room. */
export function declareBrowser(room: string, browser: readonly DeclaredElsewhere[]): RoomDeclaration {
  return { room, tables: {}, browser }
}
