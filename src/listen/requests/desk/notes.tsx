import { Button, Input } from 'antd'
import { useTranslation } from 'react-i18next'
import { ErrorNote, useDraft, When } from '#kernel/desk/index.ts'
import type { RequestView } from '../requests.desk.api.ts'
import { useAct } from './use-act.ts'

/** Notes between those who work on it; the resident never reads them, and the heading says so. */
export function Notes({ request }: { request: RequestView }) {
  const { t } = useTranslation()
  const doing = useAct(request)
  const draft = useDraft(`note:${request.id}`, '')
  const notes = request.entries.filter((entry) => entry.kind === 'noted')
  const may = request.can.includes('note')
  if (!may && notes.length === 0) return null
  return (
    <section>
      <h2>{t('requests.notes')}</h2>
      <p className="hint">{t('requests.notes.explain')}</p>
      <ul className="plain-list">
        {notes.map((note) => (
          <li key={note.id}>
            <small>
              {note.who} · <When at={note.at} />
            </small>
            <p className="request-text">{note.text}</p>
          </li>
        ))}
      </ul>
      {may ? (
        <form
          onSubmit={(event) => {
            event.preventDefault()
            if (draft.value.trim()) void doing.run('note', { text: draft.value.trim() }).then(draft.drop, () => {})
          }}
        >
          <Input.TextArea
            aria-label={t('requests.notes.write')}
            placeholder={t('requests.notes.write')}
            rows={2}
            value={draft.value}
            maxLength={8000}
            onChange={(event) => draft.change(event.target.value)}
          />
          {doing.error ? <ErrorNote error={doing.error} /> : null}
          {doing.clash ? <p role="alert">{t('requests.notes.clash')}</p> : null}
          <Button htmlType="submit" disabled={!draft.value.trim()} loading={doing.busy}>
            {t('requests.act.note')}
          </Button>
        </form>
      ) : null}
    </section>
  )
}
