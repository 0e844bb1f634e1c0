import { useInfiniteQuery } from '@tanstack/react-query'
import { Link, Outlet, useParams } from '@tanstack/react-router'
import { Button, Input } from 'antd'
import { useDeferredValue, useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { call, EmptyNote, PageTitle, Read, useSession } from '#kernel/desk/index.ts'
import { listBodies } from '../bodies.api.ts'
import { BodyForm } from './body-forms.tsx'

/** The bodies of a place and below it; the open one stands beside the list. */
export function BodiesPage() {
  const { t, i18n } = useTranslation()
  const { id } = useParams({ strict: false })
  const { duties } = useSession()
  const [founding, setFounding] = useState(false)
  const [words, setWords] = useState('')
  const search = useDeferredValue(words.trim())
  const list = useInfiniteQuery({
    queryKey: ['bodies', search],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) =>
      call(listBodies, { query: { search: search || undefined, after: pageParam, limit: 100 }, signal }),
    getNextPageParam: (page) => page.next ?? undefined,
  })
  // On a phone the open body stands in the place of the list, from its beginning.
  useEffect(() => {
    if (id && matchMedia('(max-width: 900px)').matches) document.querySelector('.stage')?.scrollTo(0, 0)
  }, [id])
  return (
    <main className="page">
      {id ? (
        <Link to="/bodies" className="back">
          ← {t('bodies.back')}
        </Link>
      ) : null}
      <PageTitle>{t('desk.rail.bodies')}</PageTitle>
      {duties.includes('body.edit') ? (
        <p>
          <Button onClick={() => setFounding(true)}>{t('bodies.found')}</Button>
        </p>
      ) : null}
      {founding ? <BodyForm body={null} onClose={() => setFounding(false)} /> : null}
      <div className={id ? 'pair-list' : ''}>
        <section aria-label={t('bodies.list')}>
          <Input
            type="search"
            allowClear
            value={words}
            onChange={(event) => setWords(event.target.value)}
            placeholder={t('bodies.search')}
            aria-label={t('bodies.search')}
          />
          <Read query={list}>
            {(data) => {
              const bodies = data.pages.flatMap((page) => page.bodies)
              if (bodies.length === 0) return <EmptyNote title={t('bodies.none')}>{t('bodies.none-explain')}</EmptyNote>
              return (
                <ul className="brief">
                  {bodies.map((body) => (
                    <li key={body.id}>
                      <Link to="/bodies/$id" params={{ id: body.id }}>
                        <b>{(i18n.language === 'en' && body.nameEn) || body.name}</b>
                      </Link>
                      <br />
                      <small>
                        {t(`bodies.kind.${body.kind}`)} ·{' '}
                        {(i18n.language === 'en' && body.placeNameEn) || body.placeName} ·{' '}
                        {t('bodies.counts', { posts: body.posts, holders: body.holders })}
                      </small>
                    </li>
                  ))}
                </ul>
              )
            }}
          </Read>
          {list.hasNextPage ? (
            <Button block type="text" loading={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
              {t('bodies.more')}
            </Button>
          ) : null}
        </section>
        <Outlet />
      </div>
    </main>
  )
}
