import { readdir, readFile } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { pathToFileURL } from 'node:url'
import { languages, type RoomWords } from './words.ts'

/**
 * Keys that code puts together: `export const placesFamilies = ['places.kind.']`, or with what may follow,
 * `{ 'places.kind.': ['city', 'district'] }`, which is checked more closely. Each .words.ts may export one, under a name
 * that ends in Families.
 */
export type Families = readonly string[] | Readonly<Record<string, readonly string[]>>

export interface WordsFile {
  path: string
  words: RoomWords[]
  families: Families[]
}

export interface Source {
  path: string
  text: string
}

const keyShape = /^[a-z][a-zA-Z0-9-]*(?:\.[a-zA-Z0-9_-]+)+$/
/** i18next's plural endings: English has two forms where Chinese has one. */
const pluralEnding = /_(?:zero|one|two|few|many|other)$/

/** Every .words.ts below a folder, loaded. */
export async function loadWords(folder: string): Promise<WordsFile[]> {
  const files: WordsFile[] = []
  for (const path of await filesOf(folder, (name) => name.endsWith('.words.ts'))) {
    const exported: Record<string, unknown> = await import(pathToFileURL(path).href)
    const values = Object.entries(exported)
    files.push({
      path: relative(folder, path),
      words: values.map(([, value]) => value).filter(isRoomWords),
      families: values.filter(([name]) => name.endsWith('Families')).map(([, value]) => value as Families),
    })
  }
  return files
}

/** Every source below a folder that may use words: no tests, no .words.ts. */
export async function loadSources(folder: string): Promise<Source[]> {
  const wanted = (name: string) => /\.(?:ts|tsx|js)$/.test(name) && !/\.(?:test|words)\.tsx?$/.test(name)
  const paths = await filesOf(folder, wanted)
  return Promise.all(paths.map(async (path) => ({ path: relative(folder, path), text: await readFile(path, 'utf8') })))
}

/** What is wrong between the languages of each file: missing keys, differing blanks, empty texts, double keys. */
export function compareLanguages(files: WordsFile[]): string[] {
  const problems: string[] = []
  const owners = new Map<string, { path: string; texts: string }>()
  for (const file of files) {
    if (file.words.length === 0) problems.push(`${file.path} exports no words`)
    for (const words of file.words) {
      const keys = new Set(languages.flatMap((language) => Object.keys(words[language]).map(singular)))
      for (const key of keys) {
        // A long file may be made of several, each with words of its own: the same texts are the same words.
        const texts = JSON.stringify(languages.map((language) => formsOf(words[language], key)))
        const owner = owners.get(key)
        if (owner && owner.texts !== texts)
          problems.push(`${key} says different things in ${owner.path} and ${file.path}`)
        owners.set(key, { path: file.path, texts })
        if (!keyShape.test(key)) problems.push(`${key} in ${file.path} is not a dotted key`)
        const blanks = languages.map((language) => {
          const texts = formsOf(words[language], key)
          if (texts.length === 0) problems.push(`${key} has no text in ${language}`)
          if (texts.some((text) => text.trim() === '')) problems.push(`${key} is empty in ${language}`)
          return [...new Set(texts.flatMap(blanksOf))]
            .filter((name) => name !== 'count')
            .sort()
            .join(', ')
        })
        if (new Set(blanks).size > 1)
          problems.push(`${key} has other blanks: ${blanks.map((names) => `{${names}}`).join(' ')}`)
      }
    }
  }
  return problems
}

