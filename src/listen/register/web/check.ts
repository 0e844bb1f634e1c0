// Checks a receipt, whether a register goes on from what somebody holds of it, and a whole archive, in a browser, with nothing from a server: on
// the site, and in the page that was saved. WebCrypto is not there on every page and knows Ed25519 not everywhere, so that a library reckons.
import { ed25519 } from '@noble/curves/ed25519.js'
import { sha256 } from '@noble/hashes/sha2.js'
import { ArchiveFault, checkArchive } from '#kernel/archive/web/index.ts'
import { checkConsistency, checkReceipt, type Primitives, parseKey, type VerifierKey } from '#kernel/tree/web/index.ts'

const primitives: Primitives = {
  sha256: (...parts) => {
    const hash = sha256.create()
    for (const part of parts) hash.update(part)
    return hash.digest()
  },
  verify: (publicKey, message, signature) => {
    try {
      return ed25519.verify(signature, message, publicKey)
    } catch {
      // Thirty-two bytes that are no point of the curve sign nothing.
      return false
    }
  },
}

/** Sentences of the page, by name; faults by what the checks call them. */
type Words = Readonly<Record<string, string>>
/** What is said, tag by tag; the first of what is good is its heading. */
interface Said {
  readonly good: boolean
  readonly lines: readonly (readonly [tag: string, text: string])[]
  /** An address that is the next step; shown as text where the page has no server. */
  readonly next?: { readonly words: string; readonly path: string }
}

const onSite = location.protocol.startsWith('http')

function show(answer: HTMLElement, { good, lines, next }: Said): void {
  answer.textContent = ''
  answer.className = `notice ${good ? 'good' : 'bad'}`
  for (const [tag, text] of lines) {
    const element = document.createElement(tag)
    element.textContent = text
    answer.append(element)
  }
  if (!next) return
  const line = document.createElement('p')
  const path = document.createElement(onSite ? 'a' : 'code')
  path.textContent = next.path
  if (onSite) {
    path.setAttribute('href', next.path)
    path.setAttribute('download', 'consistency.txt')
  }
  line.append(`${next.words} `, path)
  answer.append(line)
}

const wrong = (words: Words, fault: string): Said => ({ good: false, lines: [['p', words[fault] ?? fault]] })

function receipt(words: Words, text: string, key: VerifierKey): Said {
  const checked = checkReceipt(primitives, text, key)
  if (checked.fault !== null) return wrong(words, checked.fault)
  const { at } = JSON.parse(checked.receipt.act) as { at: string }
  const { size } = checked.checkpoint
  // Words stand under the verdict only where they are proved.
  const said = checked.words ? Object.values(JSON.parse(checked.receipt.personal ?? '{}') as object) : []
  return {
    good: true,
    lines: [
      ['h3', words.good ?? ''],
      ['p', `${words.place} ${checked.index + 1} · ${words.size} ${size}`],
      [
        'p',
        `${words.at} ${new Date(at).toLocaleString(document.documentElement.lang, { timeZone: 'Asia/Shanghai', dateStyle: 'medium', timeStyle: 'medium' })}`,
      ],
      ['p', (checked.words ? words.words : words['no-words']) ?? ''],
      ...said.map((one) => ['blockquote', typeof one === 'string' ? one : JSON.stringify(one)] as const),
    ],
    next: { words: words.onwards ?? '', path: `/register/consistency/${size}` },
  }
}

function consistency(words: Words, held: string, onwards: string, key: VerifierKey): Said {
  const { fault, older, newer } = checkConsistency(primitives, held, onwards, key)
  const lines = [older, newer].map(
    (checkpoint, at) => ['p', checkpoint ? `${words[at === 0 ? 'older' : 'newer']} ${checkpoint.size}` : ''] as const,
  )
  if (fault === null) return { good: true, lines: [['h3', words.consistent ?? ''], ...lines] }
  return { good: false, lines: [['p', words[fault] ?? fault], ...lines] }
}

async function archive(words: Words, file: File, key: string, report: (done: number) => void): Promise<Said> {
  try {
    const given = { name: file.name, size: file.size, bytes: piecesOf(file.stream()) }
    const { takenAt, scope, rows, files, register } = await checkArchive(primitives, sha256.create, given, key, report)
    const lines = Object.values(rows).reduce((sum, each) => sum + each.rows, 0)
    return {
      good: true,
      lines: [
        ['h3', words['archive-good'] ?? ''],
        ['p', `${words['archive-of']} ${scope ? scope.name : words['archive-whole']}`],
        [
          'p',
          `${words['archive-taken']} ${new Date(takenAt).toLocaleString(document.documentElement.lang, { timeZone: 'Asia/Shanghai', dateStyle: 'medium', timeStyle: 'medium' })}`,
        ],
        ['p', `${words['archive-rows']} ${lines} · ${words['archive-files']} ${files.stored}`],
        ['p', `${words['archive-entries']} ${register.entries} · ${register.root}`],
      ],
    }
  } catch (error) {
    if (!(error instanceof ArchiveFault)) throw error
    const language = document.documentElement.lang === 'en' ? 'en' : 'zh-CN'
    return { good: false, lines: [['p', error.sentence[language]]] }
  }
}

/** Not every browser lets a stream be gone through as it is. */
async function* piecesOf(stream: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array> {
  const reader = stream.getReader()
  for (let next = await reader.read(); !next.done; next = await reader.read()) yield next.value
}

async function checked(
  words: Words,
  form: HTMLFormElement,
  report: (done: number, size: number) => void,
): Promise<Said> {
  const given = document.querySelector<HTMLTextAreaElement>('#key')?.value ?? ''
  const key = parseKey(primitives.sha256, given.trim())
  if (key?.kind !== 'note') return wrong(words, 'no-key')
  const file = (name: string): File => {
    const chosen = new FormData(form).get(name)
    return chosen instanceof File ? chosen : new File([], '')
  }
  if (form.dataset.check === 'receipt') return receipt(words, await file('file').text(), key)
  if (form.dataset.check === 'consistency')
    return consistency(words, await file('held').text(), await file('onwards').text(), key)
  const whole = file('archive')
  return archive(words, whole, given.trim(), (done) => report(done, whole.size))
}

for (const form of document.querySelectorAll<HTMLFormElement>('form[data-check]')) {
  let turn = 0
  form.addEventListener('submit', async (event) => {
    event.preventDefault()
    const answer = form.nextElementSibling as HTMLElement
    const words = JSON.parse(document.querySelector<HTMLElement>('[data-words]')?.dataset.words ?? '{}') as Words
    // Nothing stands there of a file from before, whatever comes of this one.
    answer.textContent = ''
    answer.className = ''
    turn += 1
    const own = turn
    let told = -1
    const report = (done: number, size: number): void => {
      const percent = Math.floor((done / size) * 100)
      if (percent > told && own === turn) answer.textContent = `${words['archive-reading']} ${percent}%`
      told = Math.max(told, percent)
    }
    const said = await checked(words, form, report).catch(() => wrong(words, 'broken'))
    if (own === turn) show(answer, said)
  })
}
