import './figures.css'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { Link, useSearch } from '@tanstack/react-router'
import { Button } from 'antd'
import { useTranslation } from 'react-i18next'
import { dayOf } from '#kernel/calendar/days.ts'
import {
  address,
  CallError,
  call,
  EmptyNote,
  exactly,
  PageTitle,
  Read,
  readPages,
  readTable,
  TableDownload,
  useSession,
} from '#kernel/desk/index.ts'
import { type Figures, readFigures } from '../figures.api.ts'
import { isSomething } from '../figures.rules.ts'
import { type FigureSearch, readFigureSearch, type Scope, scopeOf } from './address.ts'
import { type FigureRow, FigureTable } from './figure-table.tsx'
import { MonthsChoice } from './months-choice.tsx'
import { Counted, useWriting } from './numbers.tsx'
import { Whole } from './whole.tsx'
import { Year } from './year.tsx'

/** Figures of a place and of what lies below it, each a door to the requests that it counts. */
export function FiguresPage() {
  const { t, i18n } = useTranslation()
  const { duties } = useSession()
  // Read here too: the router hands on what the address holds beside what was read of it.
  const search = readFigureSearch({ ...useSearch({ from: '/shell/figures' }) })
  const reads = duties.includes('request.read')
  const figures = useQuery({
    queryKey: ['figures', search, i18n.language],
    enabled: reads,
    queryFn: ({ signal }) => call(readFigures, { query: search, signal }),
    // What was read stands until what is asked for is there.
    placeholderData: keepPreviousData,
  })
  if (!reads)
    return (
      <main className="page">
        <PageTitle>{t('figures.title')}</PageTitle>
        <EmptyNote title={t('figures.denied')}>{t('figures.denied-explain')}</EmptyNote>
      </main>
    )
  return (
    <main className="page figures" aria-busy={figures.isPlaceholderData || undefined}>
      {figures.data ? null : <PageTitle>{t('figures.title')}</PageTitle>}
      {isNoPlace(figures.error) ? (
        <NoPlace beyond={figures.error.status === 403} />
      ) : (
        <Read query={figures}>{(data) => <Told data={data} search={search} />}</Read>
      )}
    </main>
  )
}

/** The place that the address names is none, or none of the reader's; trying again would change nothing. */
const isNoPlace = (error: unknown): error is CallError =>
  error instanceof CallError && (error.status === 403 || error.status === 404 || error.field === 'place')

/** Says so, with the way back to one's own. */
function NoPlace({ beyond }: { beyond: boolean }) {
  const { t } = useTranslation()
  return (
    <div role="alert">
      <EmptyNote title={t(beyond ? 'figures.beyond' : 'figures.missing')}>
        <p>{t(beyond ? 'figures.beyond-explain' : 'figures.missing-explain')}</p>
        <Link to="/figures" search={{}}>
          {t('figures.to-own')}
        </Link>
      </EmptyNote>
    </div>
  )
}

function Told({ data, search }: { data: Figures; search: FigureSearch }) {
  const { t, i18n } = useTranslation()
  const { person, posts } = useSession()
  const { span } = useWriting()
  const { place, from, until, whole } = data
  const scope: Scope | null = place && { place: place.id, from, until }
  const where = place?.name ?? t('figures.everywhere')
  const months = span(from, until)
  // Also the name of the file: who reads it elsewhere must not take a part for the whole.
  const title = t(data.entire ? 'figures.title-of' : 'figures.title-of-part', { place: where })
  const [post] = posts
  const empty = whole.told === 0
  return (
    <>
      <Trail data={data} search={search} />
      <PageTitle focusOn={`${place?.id} ${from} ${until}`}>{title}</PageTitle>
      <p className="hint">
        {t('figures.cohort', { months })} {t('figures.as-of')}{' '}
        <time dateTime={data.at}>{exactly(data.at, i18n.language)}</time>
      </p>
      <div className="figures-choice">
        <MonthsChoice place={place?.id} from={from} until={until} now={dayOf(new Date(data.at)).slice(0, 7)} />
        <div className="figures-tools">
          <TableDownload
            name={title}
            fetch={(onRows) =>
              readPages(() => readTable(address(readFigures.url, {}, { place: place?.id, from, until })), onRows)
            }
          />
          <Button onClick={() => print()}>{t('figures.print')}</Button>
        </div>
      </div>
      {empty ? (
        <Empty data={data} months={months} scope={scope} where={where} />
      ) : (
        <>
          <p className="hint unprinted">{t(scope ? 'figures.opens' : 'figures.opens-parts')}</p>
          <Whole figure={whole} scope={scope} where={where} />
        </>
      )}
      <Parts data={data} scope={scope} search={search} />
      {empty ? null : <Kinds data={data} scope={scope} where={where} />}
      {data.months.some(({ figure }) => figure.told > 0) ? <Year data={data} scope={scope} /> : null}
      <p className="figures-printed">
        {t('figures.printed-by', {
          who: [person.name, ...(post ? [post.bodyName, post.name] : [])].join(' · '),
        })}
      </p>
    </>
  )
}

