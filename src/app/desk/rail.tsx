import { useQueryClient } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { App, Button } from 'antd'
import { useTranslation } from 'react-i18next'
import { CallError, call, forgetDevice } from '#kernel/desk/index.ts'
import { forgetWords } from '#listen/requests/desk/list-words.ts'
import { queues as queueNames } from '#listen/requests/requests.lists.api.ts'
import { signOut } from '../desk.api.ts'
import { LanguageChoice } from './language-choice.tsx'
import type { Connection } from './live.ts'

/** Whether the server is heard, and what waits to be sent. */
export function LineState({
  connection,
  waiting,
  sending,
}: {
  connection: Connection
  waiting: number
  sending: boolean
}) {
  const { t } = useTranslation()
  return (
    <p className={`line line-${connection}`} role="status">
      {sending ? t('desk.line.sending') : t(`desk.line.${connection}`)}
      {waiting > 0 ? <Link to="/waiting">{t('desk.line.waiting', { count: waiting })}</Link> : null}
    </p>
  )
}

interface RailProperties {
  counts: Record<string, number>
  duties: readonly string[]
  person: { id: string; name: string }
  post: string | null
  waiting: number
  onHelp: () => void
}

/** Where one can go, who one is, and the way out. */
export function Rail({ counts, duties, person, post, waiting, onHelp }: RailProperties) {
  const { t } = useTranslation()
  // A queue that the server does not count is none of this person's business and is not drawn.
  const shown = queueNames.filter((name) => name === 'all' || counts[name] !== undefined)
  return (
    <>
      <h2>{t('desk.rail.requests')}</h2>
      {shown.map((name) => (
        <Link
          key={name}
          to="/requests"
          search={{ queue: name }}
          activeOptions={{ exact: false, includeSearch: true }}
          activeProps={{ className: 'on', 'aria-current': 'page' }}
        >
          {t(`requests.queue.${name}`)}
          {counts[name] === undefined ? null : <b>{counts[name]}</b>}
        </Link>
      ))}
      {duties.includes('request.enter') ? (
        <Link to="/new" activeProps={{ className: 'on', 'aria-current': 'page' }}>
          {t('desk.rail.new')}
          <kbd>N</kbd>
        </Link>
      ) : null}
      <Link to="/judgements" activeProps={{ className: 'on', 'aria-current': 'page' }}>
        {t('judgements.title')}
      </Link>
      {duties.includes('request.read') ? (
        <Link to="/figures" search={{}} activeProps={{ className: 'on', 'aria-current': 'page' }}>
          {t('figures.title')}
        </Link>
      ) : null}
      {duties.includes('ledger.read') ? (
        <Link to="/register" activeProps={{ className: 'on', 'aria-current': 'page' }}>
          {t('register.title')}
        </Link>
      ) : null}
      <h2>{t('desk.rail.place')}</h2>
      <Link to="/bodies" activeProps={{ className: 'on', 'aria-current': 'page' }}>
        {t('desk.rail.bodies')}
      </Link>
      <Link
        to="/settings"
        search={{ section: undefined, place: undefined }}
        activeProps={{ className: 'on', 'aria-current': 'page' }}
      >
        {t('desk.rail.settings')}
      </Link>
      <Link to="/waiting" activeProps={{ className: 'on', 'aria-current': 'page' }}>
        {t('desk.rail.waiting')}
        <b>{waiting}</b>
      </Link>
      <div className="rail-foot">
        <p>
          <b>{person.name}</b>
          {post ? <small>{post}</small> : null}
        </p>
        <Button type="text" size="small" href="/my/security">
          {t('desk.rail.security')}
        </Button>
        <Button type="text" size="small" onClick={onHelp}>
          {t('desk.help')} <kbd>?</kbd>
        </Button>
        <LanguageChoice />
        <SignOutButton waiting={waiting} />
      </div>
    </>
  )
}

function SignOutButton({ waiting }: { waiting: number }) {
  const { t } = useTranslation()
  const { modal, message } = App.useApp()
  const queries = useQueryClient()
  const navigate = useNavigate()
  const leave = async () => {
    try {
      await call(signOut, { body: {} })
    } catch (refusal) {
      // Without network the session cannot be ended on the server: say so, and wipe the device all the same.
      if (refusal instanceof CallError && !refusal.signedOut) void message.warning(t('desk.sign-out.not-told'))
    }
    // First away from every screen, so that none of them writes again, then everything is deleted.
    await navigate({ to: '/sign-in', search: { to: undefined } })
    queries.clear()
    forgetWords()
    await forgetDevice()
  }
  return (
    <Button
      type="text"
      size="small"
      onClick={() =>
        waiting === 0
          ? void leave()
          : void modal.confirm({
              title: t('desk.sign-out.lose', { count: waiting }),
              content: t('desk.sign-out.lose-explain'),
              okText: t('desk.sign-out.anyway'),
              cancelText: t('desk.sign-out.stay'),
              onOk: leave,
            })
      }
    >
      {t('desk.sign-out')}
    </Button>
  )
}