/** Keys that code asks for and nobody wrote, families that are put together without being declared, keys nobody uses. */
export function compareUse(
  files: WordsFile[],
  sources: Source[],
): { missing: string[]; undeclared: string[]; unused: string[] } {
  const declared = new Set(
    files.flatMap((file) => file.words.flatMap((words) => Object.keys(words['zh-CN']).map(singular))),
  )
  const prefixes: string[] = []
  /** Families of which only the beginning is declared. */
  const open: string[] = []
  const closed = new Set<string>()
  const missing: string[] = []
  const undeclared: string[] = []
  const all = sources.map((source) => source.text).join('\n')
  for (const { families, path } of files) {
    for (const family of families) {
      const entries: [string, readonly string[] | null][] = Array.isArray(family)
        ? family.map((prefix: string) => [prefix, null])
        : Object.entries(family as Record<string, readonly string[]>)
      for (const [prefix, endings] of entries) {
        prefixes.push(prefix)
        if (endings === null) open.push(prefix)
        if (endings === null && !all.includes(prefix))
          undeclared.push(`${prefix} is declared in ${path} and put together nowhere`)
        for (const ending of endings ?? []) {
          closed.add(prefix + ending)
          if (!declared.has(prefix + ending)) missing.push(`${prefix}${ending} (family in ${path})`)
        }
      }
    }
  }
  const puttingTogether = new Map<string, string[]>()
  const mentioned = new Set<string>()
  for (const source of sources) {
    for (const { key, asked } of literalsOf(source.text)) {
      mentioned.add(key)
      if (asked && !declared.has(key)) missing.push(`${key} (${source.path})`)
    }
    for (const prefix of templatesOf(source.text)) {
      if (prefixes.some((family) => prefix.startsWith(family))) continue
      puttingTogether.set(prefix, [...(puttingTogether.get(prefix) ?? []), source.path])
    }
  }
  for (const [prefix, paths] of puttingTogether) {
    undeclared.push(
      `${prefix} is put together in ${[...new Set(paths)].join(', ')}: declare the family in its .words.ts`,
    )
  }
  const unused = [...declared].filter(
    (key) => !mentioned.has(key) && !closed.has(key) && !open.some((prefix) => key.startsWith(prefix)),
  )
  return { missing: [...new Set(missing)].sort(), undeclared: [...new Set(undeclared)].sort(), unused: unused.sort() }
}

/** Names under which code has a translator. */
const translators = '(?:t|tr|say|translate)'

/** Key-like literals; `asked` where they are handed to a translator, a refusal, or stand as `key:`. */
function* literalsOf(text: string): Generator<{ key: string; asked: boolean }> {
  const pattern = /(['"`])([a-z][a-zA-Z0-9-]*(?:\.[a-zA-Z0-9_-]+)+)\1/g
  const asking = new RegExp(`(?:\\b${translators}\\(|\\)\\(|\\bkey:|\\bRefusal\\(\\s*\\d+,\\s*'[^']*',)\\s*$`)
  for (const match of text.matchAll(pattern)) {
    const before = text.slice(Math.max(0, match.index - 120), match.index)
    yield { key: match[2] ?? '', asked: asking.test(before) }
  }
}

/** The fixed beginnings of keys that are put together within a translator's call. */
function templatesOf(text: string): string[] {
  const template = new RegExp(
    `(?:\\b${translators}|\\bt\\([^()]*\\))\\(\\s*\`([a-z][a-zA-Z0-9.-]*\\.)[^\`]*\\$\\{`,
    'g',
  )
  const sum = new RegExp(`(?:\\b${translators}|\\bt\\([^()]*\\))\\(\\s*'([a-z][a-zA-Z0-9.-]*\\.)'\\s*\\+`, 'g')
  return [...text.matchAll(template), ...text.matchAll(sum)].map((match) => match[1] ?? '')
}

function singular(key: string): string {
  return key.replace(pluralEnding, '')
}

function formsOf(words: Readonly<Record<string, string>>, key: string): string[] {
  return Object.entries(words)
    .filter(([name]) => singular(name) === key)
    .map(([, text]) => text)
}

function blanksOf(text: string): string[] {
  return [...text.matchAll(/\{\{\s*([^}\s,]+)/g)].map((match) => match[1] ?? '')
}

function isRoomWords(value: unknown): value is RoomWords {
  return typeof value === 'object' && value !== null && languages.every((language) => language in value)
}

async function filesOf(folder: string, wanted: (name: string) => boolean): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true })
  return entries
    .filter((entry) => entry.isFile() && wanted(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
}
