import { useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { App, Button } from 'antd'
import { useTranslation } from 'react-i18next'
import {
  EmptyNote,
  forget,
  heldBehind,
  PageTitle,
  sendable,
  sync,
  tryAgain,
  useSession,
  useWaiting,
  WaitingActNote,
} from '#kernel/desk/index.ts'

/** What was entered without network and has not arrived yet. */
export function WaitingPage() {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const { person } = useSession()
  const queries = useQueryClient()
  const waiting = useWaiting()
  const send = () => sync(person.id, () => void queries.invalidateQueries())
  const sendNow = async () => {
    const done = await send()
    if (done && done.left > 0 && done.sent + done.refused === 0) void message.info(t('desk.waiting.still-away'))
  }
  const mine = waiting.acts.filter((act) => act.person === person.id)
  const behind = heldBehind(mine, person.id)
  return (
    <main className="page">
      <PageTitle>{t('desk.waiting.title')}</PageTitle>
      <p className="lead">{t('desk.waiting.explain')}</p>
      {!waiting.read ? null : mine.length === 0 ? (
        <EmptyNote title={t('desk.waiting.none')}>{t('desk.waiting.none-explain')}</EmptyNote>
      ) : (
        <>
          {sendable(mine, person.id).length > 0 ? (
            <Button type="primary" loading={waiting.sending} onClick={() => void sendNow()}>
              {t('desk.waiting.send')}
            </Button>
          ) : null}
          <ul className="plain-list">
            {mine.map((act) => (
              <li key={act.id}>
                <WaitingActNote
                  act={act}
                  behind={behind.has(act.id)}
                  onAgain={act.record === null ? () => void tryAgain(act, null).then(sendNow) : undefined}
                  onForget={() => void forget(act).then(send)}
                >
                  {act.record === null ? (
                    <Link to="/new">{t('desk.waiting.form')}</Link>
                  ) : (
                    <Link to="/requests/$id" params={{ id: act.record }} search={{}}>
                      {t('desk.waiting.look')}
                    </Link>
                  )}
                </WaitingActNote>
              </li>
            ))}
          </ul>
        </>
      )}
    </main>
  )
}
