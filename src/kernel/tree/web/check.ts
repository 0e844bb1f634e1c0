// Checks a receipt, and whether a register goes on from what somebody holds of it, in a browser, with nothing from a server: on the site, and in the page that was saved. WebCrypto is not there on every
// page and knows Ed25519 not everywhere, so that a library reckons.
import { ed25519 } from '@noble/curves/ed25519.js'
import { sha256 } from '@noble/hashes/sha2.js'
import { checkConsistency } from '../consistency.ts'
import { parseKey, type VerifierKey } from '../note.ts'
import { checkReceipt, type Primitives } from '../proof.ts'

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
  const said = Object.values(JSON.parse(checked.receipt.personal ?? '{}') as Record<string, unknown>)
  return {
    good: true,
    lines: [
      ['h3', words.good ?? ''],
      ['p', `${words.place} ${checked.index + 1} · ${words.size} ${size}`],
      ['p', `${words.at} ${new Date(at).toLocaleString(document.documentElement.lang)}`],
      ['p', (checked.words ? words.words : words['no-words']) ?? ''],
      ...said.map((one) => ['blockquote', String(one)] as const),
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

for (const form of document.querySelectorAll<HTMLFormElement>('form[data-check]')) {
  form.addEventListener('submit', async (event) => {
    event.preventDefault()
    const answer = form.nextElementSibling as HTMLElement
    const words = JSON.parse(document.querySelector<HTMLElement>('[data-words]')?.dataset.words ?? '{}') as Words
    const read = async (name: string): Promise<string> => {
      const file = new FormData(form).get(name)
      return file instanceof File ? file.text() : ''
    }
    const given = document.querySelector<HTMLTextAreaElement>('#key')?.value ?? ''
    const key = parseKey(primitives.sha256, given.trim())
    if (key?.kind !== 'note') return show(answer, wrong(words, 'no-key'))
    if (form.dataset.check === 'receipt') show(answer, receipt(words, await read('file'), key))
    else show(answer, consistency(words, await read('held'), await read('onwards'), key))
  })
}
