import { useMutation } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Button } from 'antd'
import { useTranslation } from 'react-i18next'
import { call, ErrorNote } from '#kernel/desk/index.ts'
import { linkKinds } from '../requests.api.ts'
import { type DeskAct, type RequestView, showEarlier } from '../requests.desk.api.ts'
import { BriefList } from './brief-list.tsx'
import { Similar } from './similar.tsx'

type OnAct = (act: DeskAct, given: Record<string, string>) => void

/** Whether somebody linked the two, who can undo it; merging and dividing stand. */
const isLinked = (kind: string) => linkKinds.some((each) => each === kind)

/** What other requests say to this one: those like it, those tied to it, those of the same person. */
export function Alike({ request, onAct }: { request: RequestView; onAct: OnAct }) {
  const { t } = useTranslation()
  return (
    <>
      <Similar request={request} onAct={onAct} />
      {request.linked.length > 0 ? (
        <div className="sheet">
          <h2>{t('requests.linked')}</h2>
          <ul className="brief">
            {request.linked.map((one) => (
              <li key={one.id}>
                {t(`requests.link.${one.kind}`)}{' '}
                <Link to="/requests/$id" params={{ id: one.id }} search={{}}>
                  <span className="code">{one.number}</span> {one.title}
                </Link>{' '}
                {isLinked(one.kind) && request.can.includes('unlink') ? (
                  <Button
                    size="small"
                    aria-label={`${t('requests.act.unlink')} ${one.number}`}
                    onClick={() => onAct('unlink', { to: one.id })}
                  >
                    {t('requests.act.unlink')}
                  </Button>
                ) : null}
              </li>
            ))}
          </ul>
        </div>
      ) : null}
      {request.reporter.hasEarlier ? <Earlier request={request} /> : null}
    </>
  )
}

function Earlier({ request }: { request: RequestView }) {
  const { t } = useTranslation()
  const earlier = useMutation({ mutationFn: () => call(showEarlier, { params: { id: request.id }, body: {} }) })
  if (earlier.data && earlier.data.items.length > 0)
    return (
      <div className="sheet">
        <h2>{t('requests.earlier')}</h2>
        <BriefList items={earlier.data.items} />
      </div>
    )
  return (
    <div className="sheet">
      <h2>{t('requests.earlier')}</h2>
      {earlier.data ? (
        <p>{t('requests.earlier.none')}</p>
      ) : (
        <>
          <p className="hint">{t('requests.earlier.explain')}</p>
          {earlier.error ? <ErrorNote error={earlier.error} /> : null}
          <Button size="small" loading={earlier.isPending} onClick={() => earlier.mutate()}>
            {t('requests.earlier.show')}
          </Button>
        </>
      )}
    </div>
  )
}
