import { useTranslation } from 'react-i18next'
import { CallError } from '#kernel/desk/index.ts'

/** Something that keeps the form from being filed: the field that it stands at, where there is one, and what to do. */
export interface Fault {
  field: string | null
  sentence: string
}

/** The fields of the form by the names that the server gives them, each with the element that takes the focus. */
const elements: Readonly<Record<string, string>> = {
  channel: 'phone-channel',
  phone: 'phone-phone',
  name: 'phone-name',
  text: 'phone-text',
  place: 'phone-place',
  spot: 'phone-spot',
  longitude: 'phone-pin',
  latitude: 'phone-pin',
  files: 'phone-files',
  file: 'phone-files',
  title: 'phone-title',
  category: 'phone-category',
  urgency: 'phone-urgency',
}

/** What is missing before anything is sent. */
export function missingIn(content: { text?: string; place?: string }): ('text' | 'place')[] {
  const missing: ('text' | 'place')[] = []
  if (!content.text?.trim()) missing.push('text')
  if (!content.place) missing.push('place')
  return missing
}

/** What the server refused, at the field that it names. */
export function faultOf(error: unknown, unexpected: string): Fault {
  if (!(error instanceof CallError)) return { field: null, sentence: unexpected }
  const named = error.field?.split(/[./]/u).findLast((part) => part in elements)
  return { field: named ?? null, sentence: error.message }
}

/** Puts the focus where the first fault is, or on what says it. */
export function focusFault(faults: readonly Fault[]): void {
  const first = faults.find((fault) => fault.field)
  const element = document.getElementById(first?.field ? (elements[first.field] ?? '') : 'phone-faults')
  element?.focus()
  element?.scrollIntoView({ block: 'center' })
}

/** What a fault says beneath its field. */
export function FaultAt({ faults, field }: { faults: readonly Fault[]; field: string }) {
  const found = faults.filter((fault) => fault.field === field)
  return (
    <p className="fault" id={`phone-${field}-fault`} hidden={found.length === 0}>
      {found.map((fault) => fault.sentence).join(' ')}
    </p>
  )
}

/** Everything that is wrong, above the form, each a way to its field. */
export function FaultSummary({ faults }: { faults: readonly Fault[] }) {
  const { t } = useTranslation()
  if (faults.length === 0) return null
  return (
    <div className="note" role="alert" id="phone-faults" tabIndex={-1}>
      <p>
        <b>{t('requests.phone.faults', { count: faults.length })}</b>
      </p>
      <ul className="brief">
        {faults.map((fault) => (
          <li key={`${fault.field} ${fault.sentence}`}>
            {fault.field ? (
              <a
                href={`#${elements[fault.field]}`}
                onClick={(event) => {
                  event.preventDefault()
                  focusFault([fault])
                }}
              >
                {fault.sentence}
              </a>
            ) : (
              fault.sentence
            )}
          </li>
        ))}
      </ul>
    </div>
  )
}

/** What a field says to a screen reader of its own faults. */
export const faultyIn = (faults: readonly Fault[]) => (field: string) => ({
  'aria-invalid': faults.some((fault) => fault.field === field),
  'aria-describedby': `phone-${field}-fault`,
})
