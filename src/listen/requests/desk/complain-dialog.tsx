import { useMutation } from '@tanstack/react-query'
import { Button, Checkbox, Input, Modal, Radio } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { call, ErrorNote, Labelled } from '#kernel/desk/index.ts'
import { enteredChannels } from '../requests.acts.api.ts'
import { type ServiceFault, serviceFaults } from '../requests.api.ts'
import { complainFor, type RequestView } from '../requests.desk.api.ts'
import { LinkTold } from './phone-told.tsx'

/** A complaint about how it was handled, in the resident's words: it goes above those who handled it, who never see it. */
export default function ComplainDialog({ request, onClose }: { request: RequestView; onClose: () => void }) {
  const { t } = useTranslation()
  const [faults, setFaults] = useState<ServiceFault[]>([])
  const [text, setText] = useState('')
  const [phone, setPhone] = useState('')
  const [channel, setChannel] = useState<(typeof enteredChannels)[number] | null>(null)
  const send = useMutation({
    mutationFn: () =>
      call(complainFor, {
        params: { id: request.id },
        body: {
          text: text.trim(),
          faults,
          channel: channel ?? 'window',
          ...(phone.trim() ? { phone: phone.trim() } : {}),
        },
      }),
  })
  const filed = send.data
  return (
    <Modal open title={t('requests.act.complain')} onCancel={onClose} footer={null} width={560}>
      {filed ? (
        <div className="promise" role="status">
          <b>
            {t('requests.phone.say')} <span className="code">{filed.number}</span>
          </b>
          <LinkTold filed={filed} />
        </div>
      ) : (
        <form
          className="act-form"
          onSubmit={(event) => {
            event.preventDefault()
            if (text.trim() && channel) send.mutate()
          }}
        >
          <p className="hint">{t('requests.act-hint.complain')}</p>
          <fieldset>
            <legend>{t('requests.complain.came')}</legend>
            <Radio.Group
              value={channel}
              onChange={(event) => setChannel(event.target.value)}
              options={enteredChannels.map((each) => ({ value: each, label: t(`requests.channel.${each}`) }))}
            />
          </fieldset>
          <fieldset>
            <legend>{t('requests.complain.faults')}</legend>
            <Checkbox.Group
              value={faults}
              onChange={setFaults}
              options={serviceFaults.map((each) => ({ value: each, label: t(`requests.service-fault.${each}`) }))}
            />
          </fieldset>
          <Labelled>
            {t('requests.complain.text')}
            <Input.TextArea value={text} rows={4} maxLength={5000} onChange={(event) => setText(event.target.value)} />
          </Labelled>
          <Labelled>
            {t('requests.complain.phone')}
            <Input value={phone} maxLength={30} inputMode="tel" onChange={(event) => setPhone(event.target.value)} />
          </Labelled>
          {send.error ? <ErrorNote error={send.error} /> : null}
          <div className="dialog-foot">
            <Button onClick={onClose}>{t('desk.cancel')}</Button>
            <Button type="primary" htmlType="submit" disabled={!text.trim() || !channel} loading={send.isPending}>
              {t('requests.complain.send')}
            </Button>
          </div>
        </form>
      )}
    </Modal>
  )
}
