import { useQuery } from '@tanstack/react-query'
import { Button, Checkbox, Input, Modal } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Static } from 'typebox'
import { call, ErrorNote, Labelled, Read } from '#kernel/desk/index.ts'
import { type RequestView, suggestRedactions } from '../requests.desk.api.ts'
import { redact } from './redact.ts'
import { RedactedText } from './redacted-text.tsx'
import { useAct } from './use-act.ts'

type Proposal = Static<(typeof suggestRedactions)['schema']['response'][200]>

/** The version that everybody may read: what was found is proposed for removal, a person looks and decides. */
export default function PublishDialog({ request, onClose }: { request: RequestView; onClose: () => void }) {
  const { t } = useTranslation()
  const found = useQuery({
    queryKey: ['redactions', request.id],
    // What was read when the dialog was opened stays: reading again would throw away what was changed.
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
    queryFn: ({ signal }) => call(suggestRedactions, { params: { id: request.id }, signal }),
  })
  return (
    <Modal open title={t('requests.act.publish')} onCancel={onClose} footer={null} width={680}>
      <p className="hint">{t('requests.publish.explain')}</p>
      <Read query={found}>{(proposal) => <Release request={request} proposal={proposal} onClose={onClose} />}</Read>
    </Modal>
  )
}

function Release({ request, proposal, onClose }: { request: RequestView; proposal: Proposal; onClose: () => void }) {
  const { t } = useTranslation()
  const doing = useAct(request)
  const given = proposal.answer
  const [title, setTitle] = useState(proposal.title)
  const [text, setText] = useState(() => redact(proposal.text, proposal.found))
  const [answer, setAnswer] = useState(() => (given ? redact(given.text, given.found) : ''))
  const [withAnswer, setWithAnswer] = useState(false)
  const [looked, setLooked] = useState(false)
  const changed = <T,>(set: (value: T) => void) => {
    return (value: T) => {
      set(value)
      setLooked(false)
    }
  }
  const release = () =>
    doing
      .run('publish', {
        title: title.trim(),
        text: text.trim(),
        ...(withAnswer && answer.trim() ? { answer: answer.trim() } : {}),
      })
      .then(onClose, () => {})
  return (
    <>
      <Labelled>
        {t('requests.field.title')}
        <Input value={title} maxLength={120} onChange={(event) => changed(setTitle)(event.target.value)} />
      </Labelled>
      <RedactedText
        label={t('requests.publish.text')}
        original={proposal}
        value={text}
        maxLength={5000}
        onChange={changed(setText)}
      />
      {given ? (
        <>
          <p>
            <Checkbox checked={withAnswer} onChange={(event) => changed(setWithAnswer)(event.target.checked)}>
              {t('requests.publish.with-answer')}
            </Checkbox>
          </p>
          {withAnswer ? (
            <RedactedText
              label={t('requests.publish.answer')}
              original={given}
              value={answer}
              maxLength={8000}
              onChange={changed(setAnswer)}
            />
          ) : null}
        </>
      ) : null}
      <p>
        <Checkbox checked={looked} onChange={(event) => setLooked(event.target.checked)}>
          {t('requests.publish.looked')}
        </Checkbox>
      </p>
      {doing.error ? <ErrorNote error={doing.error} /> : null}
      {doing.clash ? <p role="alert">{t('desk.conflict.title')}</p> : null}
      <div className="dialog-foot">
        <Button onClick={onClose}>{t('desk.cancel')}</Button>
        <Button
          type="primary"
          disabled={!looked || !title.trim() || !text.trim()}
          loading={doing.busy}
          onClick={() => void release()}
        >
          {t('requests.publish.do')}
        </Button>
      </div>
    </>
  )
}
