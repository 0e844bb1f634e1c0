import { useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import {
  forget,
  heldBehind,
  Mark,
  sync,
  tryAgain,
  useAsOf,
  useSession,
  useWaiting,
  WaitingActNote,
} from '#kernel/desk/index.ts'
import type { RequestView } from '../requests.desk.api.ts'
import { couldSucceed } from './phone-again.ts'
import { keptNames } from './phone-kept.ts'

/**
 * What was entered on this request and has not arrived: what waits, and what came back refused with everything that was typed. It
 * goes out again for the version that is on the screen, once its author has seen it; what the request as it stands would refuse
 * once more can only be copied and let go.
 */
export function WaitingHere({ id, request }: { id: string; request: RequestView | null }) {
  const { t } = useTranslation()
  const { person } = useSession()
  const queries = useQueryClient()
  const old = useAsOf(keptNames.request(id)) !== null
  const here = useWaiting().acts.filter((act) => act.record === id && act.person === person.id)
  if (here.length === 0) return null
  const behind = heldBehind(here, person.id)
  const refused = here.filter((act) => act.refusal)
  const waiting = here.length - refused.length - behind.size
  // Out of the keeping nobody has seen how it stands now.
  const seen = request && !old ? request : null
  const send = () => sync(person.id, () => void queries.invalidateQueries())
  return (
    <>
      {waiting > 0 ? (
        <p role="status">
          <Mark kind="due">{t('requests.waiting-here', { count: waiting })}</Mark>
        </p>
      ) : null}
      {here
        .filter((act) => act.refusal || behind.has(act.id))
        .map((act) => (
          <WaitingActNote
            key={act.id}
            act={act}
            behind={behind.has(act.id)}
            onAgain={
              seen && couldSucceed(act, seen)
                ? () =>
                    void tryAgain(act, seen.version)
                      .then(send)
                      .catch(() => {})
                : undefined
            }
            onForget={() =>
              void forget(act, { seen: seen?.version ?? null })
                .then(send)
                .catch(() => {})
            }
          >
            {seen && !couldSucceed(act, seen) ? <p className="hint">{t('requests.waiting-useless')}</p> : null}
          </WaitingActNote>
        ))}
    </>
  )
}
