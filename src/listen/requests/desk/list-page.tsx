import { useInfiniteQuery } from '@tanstack/react-query'
import { Link, Outlet, useNavigate, useParams, useSearch } from '@tanstack/react-router'
import { Button } from 'antd'
import { lazy, Suspense, useCallback, useEffect, useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import {
  AsOf,
  call,
  commandOf,
  EmptyNote,
  ErrorNote,
  Read,
  readOrKept,
  useMedia,
  useSession,
  whereOf,
} from '#kernel/desk/index.ts'
import { type Filter, listRequests, type Row, searchRequests } from '../requests.lists.api.ts'
import { type BulkAct, bulkActs, rowsFor } from './bulk.ts'
import { callBackColumns, readCallBacks } from './call-backs.ts'
import { Cards } from './cards.tsx'
import { ColumnChoice, useColumns } from './columns.tsx'
import { figuresOf, firstQueue, narrowed, wordless } from './filter.ts'
import { FilterBar } from './filter-bar.tsx'
import { requestKeys } from './keys.ts'
import { ListCount } from './list-count.tsx'
import { ListDownload } from './list-download.tsx'
import { keepWords, wordsOf } from './list-words.ts'
import { keptNames, listFromRows } from './phone-kept.ts'
import { WideTable } from './wide-table.tsx'

const BulkActDialog = lazy(() => import('./bulk-act.tsx'))

/**
 * Takes the focus out of the field in which one searched and onto a row; off the field alone where there is none, or where somebody
 * has gone elsewhere meanwhile.
 */
function stepOnto(id: string | undefined): void {
  const at = document.activeElement
  if (!(at instanceof HTMLElement) || (at !== document.body && !at.closest('.filters, [data-request]'))) return
  const row = id === undefined ? null : document.querySelector<HTMLElement>(`[data-request="${id}"]`)
  if (row) {
    row.tabIndex = -1
    row.focus()
  } else at.blur()
}

/** A queue: the whole width as a table, or narrow beside the request that is open. */
export function ListPage() {
  const { t } = useTranslation()
  const session = useSession()
  const search = useSearch({ from: '/shell/requests' })
  const { id } = useParams({ strict: false })
  const navigate = useNavigate()
  const [focused, setFocused] = useState<string | null>(id ?? null)
  const [selected, setSelected] = useState<readonly string[]>([])
  const [bulk, setBulk] = useState<{ act: BulkAct; of: readonly Row[] } | null>(null)
  const columns = useColumns()
  const narrow = useMedia('(max-width: 900px)')

  const filter: Filter = useMemo(() => {
    const { found, ...narrowing } = search
    const words = wordsOf(found)
    return { ...narrowing, words, queue: search.queue ?? (words ? 'all' : firstQueue(session.queues)) }
  }, [search, session.queues])
  const list = useInfiniteQuery({
    queryKey: ['requests', filter],
    initialPageParam: undefined as string | undefined,
    queryFn: async ({ pageParam, signal }) => {
      const query = { ...filter, after: pageParam, limit: 50 }
      return readOrKept(
        session.person.id,
        keptNames.list(query),
        () =>
          filter.queue === 'to-call-back'
            ? readCallBacks(pageParam, signal)
            : query.words
              ? call(searchRequests, { body: query, signal })
              : call(listRequests, { query: wordless(query), signal }),
        () => listFromRows(session.person.id, query),
      )
    },
    getNextPageParam: (page) => page.next ?? undefined,
  })
  const rows = useMemo(() => list.data?.pages.flatMap((page) => page.items) ?? [], [list.data])
  const current = rows.find((row) => row.id === (focused ?? id)) ?? null

  const change = useCallback(
    (next: Filter) => {
      setSelected([])
      const { words, ...narrowing } = next
      void navigate({ to: '/requests', search: { ...narrowing, ...(words ? { found: keepWords(words) } : {}) } })
    },
    [navigate],
  )
  const open = useCallback(
    (row: Row, hash?: string) => {
      setFocused(row.id)
      void navigate({ to: '/requests/$id', params: { id: row.id }, search, hash })
    },
    [navigate, search],
  )

  // After a search the keys are the list's again: the focus goes to its first row, once what was sought is there.
  const [sought, setSought] = useState<string | null>(null)
  useEffect(() => {
    if (sought === null || sought !== (filter.words ?? '') || list.isFetching) return
    setSought(null)
    const [first] = rows
    setFocused(first?.id ?? null)
    stepOnto(first?.id)
  }, [sought, filter.words, list.isFetching, rows])

  const chosen = useMemo(() => rows.filter((row) => selected.includes(row.id)), [rows, selected])

  useEffect(() => {
    const pressed = (event: KeyboardEvent) => {
      const command = commandOf(event, whereOf(event.target, document), requestKeys)
      if (!command) return
      const at = rows.findIndex((row) => row.id === (focused ?? id))
      const step = command === 'next' ? 1 : command === 'previous' ? -1 : 0
      if (step !== 0) {
        const to = rows[Math.min(rows.length - 1, Math.max(0, at + step))]
        if (!to) return
        event.preventDefault()
        if (id) open(to)
        else setFocused(to.id)
        document.querySelector(`[data-request="${to.id}"]`)?.scrollIntoView({ block: 'nearest' })
        // Where a row has the focus, it goes along.
        if (document.activeElement?.matches('[data-request]')) stepOnto(to.id)
      } else if (command === 'search') {
        event.preventDefault()
        document.querySelector<HTMLInputElement>('.filters input[type=search]')?.focus()
      } else if (command === 'close' && id) {
        void navigate({ to: '/requests', search })
      } else if (command === 'select' && current) {
        setSelected((chosen) =>
          chosen.includes(current.id) ? chosen.filter((one) => one !== current.id) : [...chosen, current.id],
        )
      } else if (command === 'open' && current && !id) {
        event.preventDefault()
        open(current)
      } else if (command === 'dispatch' && chosen.length > 1) {
        event.preventDefault()
        setBulk({ act: 'dispatch', of: chosen })
      } else if (command === 'accept' && !id) {
        // What is chosen; else the row one stands on. Asked about first, as every act from a list.
        const of = chosen.length > 0 ? chosen : current ? [current] : []
        if (rowsFor('accept', of).length === 0) return
        event.preventDefault()
        setBulk({ act: 'accept', of })
      } else if ((command === 'dispatch' || command === 'answer') && current && !id) {
        event.preventDefault()
        open(current, command)
      }
    }
    addEventListener('keydown', pressed)
    return () => removeEventListener('keydown', pressed)
  }, [rows, focused, id, open, navigate, search, current, chosen])

  const calling = filter.queue === 'to-call-back'
  const queueName = t(`requests.queue.${filter.queue ?? 'all'}`)
  const heading = id && !narrow ? 'h2' : 'h1'
  const Heading = heading
  // The open request is the page's main part; without one the list is.
  const List = id ? 'section' : 'main'
  return (
    <div className={id ? 'split split-open' : 'split'}>
      <List className={id ? 'queue' : 'queue queue-wide'} aria-label={queueName}>
        <header>
          <Heading className="queue-title">
            {queueName} {list.data ? <ListCount filter={filter} shown={rows.length} more={list.hasNextPage} /> : null}
          </Heading>
          <FilterBar
            filter={filter}
            onChange={change}
            compact={Boolean(id)}
            onReturn={(words) => {
              setSought(words)
              if (words === null) stepOnto((current ?? rows[0])?.id)
            }}
          >
            {narrow || calling ? null : <ColumnChoice {...columns} />}
            {calling || narrow || rows.length === 0 ? null : <ListDownload filter={filter} />}
            {filter.queue === 'all' && session.duties.includes('request.read') ? (
              <Link to="/figures" search={figuresOf(filter)} className="beside-buttons">
                {t('requests.figures')}
              </Link>
            ) : null}
          </FilterBar>
          {chosen.length > 0 ? (
            <div className="bulk" role="status">
              {t('requests.selected', { count: chosen.length })}{' '}
              {bulkActs
                .filter((act) => rowsFor(act, chosen).length > 0)
                .map((act, index) => (
                  <Button
                    key={act}
                    type={index === 0 ? 'primary' : 'default'}
                    onClick={() => setBulk({ act, of: chosen })}
                  >
                    {t(`requests.bulk.${act}`, { count: rowsFor(act, chosen).length })}{' '}
                    {act === 'accept' ? <kbd>R</kbd> : act === 'dispatch' ? <kbd>D</kbd> : null}
                  </Button>
                ))}
              <Button onClick={() => setSelected([])}>{t('requests.bulk.clear')}</Button>
            </div>
          ) : null}
          <AsOf name={keptNames.list({ ...filter, after: undefined, limit: 50 })} />
        </header>
        <Read query={list}>
          {() =>
            rows.length === 0 ? (
              <EmptyNote title={t(`requests.empty.${filter.queue ?? 'all'}`)}>
                {t(filter.words || narrowed(search) ? 'requests.empty.filtered' : 'requests.empty.next')}
              </EmptyNote>
            ) : (
              <>
                {id || narrow ? (
                  <Cards
                    rows={rows}
                    open={id ?? null}
                    focused={focused}
                    selected={selected}
                    search={search}
                    onSelect={setSelected}
                  />
                ) : (
                  <WideTable
                    rows={rows}
                    shown={calling ? callBackColumns : columns.shown}
                    focused={focused}
                    selected={selected}
                    search={search}
                    onSelect={setSelected}
                  />
                )}
                {list.isFetchNextPageError ? (
                  <ErrorNote error={list.error} onRetry={() => void list.fetchNextPage()} />
                ) : null}
                {list.hasNextPage ? (
                  <Button block type="text" loading={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
                    {t('requests.more')}
                  </Button>
                ) : (
                  <p className="hint end">{t('requests.end')}</p>
                )}
              </>
            )
          }
        </Read>
      </List>
      {id ? <Outlet /> : null}
      {bulk ? (
        <Suspense>
          <BulkActDialog
            act={bulk.act}
            rows={rowsFor(bulk.act, bulk.of)}
            others={bulk.of.filter((row) => !rowsFor(bulk.act, bulk.of).includes(row))}
            onClose={(left) => {
              setBulk(null)
              // Whatever was not done stays selected, so that nothing is lost from sight.
              if (left) setSelected(left)
            }}
          />
        </Suspense>
      ) : null}
    </div>
  )
}
