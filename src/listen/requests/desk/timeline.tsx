import { Link } from '@tanstack/react-router'
import { Radio } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { said, When } from '#kernel/desk/index.ts'
import type { RequestView } from '../requests.desk.api.ts'

/** Lines that are a resident's own: where a post stands at one, it was written down for them. */
const residentsOwn: readonly string[] = ['added', 'corrected', 'withdrawn']

/** What happened, newest last, and what has to happen next and by when. Internal lines are marked as such. */
export function Timeline({ request }: { request: RequestView }) {
  const { t, i18n } = useTranslation()
  const [shown, setShown] = useState<'all' | 'reporter'>('all')
  const entries = request.entries.filter(
    (entry) => entry.kind !== 'noted' && (shown === 'all' || entry.audience === 'reporter'),
  )
  return (
    <>
      <Radio.Group
        aria-label={t('requests.timeline')}
        value={shown}
        onChange={(event) => setShown(event.target.value)}
        options={[
          { value: 'all', label: t('requests.timeline.all') },
          { value: 'reporter', label: t('requests.timeline.reporter') },
        ]}
      />
      <ol className="when">
        {entries.map((entry, index) => (
          <li key={entry.id} className={index === entries.length - 1 ? 'now' : undefined}>
            {entry.imported?.timeUnknown ? (
              <span className="when-unknown">{t('requests.imported.time-unknown')}</span>
            ) : (
              <When at={entry.at} />
            )}
            <b>{t(`requests.entry.${entry.kind}`)}</b>{' '}
            {entry.other ? (
              <>
                <Link to="/requests/$id" params={{ id: entry.other.id }} search={{}}>
                  <span className="code">{entry.other.number}</span>
                </Link>{' '}
              </>
            ) : null}
            <small>
              {[entry.body, entry.post, entry.who].filter(Boolean).join(' · ')}
              {entry.post && residentsOwn.includes(entry.kind) ? ` · ${t('requests.entry-for-resident')}` : ''}
              {entry.handedBy ? t('requests.entry-by-paper', { post: entry.handedBy }) : ''}
              {entry.audience === 'staff' ? ` · ${t('requests.audience.staff')}` : ''}
            </small>
            {entry.imported ? (
              <p className="hint">
                {[
                  t('requests.imported'),
                  entry.imported.likes === null ? '' : t('requests.imported.likes', { count: entry.imported.likes }),
                  entry.imported.category ? t('requests.imported.category', { category: entry.imported.category }) : '',
                ]
                  .filter(Boolean)
                  .join(' · ')}
              </p>
            ) : null}
            {entry.text ? <p className="request-text">{entry.text}</p> : null}
          </li>
        ))}
        {request.deadline ? (
          <li className="next">
            <time dateTime={request.deadline.at}>
              {t('requests.next-by', { at: said(request.deadline.at, i18n.language) })}
            </time>
            <b>{t(`requests.step.${request.deadline.step}`)}</b>
          </li>
        ) : null}
      </ol>
    </>
  )
}
