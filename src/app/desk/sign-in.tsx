import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { Button, Form, Input } from 'antd'
import { useTranslation } from 'react-i18next'
import { call, ErrorNote, forgetRead } from '#kernel/desk/index.ts'
import { signIn } from '../desk.api.ts'
import { LanguageChoice } from './language-choice.tsx'
import { Seal } from './seal.tsx'

/** The door for staff: by password here, in all other ways on the page it leads to; residents sign in on their own pages. */
export function SignIn() {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const queries = useQueryClient()
  const { to } = useSearch({ from: '/sign-in' })
  // Only an address within the desk is followed, and never back to this door.
  const asked = to?.startsWith('/') && !to.startsWith('//') && !/^(?:\/desk)?\/sign-in/.test(to) ? to : '/requests'
  const target = asked.startsWith('/desk') ? asked : `/desk${asked}`
  const enter = useMutation({
    mutationFn: (typed: { email: string; password: string }) =>
      call(signIn, { body: { email: typed.email.trim(), password: typed.password } }),
    onSuccess: async ({ second }) => {
      queries.clear()
      // Nothing that was read under another name is shown under this one.
      await forgetRead().catch(() => {})
      if (second) return window.location.assign(`/staff/sign-in/second?to=${encodeURIComponent(target)}`)
      await navigate({ href: target })
    },
  })
  return (
    <main className="alone">
      <div className="sheet door">
        <div className="brand">
          <Seal />
          <span>
            {t('desk.product')}
            <small>{t('desk.name')}</small>
          </span>
        </div>
        <h1>{t('desk.sign-in.title')}</h1>
        <Form layout="vertical" requiredMark={false} onFinish={(typed) => enter.mutate(typed)}>
          <Form.Item
            name="email"
            label={t('desk.sign-in.email')}
            rules={[{ required: true, message: t('desk.sign-in.email-wanted') }]}
          >
            <Input type="email" autoComplete="username" autoFocus size="large" />
          </Form.Item>
          <Form.Item
            name="password"
            label={t('desk.sign-in.password')}
            rules={[{ required: true, message: t('desk.sign-in.password-wanted') }]}
          >
            <Input.Password autoComplete="current-password" size="large" />
          </Form.Item>
          {enter.error ? <ErrorNote error={enter.error} /> : null}
          <Button type="primary" htmlType="submit" size="large" block loading={enter.isPending}>
            {t('desk.sign-in.enter')}
          </Button>
        </Form>
        <p className="hint">
          <a href={`/staff/sign-in?to=${encodeURIComponent(target)}`}>{t('desk.sign-in.other')}</a>
        </p>
        <p className="hint">{t('desk.sign-in.hint')}</p>
        <LanguageChoice />
      </div>
    </main>
  )
}
