import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Button, Form, Input, Modal, Radio } from 'antd'
import { useTranslation } from 'react-i18next'
import { call, ErrorNote } from '#kernel/desk/index.ts'
import {
  endTenure,
  type Holder,
  helpIn,
  type Invitation,
  invite,
  type Post,
  withdrawInvitation,
} from '../bodies.api.ts'

function useReread(post: string, body: string) {
  const queries = useQueryClient()
  return () =>
    Promise.all([
      queries.invalidateQueries({ queryKey: ['body', body] }),
      queries.invalidateQueries({ queryKey: ['bodies'] }),
      queries.invalidateQueries({ queryKey: ['invitations', post] }),
    ])
}

/** Invites somebody to a post. Where no mail is sent, the link is shown once, to be handed over. */
export function Invite({ post, title, onClose }: { post: Post; title: string; onClose: () => void }) {
  const { t, i18n } = useTranslation()
  const reread = useReread(post.id, post.body)
  const sending = useMutation({
    mutationFn: (typed: { name: string; mail: string; language: 'zh-CN' | 'en' }) =>
      call(invite, {
        params: { id: post.id },
        body: { name: typed.name.trim(), mail: typed.mail.trim(), language: typed.language as never },
      }),
    onSuccess: reread,
  })
  return (
    <Modal open title={t('bodies.invite', { title })} onCancel={onClose} footer={null}>
      {sending.data ? (
        <div role="status">
          <p>
            {t(sending.data.link ? 'bodies.invite.link' : 'bodies.invite.sent', { name: sending.data.invitation.name })}
          </p>
          {sending.data.link ? (
            <Input.TextArea readOnly value={sending.data.link} rows={2} aria-label={t('bodies.invite.link-label')} />
          ) : null}
          <div className="dialog-foot">
            <Button type="primary" onClick={onClose}>
              {t('desk.close')}
            </Button>
          </div>
        </div>
      ) : (
        <Form
          layout="vertical"
          requiredMark={false}
          onFinish={(typed) => sending.mutate(typed)}
          initialValues={{ language: i18n.language }}
        >
          <p className="hint">{t('bodies.invite.explain')}</p>
          <Form.Item
            name="name"
            label={t('bodies.field.name')}
            rules={[{ required: true, whitespace: true, message: t('bodies.field.wanted') }]}
          >
            <Input maxLength={60} autoFocus />
          </Form.Item>
          <Form.Item
            name="mail"
            label={t('bodies.field.mail')}
            rules={[{ required: true, type: 'email', message: t('bodies.field.mail-wanted') }]}
          >
            <Input type="email" maxLength={200} />
          </Form.Item>
          <Form.Item name="language" label={t('bodies.field.language')}>
            <Radio.Group
              options={[
                { value: 'zh-CN', label: '中文' },
                { value: 'en', label: 'English' },
              ]}
            />
          </Form.Item>
          {sending.error ? <ErrorNote error={sending.error} /> : null}
          <div className="dialog-foot">
            <Button onClick={onClose}>{t('desk.cancel')}</Button>
            <Button type="primary" htmlType="submit" loading={sending.isPending}>
              {t('bodies.invite.send')}
            </Button>
          </div>
        </Form>
      )}
    </Modal>
  )
}

/** Ends a tenure after its last day, or at once. What the person holds goes back to the body; nothing is deleted. */
export function EndTenure({
  post,
  title,
  holder,
  inHand,
  onClose,
}: {
  post: Post
  title: string
  holder: Holder
  /** Open matters that the body has in hand. */
  inHand: number
  onClose: () => void
}) {
  const { t } = useTranslation()
  const reread = useReread(post.id, post.body)
  const ending = useMutation({
    mutationFn: (typed: { lastDay?: string; basis?: string }) =>
      call(endTenure, {
        params: { id: holder.tenure },
        version: holder.version,
        body: {
          ...(typed.lastDay ? { lastDay: typed.lastDay } : {}),
          ...(typed.basis?.trim() ? { basis: typed.basis.trim() } : {}),
        },
      }),
    onSuccess: async () => {
      await reread()
      onClose()
    },
  })
  return (
    <Modal open title={t('bodies.end.title', { name: holder.name, title })} onCancel={onClose} footer={null}>
      <p className="hint">{t('bodies.end.explain')}</p>
      {inHand > 0 ? <p>{t('bodies.end.in-hand', { count: inHand })}</p> : null}
      <Form layout="vertical" requiredMark={false} onFinish={(typed) => ending.mutate(typed)}>
        <Form.Item name="lastDay" label={t('bodies.end.last-day')}>
          <Input type="date" autoFocus />
        </Form.Item>
        <Form.Item name="basis" label={t('bodies.end.basis')}>
          <Input maxLength={400} />
        </Form.Item>
        {ending.error ? <ErrorNote error={ending.error} /> : null}
        <div className="dialog-foot">
          <Button onClick={onClose}>{t('desk.cancel')}</Button>
          <Button type="primary" danger htmlType="submit" loading={ending.isPending}>
            {t('bodies.end.do', { name: holder.name })}
          </Button>
        </div>
      </Form>
    </Modal>
  )
}

/** Sends somebody who cannot sign in a link to their own mail address. */
export function HelpIn({ holder, onClose }: { holder: Holder; onClose: () => void }) {
  const { t } = useTranslation()
  const sending = useMutation({ mutationFn: () => call(helpIn, { params: { id: holder.tenure }, body: {} }) })
  return (
    <Modal open title={t('bodies.help.title', { name: holder.name })} onCancel={onClose} footer={null}>
      <p role="status">{t(sending.data ? 'bodies.help.done' : 'bodies.help.explain', { name: holder.name })}</p>
      {sending.error ? <ErrorNote error={sending.error} /> : null}
      <div className="dialog-foot">
        <Button onClick={onClose}>{t('desk.close')}</Button>
        {sending.data ? null : (
          <Button type="primary" loading={sending.isPending} onClick={() => sending.mutate()}>
            {t('bodies.help.do')}
          </Button>
        )}
      </div>
    </Modal>
  )
}

export function WithdrawInvitation({ invitation }: { invitation: Invitation }) {
  const { t } = useTranslation()
  const queries = useQueryClient()
  const withdrawing = useMutation({
    mutationFn: () => call(withdrawInvitation, { params: { id: invitation.id }, body: {} }),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['invitations', invitation.post] }),
  })
  return (
    <>
      <Button size="small" loading={withdrawing.isPending} onClick={() => withdrawing.mutate()}>
        {t('bodies.invite.withdraw')}
      </Button>
      {withdrawing.error ? <ErrorNote error={withdrawing.error} /> : null}
    </>
  )
}
