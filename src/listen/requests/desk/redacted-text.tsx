import { Checkbox, Input } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Labelled } from '#kernel/desk/index.ts'
import { type Finding, redact } from './redact.ts'

interface Properties {
  label: string
  /** The words as they were written, and what was found in them. */
  original: { text: string; found: readonly (Finding & { kind: string })[] }
  value: string
  maxLength: number
  onChange: (text: string) => void
}

/** A text with what identifies somebody taken out: each finding can be kept or removed, and every word can be changed. */
export function RedactedText({ label, original, value, maxLength, onChange }: Properties) {
  const { t } = useTranslation()
  const [removed, setRemoved] = useState<readonly number[]>(() => original.found.map((_, index) => index))
  const toggle = (index: number, out: boolean) => {
    const next = out ? [...removed, index] : removed.filter((other) => other !== index)
    setRemoved(next)
    onChange(
      redact(
        original.text,
        original.found.filter((_, at) => next.includes(at)),
      ),
    )
  }
  return (
    <>
      {original.found.length > 0 ? (
        <fieldset>
          <legend>{t('requests.publish.found', { count: original.found.length })}</legend>
          <ul className="brief">
            {original.found.map((one, index) => (
              <li key={`${one.from}-${one.until}`}>
                <Checkbox checked={removed.includes(index)} onChange={(event) => toggle(index, event.target.checked)}>
                  {t(`requests.redaction.${one.kind}`)} <mark>{original.text.slice(one.from, one.until)}</mark> →{' '}
                  {one.replacement}
                </Checkbox>
              </li>
            ))}
          </ul>
        </fieldset>
      ) : (
        <p>{t('requests.publish.nothing-found')}</p>
      )}
      <Labelled>
        {label}
        <Input.TextArea
          value={value}
          rows={4}
          maxLength={maxLength}
          onChange={(event) => onChange(event.target.value)}
        />
      </Labelled>
    </>
  )
}
