// The question to the resident: solved, partly, not; how satisfied; free words. Nothing is chosen beforehand.
import { html } from 'hono/html'
import { filledIn, one } from '#kernel/http/index.ts'
import { buttons, choices, errorSummary, type Fault, field, type Markup } from '#kernel/pages/index.ts'
import { type Language, t } from '#kernel/words/index.ts'
import { lengths } from '../requests.acts.api.ts'
import { verdicts } from '../requests.api.ts'
import type { Fields } from './form.kept.ts'

const satisfactions = ['5', '4', '3', '2', '1'] as const

export interface JudgeForm {
  readonly action: string
  /** The form's id. */
  readonly form: string
  /** The page it stands on, where that is another than its own. */
  readonly back?: string
  readonly values: Fields
  readonly faults: readonly Fault[]
}

export function judgeForm(language: Language, form: JudgeForm): Markup {
  const say = t(language)
  const typed = (name: string) => one(form.values[name])
  const chosen = (name: string) => (typed(name) ? [typed(name)] : [])
  const fault = (name: string) => form.faults.find((each) => each.field === name)?.text
  return html`${errorSummary(language, [...form.faults])}<form class="sheet" id="${filledIn.form}" method="post" action="${form.action}" novalidate><input type="hidden" name="form" value="${form.form}">${
    form.back ? html`<input type="hidden" name="back" value="${form.back}">` : ''
  }${choices(language, {
    name: 'verdict',
    legend: say('requests.judge.verdict'),
    chosen: chosen('verdict'),
    error: fault('verdict'),
    options: verdicts.map((verdict) => ({ value: verdict, label: say(`requests.judge.verdict-${verdict}`) })),
  })}${choices(language, {
    name: 'satisfaction',
    legend: say('requests.judge.satisfaction'),
    hint: say('requests.judge.who-sees'),
    chosen: chosen('satisfaction'),
    options: satisfactions.map((each) => ({ value: each, label: say(`requests.judge.satisfaction-${each}`) })),
  })}${field(language, {
    name: 'words',
    kind: 'area',
    rows: 3,
    label: say('requests.judge.words'),
    optional: true,
    value: typed('words'),
    error: fault('words'),
    maxlength: lengths.words,
  })}${buttons([{ text: say('requests.judge.send') }])}</form>`
}
