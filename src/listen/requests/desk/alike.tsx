import { useMutation } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Button } from 'antd'
import { useTranslation } from 'react-i18next'
import { call, ErrorNote } from '#kernel/desk/index.ts'
import { type RequestView, showEarlier } from '../requests.desk.api.ts'
import { BriefList } from './brief-list.tsx'

/** What other requests say to this one: those like it, those tied to it, those of the same person. */
export function Alike({ request }: { request: RequestView }) {
  const { t } = useTranslation()
  return (
    <>
      <Others title={t('requests.similar')} items={request.similar} />
      {request.linked.length > 0 ? (
        <div className="sheet">
          <h2>{t('requests.linked')}</h2>
          <ul className="brief">
            {request.linked.map((one) => (
              <li key={one.id}>
                {t(`requests.link.${one.kind}`)}{' '}
                <Link to="/requests/$id" params={{ id: one.id }} search={{}}>
                  <span className="code">{one.number}</span> {one.title}
                </Link>
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
    return <Others title={t('requests.earlier')} items={earlier.data.items} />
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

function Others({ title, items }: { title: string; items: RequestView['similar'] }) {
  if (items.length === 0) return null
  return (
    <div className="sheet">
      <h2>{title}</h2>
      <BriefList items={items} />
    </div>
  )
}
