// Checks a receipt in a browser, with nothing from a server: on the site, and in the page that was saved. WebCrypto is not there on every
// page and knows Ed25519 not everywhere, so that a library reckons.
import { ed25519 } from '@noble/curves/ed25519.js'
import { sha256 } from '@noble/hashes/sha2.js'
import { parseKey } from '../note.ts'
import { type Checked, checkReceipt, type Primitives } from '../proof.ts'

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

/** Sentences of the page, by name; faults by what `checkReceipt` calls them. */
type Words = Readonly<Record<string, string>>

const form = document.querySelector<HTMLFormElement>('form[data-check]')
const answer = document.querySelector<HTMLElement>('[data-checked]')

function tell(words: Words, checked: Checked | 'no-key'): void {
  if (!answer) return
  answer.textContent = ''
  const good = checked !== 'no-key' && checked.fault === null
  answer.className = `notice ${good ? 'good' : 'bad'}`
  const line = (tag: string, text: string): void => {
    const element = document.createElement(tag)
    element.textContent = text
    answer.append(element)
  }
  if (checked === 'no-key' || checked.fault !== null) {
    const wrong = checked === 'no-key' ? checked : checked.fault
    line('p', words[wrong ?? ''] ?? '')
    return
  }
  const { at, kind } = JSON.parse(checked.receipt.act) as { at: string; kind: string }
  line('h2', words.good ?? '')
  line('p', `${words.place} ${checked.index + 1} · ${words.size} ${checked.checkpoint.size}`)
  line('p', `${words.at} ${new Date(at).toLocaleString(document.documentElement.lang)} · ${kind}`)
  line('p', (checked.words ? words.words : words['no-words']) ?? '')
  if (checked.receipt.personal === null) return
  for (const said of Object.values(JSON.parse(checked.receipt.personal) as Record<string, unknown>))
    line('blockquote', String(said))
}

form?.addEventListener('submit', async (event) => {
  event.preventDefault()
  const words = JSON.parse(form.dataset.check ?? '{}') as Words
  const given = new FormData(form)
  const file = given.get('file')
  const key = parseKey(primitives.sha256, String(given.get('key') ?? '').trim())
  const text = file instanceof File ? await file.text() : ''
  tell(words, key?.kind === 'note' ? checkReceipt(primitives, text, key) : 'no-key')
})
