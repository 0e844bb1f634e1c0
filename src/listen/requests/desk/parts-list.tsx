import { Button } from 'antd'
import { useTranslation } from 'react-i18next'
import { Mark, When } from '#kernel/desk/index.ts'
import { heldPartStates } from '../requests.api.ts'
import type { DeskAct, RequestView } from '../requests.desk.api.ts'

const partActs: readonly DeskAct[] = ['consent', 'acknowledge', 'answer-part', 'return', 'decline']
const held: readonly string[] = heldPartStates

/** What one may do with a part of one's own. */
function actsOf(request: RequestView, part: RequestView['parts'][number]): readonly DeskAct[] {
  if (!part.mine || !held.includes(part.state)) return []
  // What is offered is taken on or not; only what one has can be returned.
  return partActs.filter((act) => request.can.includes(act) && !(act === 'return' && part.state === 'offered'))
}

/** The one part that waits for the reader, whose acts then stand on top of the page; of several each has its own beside it. */
export function ownPart(request: RequestView): { part: string; acts: readonly DeskAct[] } | null {
  const own = request.parts.filter((part) => actsOf(request, part).length > 0)
  const [only] = own
  return only && own.length === 1 ? { part: only.id, acts: actsOf(request, only) } : null
}

/** Who has which part. Where one has several, what one may do with each stands beside it. */
export function Parts({
  request,
  onAct,
}: {
  request: RequestView
  onAct: (act: DeskAct, given?: Record<string, string>) => void
}) {
  const { t } = useTranslation()
  if (request.parts.length === 0) return null
  const onTop = ownPart(request) !== null
  return (
    <section>
      <h2>{t('requests.parts')}</h2>
      <ul className="plain-list">
        {request.parts.map((part) => (
          <li key={part.id} className="sheet part">
            <p>
              <b>{part.body.name}</b> <small>{t(`requests.part-role.${part.role}`)}</small>{' '}
              <Mark kind={part.state === 'answered' ? 'done' : part.state === 'returned' ? 'due' : 'plain'}>
                {t(`requests.part-state.${part.state}`)}
              </Mark>{' '}
              <When at={part.sentAt} />
            </p>
            {part.task ? <p className="request-text">{part.task}</p> : null}
            {part.answer ? <blockquote>{part.answer}</blockquote> : null}
            {part.reason ? (
              <p>
                <b>{t('requests.field.reason')}</b> {part.reason}
              </p>
            ) : null}
            {!onTop && actsOf(request, part).length > 0 ? (
              <div className="part-acts">
                {actsOf(request, part).map((act) => (
                  <Button key={act} onClick={() => onAct(act, { part: part.id })}>
                    {t(`requests.act.${act}`)}
                  </Button>
                ))}
              </div>
            ) : null}
          </li>
        ))}
      </ul>
    </section>
  )
}
