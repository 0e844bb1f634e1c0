import { useQuery } from '@tanstack/react-query'
import { Button, Input } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Conflict, ErrorNote, Labelled, said, useDraft, useSession, When } from '#kernel/desk/index.ts'
import { fillTemplate, holesOf } from '#organise/settings/templates.api.ts'
import type { RequestView } from '../requests.desk.api.ts'
import { readTemplates } from './phone-kept.ts'
import { inLanguage, knownOf, languageOf } from './template-values.ts'
import { useAct } from './use-act.ts'

/** The answer to the resident: typed here, kept on this device, shared as a draft for a colleague to read, then sent. */
export function AnswerEditor({ request }: { request: RequestView }) {
  const { t, i18n } = useTranslation()
  const session = useSession()
  const doing = useAct(request)
  const draft = useDraft(`answer:${request.id}`, '')
  const [chosen, setChosen] = useState<string | null>(null)
  const [values, setValues] = useState<Record<string, string>>({})
  const templates = useQuery({
    queryKey: ['templates', request.place.id],
    staleTime: 600_000,
    queryFn: ({ signal }) => readTemplates(session.person.id, request.place.id, signal),
  })
  // Whoever told of it is answered in their language.
  const offered = inLanguage(templates.data?.items ?? [], languageOf(`${request.title} ${request.text}`))
  const option = (one: { id: string; name: string }) => (
    <option key={one.id} value={one.id}>
      {one.name}
    </option>
  )
  const template = templates.data?.items.find((one) => one.id === chosen)
  const known = knownOf(request, session, template?.language ?? i18n.language)
  // What the platform knows stands in the field already and can be changed.
  const asked = template ? holesOf(template.text).map((hole) => [hole, values[hole] ?? known(hole)] as const) : []
  const filled = template ? fillTemplate(template.text, Object.fromEntries(asked)) : ''
  const text = draft.value
  const holes = holesOf(text)
  const shared = request.draft
  const run = (act: 'answer' | 'draft', anyway = false) => {
    const body = { text: text.trim() }
    const done = anyway ? doing.again(act, body) : doing.run(act, body)
    void done.then(act === 'answer' ? draft.drop : () => {}, () => {})
  }
  return (
    <section className="answer" aria-labelledby="answer-heading">
      <h2 id="answer-heading">{t('requests.answer.title')}</h2>
      <p className="hint">{t('requests.answer.explain')}</p>
      {shared && shared.text !== text ? (
        <div className="sheet">
          <small>
            {t('requests.answer.shared', { name: shared.by })} · <When at={shared.at} />
          </small>
          <p className="request-text">{shared.text}</p>
          <Button size="small" onClick={() => draft.change(shared.text)}>
            {t(text.trim() ? 'requests.answer.replace-with-shared' : 'requests.answer.go-on-with-shared')}
          </Button>
        </div>
      ) : null}
      {offered.own.length + offered.others.length > 0 ? (
        <select
          className="plain-select wide"
          aria-label={t('requests.answer.template')}
          value={chosen ?? ''}
          onChange={(event) => {
            setChosen(event.target.value || null)
            setValues({})
          }}
        >
          <option value="">{t('requests.answer.template')}</option>
          {offered.own.map(option)}
          {offered.others.length > 0 ? (
            <optgroup label={t('requests.answer.other-language')}>{offered.others.map(option)}</optgroup>
          ) : null}
        </select>
      ) : null}
      {template ? (
        <div className="sheet template">
          <p className="request-text">{filled}</p>
          {asked.map(([field, value]) => (
            <Labelled key={field}>
              {field}
              <Input value={value} onChange={(event) => setValues({ ...values, [field]: event.target.value })} />
            </Labelled>
          ))}
          <Button
            onClick={() => {
              draft.change(text.trim() ? `${text.trim()}\n\n${filled}` : filled)
              setChosen(null)
              document.querySelector<HTMLTextAreaElement>('#answer-text')?.focus()
            }}
          >
            {t('requests.answer.use-template')}
          </Button>
        </div>
      ) : null}
      <label htmlFor="answer-text">{t('requests.answer.label')}</label>
      <Input.TextArea
        id="answer-text"
        value={text}
        maxLength={8000}
        rows={5}
        aria-describedby="answer-state"
        onChange={(event) => draft.change(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === 'Escape') event.currentTarget.blur()
        }}
      />
      <p id="answer-state" className="hint" role="status">
        {holes.length > 0
          ? t('requests.answer.holes', { holes: holes.join('、') })
          : draft.keptAt
            ? t(draft.restored ? 'requests.answer.restored' : 'requests.answer.kept', {
                at: said(draft.keptAt, i18n.language),
              })
            : t('requests.answer.keeps')}
      </p>
      {doing.error ? <ErrorNote error={doing.error} /> : null}
      {doing.clash ? (
        <Conflict
          mine={doing.clash.mine}
          theirs={
            doing.clash.theirs.draft?.text ??
            doing.clash.theirs.entries.at(-1)?.text ??
            t(`requests.state.${doing.clash.theirs.state}`)
          }
          onKeepMine={() => run(doing.clash?.act === 'answer' ? 'answer' : 'draft', true)}
          onTakeTheirs={() => {
            const theirs = doing.clash?.theirs.draft?.text
            doing.dropClash()
            if (theirs) draft.change(theirs)
          }}
        />
      ) : null}
      <div className="answer-acts">
        {request.can.includes('answer') ? (
          <Button
            type="primary"
            disabled={!text.trim() || holes.length > 0}
            loading={doing.busy}
            onClick={() => run('answer')}
          >
            {t('requests.answer.send')}
          </Button>
        ) : null}
        {request.can.includes('draft') ? (
          <Button disabled={!text.trim()} loading={doing.busy} onClick={() => run('draft')}>
            {t('requests.act.draft')}
          </Button>
        ) : null}
      </div>
    </section>
  )
}
