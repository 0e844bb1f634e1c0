import type { TFunction } from 'i18next'
import { stretch } from '#kernel/desk/index.ts'
import type { DeskAct } from '../requests.desk.api.ts'
import { actFields, type Field } from './act-fields.ts'

/** Fields that hold only an id: of what was chosen there nothing but its name would say something. */
const chosenElsewhere: readonly Field['kind'][] = ['bodies', 'places', 'laws', 'requests', 'category']

/**
 * What was typed and chosen for an act, in the reader's words with its labels: kept with the act while it waits, so that its author
 * recognises it when it comes back. A single text stands alone.
 */
export function toldOf(act: DeskAct, body: Record<string, unknown>, t: TFunction, language: string): string {
  const label = (name: string) => t(`requests.field.${act}.${name}`, { defaultValue: t(`requests.field.${name}`) })
  const lines: { label: string; said: string }[] = []
  if (typeof body.from === 'string' && typeof body.until === 'string')
    lines.push({ label: t('requests.visit'), said: stretch(body.from, body.until, language) })
  const fields: readonly Field[] = actFields[act] ?? [{ name: 'text', kind: 'long' }]
  for (const field of fields) {
    const value = body[field.name]
    if (value === undefined || field.kind === 'moment' || chosenElsewhere.includes(field.kind)) continue
    lines.push({ label: label(field.name), said: saidOf(field, String(value), t) })
  }
  const [only] = lines
  if (only && lines.length === 1 && fields.length === 1) return only.said
  const after = language === 'en' ? ': ' : '：'
  return lines.map((line) => `${line.label}${after}${line.said}`).join('\n')
}

function saidOf(field: Field, value: string, t: TFunction): string {
  if (field.kind === 'choice') return t(`${field.words}.${value}`)
  if (field.kind === 'stars') return t(`requests.satisfaction.${value}`)
  return field.kind === 'days' ? `${value} ${t('requests.working-days')}` : value
}
