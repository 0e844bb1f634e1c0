import { useQuery } from '@tanstack/react-query'
import { Button, Checkbox, Input, Modal } from 'antd'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { call, ErrorNote, Labelled, Read } from '#kernel/desk/index.ts'
import { type RequestView, suggestRedactions } from '../requests.desk.api.ts'
import { redact } from './redact.ts'
import { useAct } from './use-act.ts'

/** The version that everybody may read: what was found is proposed for removal, a person looks and decides. */
export function PublishDialog({ request, onClose }: { request: RequestView; onClose: () => void }) {
  const { t } = useTranslation()
  const doing = useAct(request)
  const found = useQuery({
    queryKey: ['redactions', request.id, request.version],
    queryFn: ({ signal }) => call(suggestRedactions, { params: { id: request.id }, signal }),
  })
  const [removed, setRemoved] = useState<readonly number[]>([])
  const [title, setTitle] = useState('')
  const [text, setText] = useState('')
  const [looked, setLooked] = useState(false)
  const proposal = found.data
  useEffect(() => {
    if (!proposal) return
    const all = proposal.found.map((_, index) => index)
    setRemoved(all)
    setTitle(proposal.title)
    setText(redact(proposal.text, proposal.found))
  }, [proposal])
  return (
    <Modal open title={t('requests.act.publish')} onCancel={onClose} footer={null} width={680}>
      <p className="hint">{t('requests.publish.explain')}</p>
      <Read query={found}>
        {(data) => (
          <>
            {data.found.length > 0 ? (
              <fieldset>
                <legend>{t('requests.publish.found', { count: data.found.length })}</legend>
                <ul className="brief">
                  {data.found.map((one, index) => (
                    <li key={`${one.from}-${one.until}`}>
                      <Checkbox
                        checked={removed.includes(index)}
                        onChange={(event) => {
                          const next = event.target.checked
                            ? [...removed, index]
                            : removed.filter((other) => other !== index)
                          setRemoved(next)
                          setLooked(false)
                          setText(
                            redact(
                              data.text,
                              data.found.filter((_, at) => next.includes(at)),
                            ),
                          )
                        }}
                      >
                        {t(`requests.redaction.${one.kind}`)} <mark>{data.text.slice(one.from, one.until)}</mark> →{' '}
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
              {t('requests.field.title')}
              <Input value={title} maxLength={120} onChange={(event) => setTitle(event.target.value)} />
            </Labelled>
            <Labelled>
              {t('requests.publish.text')}
              <Input.TextArea
                value={text}
                rows={4}
                onChange={(event) => {
                  setText(event.target.value)
                  setLooked(false)
                }}
              />
            </Labelled>
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
                onClick={() =>
                  void doing.run('publish', { title: title.trim(), text: text.trim() }).then(onClose, () => {})
                }
              >
                {t('requests.publish.do')}
              </Button>
            </div>
          </>
        )}
      </Read>
    </Modal>
  )
}
