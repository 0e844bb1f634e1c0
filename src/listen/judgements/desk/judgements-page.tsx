import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Button, Select } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { call, EmptyNote, PageTitle, Read, useSession, When } from '#kernel/desk/index.ts'
import { listJudgements, readTotals } from '../judgements.api.ts'

const verdicts = ['solved', 'partly', 'not'] as const

/** What residents said: one by one for supervision, in totals for those who handled. */
export function JudgementsPage() {
  const { t } = useTranslation()
  const { duties } = useSession()
  return (
    <main className="page">
      <PageTitle>{t('judgements.title')}</PageTitle>
      <MonthTotals />
      {duties.includes('judgement.read') ? <SingleJudgements /> : null}
    </main>
  )
}

function MonthTotals() {
  const { t } = useTranslation()
  const totals = useQuery({ queryKey: ['judgement-totals'], queryFn: ({ signal }) => call(readTotals, { signal }) })
  return (
    <section aria-label={t('judgements.month')}>
      <Read query={totals}>
        {(data) => (
          <>
            <h2>{t('judgements.month-of', { month: data.month })}</h2>
            <p>
              <small>{t('judgements.month-explain')}</small>
            </p>
            <ul className="brief">
              {data.bodies.map((body) => (
                <li key={body.id}>
                  <b>{body.name}</b>
                  <br />
                  {body.totals
                    ? t('judgements.counts', { ...body.totals, satisfaction: body.totals.satisfaction ?? '—' })
                    : t('judgements.hidden')}
                </li>
              ))}
            </ul>
          </>
        )}
      </Read>
    </section>
  )
}

function SingleJudgements() {
  const { t } = useTranslation()
  const [verdict, setVerdict] = useState<(typeof verdicts)[number] | undefined>(undefined)
  const list = useInfiniteQuery({
    queryKey: ['judgements', verdict],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) => call(listJudgements, { query: { verdict, after: pageParam }, signal }),
    getNextPageParam: (page) => page.next ?? undefined,
  })
  return (
    <section aria-label={t('judgements.single')}>
      <h2>{t('judgements.single')}</h2>
      <p>
        <small>{t('judgements.single-explain')}</small>
      </p>
      <Select
        allowClear
        value={verdict}
        onChange={setVerdict}
        placeholder={t('judgements.all')}
        aria-label={t('judgements.filter')}
        options={verdicts.map((value) => ({ value, label: t(`judgements.verdict.${value}`) }))}
      />
      <Read query={list}>
        {(data) => {
          const items = data.pages.flatMap((page) => page.items)
          if (items.length === 0)
            return <EmptyNote title={t('judgements.none')}>{t('judgements.none-explain')}</EmptyNote>
          return (
            <>
              <ul className="brief">
                {items.map((one) => (
                  <li key={one.id}>
                    <Link to="/requests/$id" params={{ id: one.request }} search={{}}>
                      <b>{one.title}</b>
                    </Link>
                    <br />
                    {t(`judgements.verdict.${one.verdict}`)}
                    {one.satisfaction ? ` · ${t(`judgements.satisfaction.${one.satisfaction}`)}` : ''}
                    {one.words ? <blockquote>{one.words}</blockquote> : <br />}
                    <small>
                      {[one.number, one.placeName, one.bodies.join(t('judgements.and')), t(`judgements.way.${one.way}`)]
                        .filter(Boolean)
                        .join(' · ')}{' '}
                      · <When at={one.at} />
                    </small>
                  </li>
                ))}
              </ul>
              {list.hasNextPage ? (
                <Button onClick={() => void list.fetchNextPage()} loading={list.isFetchingNextPage}>
                  {t('judgements.more')}
                </Button>
              ) : null}
            </>
          )
        }}
      </Read>
    </section>
  )
}
