import { useInfiniteQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Button, Input } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import {
  address,
  call,
  EmptyNote,
  PageTitle,
  Read,
  readPages,
  readTable,
  TableDownload,
  When,
} from '#kernel/desk/index.ts'
import { type KeptPositions, listRegister, type RegisterRow } from '../register.api.ts'
import { inOrder } from '../register.rules.ts'

/** The register of acts, newest first: for those who watch what is done. */
export function RegisterPage() {
  const { t } = useTranslation()
  const [typed, setTyped] = useState('')
  const [record, setRecord] = useState<string | undefined>(undefined)
  const list = useInfiniteQuery({
    queryKey: ['register', record],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) => call(listRegister, { query: { record, after: pageParam }, signal }),
    getNextPageParam: (page) => page.next ?? undefined,
  })
  return (
    <main className="page">
      <PageTitle>{t('register.title')}</PageTitle>
      <p className="hint">{t('register.explain')}</p>
      <form
        className="find"
        onSubmit={(event) => {
          event.preventDefault()
          setRecord(typed.trim() || undefined)
        }}
      >
        <Input
          aria-label={t('register.find')}
          placeholder={t('register.find')}
          value={typed}
          maxLength={60}
          onChange={(event) => setTyped(event.target.value)}
        />
        <Button htmlType="submit">{t('register.search')}</Button>
        <TableDownload
          name={t('register.title')}
          fetch={(onRows) =>
            readPages((after) => readTable(address(listRegister.url, {}, { record, after, limit: 100 })), onRows)
          }
        />
      </form>
      <Read query={list}>
        {(data) => {
          const items = data.pages.flatMap((page) => page.items)
          const kept = data.pages.flatMap((page) => page.kept)
          if (items.length === 0 && kept.length === 0)
            return <EmptyNote title={t('register.none')}>{t('register.none-explain')}</EmptyNote>
          return (
            <>
              <ul className="brief register">
                {inOrder(items, kept).map((one) =>
                  'hash' in one ? <Held key={`held-${one.until}`} held={one} /> : <Line key={one.id} row={one} />,
                )}
              </ul>
              {list.hasNextPage ? (
                <Button onClick={() => void list.fetchNextPage()} loading={list.isFetchingNextPage}>
                  {t('register.more')}
                </Button>
              ) : null}
            </>
          )
        }}
      </Read>
    </main>
  )
}

/** Positions that are held, by acts that the reader may not see: nothing was removed there. */
function Held({ held: { from, until, hash } }: { held: KeptPositions }) {
  const { t } = useTranslation()
  return (
    <li>
      <span className="hint">{t('register.kept')}</span>
      <br />
      <small>
        {from === until ? `#${until}` : `#${from}–#${until}`} ·{' '}
        <span className="code" title={hash}>
          {t('register.hash', { hash: hash.slice(0, 12) })}
        </span>
      </small>
    </li>
  )
}

function Line({ row }: { row: RegisterRow }) {
  const { t } = useTranslation()
  return (
    <li>
      <b>{t(`register.kind.${row.kind}`, { defaultValue: row.kind })}</b>{' '}
      {row.number ? (
        <Link to="/requests/$id" params={{ id: row.record }} search={{}}>
          {row.number}
        </Link>
      ) : null}
      <br />
      <small>
        {[row.position === null ? null : `#${row.position}`, row.placeName, row.post ?? t(`register.by.${row.by}`)]
          .filter(Boolean)
          .join(' · ')}{' '}
        · <When at={row.at} />
      </small>
    </li>
  )
}
