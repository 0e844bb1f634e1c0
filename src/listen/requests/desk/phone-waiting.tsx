import { useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { forget, Mark, sync, tryAgain, useSession, useWaiting, WaitingActNote } from '#kernel/desk/index.ts'

/**
 * What was entered on this request and has not arrived: what waits, and what came back refused with everything that was typed. It
 * goes out again for the version that is on the screen, once its author has seen it.
 */
export function WaitingHere({ request, version }: { request: string; version: number | null }) {
  const { t } = useTranslation()
  const { person } = useSession()
  const queries = useQueryClient()
  const here = useWaiting().acts.filter((act) => act.record === request && act.person === person.id)
  const refused = here.filter((act) => act.refusal)
  const waiting = here.length - refused.length
  return (
    <>
      {waiting > 0 ? (
        <p role="status">
          <Mark kind="due">{t('requests.waiting-here', { count: waiting })}</Mark>
        </p>
      ) : null}
      {refused.map((act) => (
        <WaitingActNote
          key={act.id}
          act={act}
          onAgain={
            version === null
              ? undefined
              : () =>
                  void tryAgain(act, version)
                    .then(() => sync(person.id, () => void queries.invalidateQueries()))
                    .catch(() => {})
          }
          onForget={() => void forget(act)}
        />
      ))}
    </>
  )
}
