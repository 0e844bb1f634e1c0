import { useQueryClient } from '@tanstack/react-query'
import { Button } from 'antd'
import { useTranslation } from 'react-i18next'
import { EmptyNote, forget, Mark, PageTitle, sync, tryAgain, useSession, useWaiting, When } from '#kernel/desk/index.ts'

/** What was entered without network and has not arrived yet. */
export function WaitingPage() {
  const { t } = useTranslation()
  const { person } = useSession()
  const queries = useQueryClient()
  const waiting = useWaiting()
  const sendNow = () => sync(person.id, () => void queries.invalidateQueries())
  const mine = waiting.acts.filter((act) => act.person === person.id)
  return (
    <main className="page">
      <PageTitle>{t('desk.waiting.title')}</PageTitle>
      <p className="lead">{t('desk.waiting.explain')}</p>
      {!waiting.read ? null : mine.length === 0 ? (
        <EmptyNote title={t('desk.waiting.none')}>{t('desk.waiting.none-explain')}</EmptyNote>
      ) : (
        <>
          <Button type="primary" loading={waiting.sending} onClick={() => void sendNow()}>
            {t('desk.waiting.send')}
          </Button>
          <ul className="plain-list">
            {mine.map((act) => (
              <li key={act.id} className="sheet">
                <b>{act.title}</b> <When at={act.at} />
                {act.refusal ? (
                  <>
                    <p>
                      <Mark kind="late">{t('desk.waiting.refused')}</Mark> {act.refusal.sentence}
                    </p>
                    <pre>{typeof act.body === 'object' ? Object.values(act.body ?? {}).join('\n') : ''}</pre>
                    <Button onClick={() => void tryAgain(act).then(sendNow)}>{t('desk.waiting.again')}</Button>{' '}
                    <Button onClick={() => void forget(act.id)}>{t('desk.waiting.forget')}</Button>
                  </>
                ) : (
                  <p>
                    <Mark kind="due">{t('desk.waiting.waits')}</Mark>
                  </p>
                )}
              </li>
            ))}
          </ul>
        </>
      )}
    </main>
  )
}