/** The places above, each a step back. */
function Trail({ data, search }: { data: Figures; search: FigureSearch }) {
  const { t } = useTranslation()
  if (data.above.length === 0) return null
  return (
    <nav className="figures-trail" aria-label={t('figures.trail')}>
      <ol>
        {data.above.map((place) => (
          <li key={place.id}>
            <Link to="/figures" search={{ ...search, place: place.id }}>
              {place.name}
            </Link>
          </li>
        ))}
      </ol>
    </nav>
  )
}

/** Nothing was filed: when something last was, and what can be done. */
function Empty({ data, months, scope, where }: { data: Figures; months: string; scope: Scope | null; where: string }) {
  const { t } = useTranslation()
  const { month } = useWriting()
  const { duties } = useSession()
  const last = data.months.findLast(({ figure }) => figure.told > 0)
  return (
    <EmptyNote title={t('figures.none', { months })}>
      <p>{t(last ? 'figures.none-explain' : 'figures.none-far')}</p>
      {last ? (
        <p>
          {t('figures.none-last')}{' '}
          <Link to="/figures" search={{ place: data.place?.id, from: last.month, until: last.month }}>
            {month(last.month)}
          </Link>
        </p>
      ) : null}
      {data.whole.overdue > 0 ? (
        <p>
          {t('figures.column.overdue')} <Counted of="overdue" count={data.whole.overdue} scope={scope} where={where} />
        </p>
      ) : null}
      {duties.includes('request.enter') ? <Link to="/new">{t('desk.rail.new')}</Link> : null}
    </EmptyNote>
  )
}

function Parts({ data, scope, search }: { data: Figures; scope: Scope | null; search: FigureSearch }) {
  const { t } = useTranslation()
  const { place, from, until } = data
  const name = place?.name ?? ''
  if (data.parts.length === 0)
    return place ? (
      <section>
        <h2>{t('figures.parts')}</h2>
        <p>
          {t('figures.parts.none', { place: name })}
          <br />
          <small>{t('figures.parts.none-explain')}</small>
        </p>
      </section>
    ) : null
  const rows = data.parts.map(
    (part): FigureRow => ({
      key: part.place?.id ?? 'itself',
      name: part.place?.name ?? t('figures.itself', { place: name }),
      head: part.place ? (
        <Link to="/figures" search={{ ...search, place: part.place.id }}>
          {part.place.name}
        </Link>
      ) : (
        t('figures.itself', { place: name })
      ),
      scope: scopeOf(part, scope, { from, until }),
      figure: part.figure,
      silent: !isSomething(part.figure) && part.figure.verdicts === null,
    }),
  )
  return (
    <section>
      <h2>{t('figures.parts')}</h2>
      <p className="hint">{t('figures.parts-explain')}</p>
      {/* What was unfolded in one place is folded in the next. */}
      <FigureTable key={place?.id} title={t('figures.parts')} first={t('figures.column.place')} rows={rows} />
    </section>
  )
}

function Kinds({ data, scope, where }: { data: Figures; scope: Scope | null; where: string }) {
  const { t } = useTranslation()
  const rows = data.kinds.map(({ name, figure }): FigureRow => {
    const said = name ?? t('requests.kind.none')
    return { key: name ?? '', name: `${where} · ${said}`, head: said, scope: scope && { ...scope, kind: name }, figure }
  })
  return (
    <section>
      <h2>{t('figures.kinds')}</h2>
      <FigureTable title={t('figures.kinds')} first={t('figures.column.kind')} rows={rows} />
    </section>
  )
}
