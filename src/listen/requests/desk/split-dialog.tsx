import { Button, Input, Modal } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ErrorNote, Labelled } from '#kernel/desk/index.ts'
import type { RequestView } from '../requests.desk.api.ts'
import { useAct } from './use-act.ts'

/** One telling, several matters: each becomes a request of its own, and the resident hears of each. */
export default function SplitDialog({ request, onClose }: { request: RequestView; onClose: () => void }) {
  const { t } = useTranslation()
  const doing = useAct(request)
  const [parts, setParts] = useState([{ key: 1, title: '', text: '' }])
  const [reason, setReason] = useState('')
  const whole = reason.trim() && parts.every((part) => part.title.trim() && part.text.trim())
  const change = (key: number, next: { title?: string; text?: string }) =>
    setParts(parts.map((part) => (part.key === key ? { ...part, ...next } : part)))
  return (
    <Modal open title={t('requests.act.split')} onCancel={onClose} footer={null} width={620}>
      <p className="hint">{t('requests.act-hint.split')}</p>
      <blockquote>{request.text}</blockquote>
      {parts.map((part, index) => (
        <fieldset key={part.key}>
          <legend>{t('requests.split.part', { number: index + 1 })}</legend>
          <Labelled>
            {t('requests.field.title')}
            <Input
              value={part.title}
              maxLength={120}
              onChange={(event) => change(part.key, { title: event.target.value })}
            />
          </Labelled>
          <Labelled>
            {t('requests.field.text')}
            <Input.TextArea
              value={part.text}
              rows={2}
              maxLength={5000}
              onChange={(event) => change(part.key, { text: event.target.value })}
            />
          </Labelled>
        </fieldset>
      ))}
      {parts.length < 9 ? (
        <Button
          onClick={() =>
            setParts([...parts, { key: Math.max(...parts.map((part) => part.key)) + 1, title: '', text: '' }])
          }
        >
          {t('requests.split.add')}
        </Button>
      ) : null}
      <Labelled>
        {t('requests.field.reason')}
        <Input.TextArea value={reason} rows={2} maxLength={2000} onChange={(event) => setReason(event.target.value)} />
      </Labelled>
      {doing.error ? <ErrorNote error={doing.error} /> : null}
      <div className="dialog-foot">
        <Button onClick={onClose}>{t('desk.cancel')}</Button>
        <Button
          type="primary"
          disabled={!whole}
          loading={doing.busy}
          onClick={() =>
            void doing
              .run('split', {
                parts: parts.map(({ title, text }) => ({ title: title.trim(), text: text.trim() })),
                reason: reason.trim(),
              })
              .then(onClose, () => {})
          }
        >
          {t('requests.split.do', { count: parts.length })}
        </Button>
      </div>
    </Modal>
  )
}
