import { Button } from 'antd'
import { type ReactNode, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useMedia } from '#kernel/desk/index.ts'
import type { Figure, PlaceFigure } from '../figures.api.ts'
import { closingRate, closingRateWithout, inTimeRate, solvedRate } from '../figures.rules.ts'
import type { Scope } from './address.ts'
import { Counted, Rated, useCountWords, useWriting } from './numbers.tsx'

export interface FigureRow {
  readonly key: string
  /** What it is called, as words and as it is drawn. */
  readonly name: string
  readonly head: ReactNode
  readonly scope: Scope | null
  readonly figure: Figure | PlaceFigure
  /** Whether it says nothing at all, and may stand folded with others like it. */
  readonly silent?: boolean
}

interface Column {
  readonly key: string
  readonly name: string
  readonly cell: (row: FigureRow) => ReactNode
  /** Its words are many, and may break anywhere. */
  readonly worded?: boolean
}

/** What takes a matter away from whoever should answer it: how often, never how well. */
const moves = ['transferred', 'returned', 'acceptedLate'] as const

const standing = ['told', 'received', 'accepted', 'dispatched', 'acknowledged', 'answered', 'closed'] as const

interface TableProperties {
  title: string
  first: string
  rows: readonly FigureRow[]
}

/** So many rows that say nothing stand in a table; more are folded. One beneath the other they are folded always. */
const mostSilent = 10

/** Figures in rows, side by side where there is room and one beneath the other where there is none. */
export function FigureTable({ title, first, rows }: TableProperties) {
  const { t } = useTranslation()
  const narrow = useMedia('(max-width: 900px)')
  const [unfolded, setUnfolded] = useState(false)
  const silent = rows.filter((row) => row.silent).length
  const folds = silent > (narrow ? 0 : mostSilent)
  const shown = folds && !unfolded ? rows.filter((row) => !row.silent) : rows
  return (
    <>
      {shown.length > 0 ? <Rows title={title} first={first} rows={shown} narrow={narrow} /> : null}
      {folds ? (
        <p className="figures-silent">
          {t(silent === rows.length ? 'figures.silent.all' : 'figures.silent.more', { count: silent })}{' '}
          <Button className="unprinted" aria-expanded={unfolded} onClick={() => setUnfolded(!unfolded)}>
            {t(unfolded ? 'figures.silent.hide' : 'figures.silent.show')}
          </Button>
        </p>
      ) : null}
    </>
  )
}

function Rows({ title, first, rows, narrow }: TableProperties & { narrow: boolean }) {
  const columns = useColumns(rows.every(({ figure }) => 'overdue' in figure))
  if (narrow)
    return (
      <ul className="figures-cards">
        {rows.map((row) => (
          <li key={row.key} className="sheet">
            <h3>{row.head}</h3>
            <dl className="figures-counts">
              {columns.map((column) => (
                <div key={column.key}>
                  <dt>{column.name}</dt>
                  <dd>{column.cell(row)}</dd>
                </div>
              ))}
            </dl>
          </li>
        ))}
      </ul>
    )
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what is scrolled has to be reached by the keyboard
    <section className="figures-frame" aria-label={title} tabIndex={0}>
      <table>
        <thead>
          <tr>
            <th scope="col">{first}</th>
            {columns.map((column) => (
              <th key={column.key} scope="col" className={column.worded ? 'figures-worded' : undefined}>
                {column.name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.key}>
              <th scope="row">{row.head}</th>
              {columns.map((column) => (
                <td key={column.key} className={column.worded ? 'figures-worded' : undefined}>
                  {column.cell(row)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}

function useColumns(ofPlaces: boolean): Column[] {
  const { t } = useTranslation()
  const word = useCountWords()
  const { share } = useWriting()
  const counted = (of: (typeof standing)[number] | 'inTime' | 'late' | 'missed'): Column => ({
    key: of,
    name: word(of),
    cell: ({ figure, scope, name }) => <Counted of={of} count={figure[of]} scope={scope} where={name} />,
  })
  return [
    ...standing.map(counted),
    { key: 'closing', name: t('figures.rate.closing'), cell: ({ figure }) => <Rated rate={closingRate(figure)} /> },
    {
      key: 'without',
      name: t('figures.short.without'),
      cell: ({ figure }) => <Rated rate={closingRateWithout(figure)} />,
    },
    counted('inTime'),
    counted('late'),
    counted('missed'),
    { key: 'in-time', name: t('figures.rate.in-time'), cell: ({ figure }) => share(inTimeRate(figure)) },
    ...(ofPlaces
      ? [
          {
            key: 'overdue',
            worded: true,
            name: word('overdue'),
            cell: ({ figure, scope, name }: FigureRow) =>
              'overdue' in figure ? <Counted of="overdue" count={figure.overdue} scope={scope} where={name} /> : null,
          },
          {
            key: 'verdicts',
            worded: true,
            name: t('figures.column.verdicts'),
            cell: ({ figure }: FigureRow) => ('verdicts' in figure ? <Said figure={figure} /> : null),
          },
          {
            key: 'moves',
            worded: true,
            name: t('figures.moves'),
            cell: ({ figure, scope, name }: FigureRow) =>
              moves.map((of) => (
                <span key={of} className="figures-pair">
                  {t(`figures.short.${of}`)} <Counted of={of} count={figure[of]} scope={scope} where={name} />
                </span>
              )),
          },
        ]
      : []),
  ]
}

/** What residents said, in the room of a cell, with those beside it who said nothing. */
function Said({ figure: { verdicts, unconfirmed } }: { figure: PlaceFigure }) {
  const { t } = useTranslation()
  const { share, number } = useWriting()
  if (!verdicts)
    return (
      <span className="figures-zero">
        <span aria-hidden="true">—</span>
        <span className="unseen">{t('figures.verdicts.hidden')}</span>
      </span>
    )
  return (
    <>
      {share(solvedRate(verdicts))}{' '}
      <small>{t('figures.short.solved', { solved: number(verdicts.solved), judged: number(verdicts.judged) })}</small>{' '}
      <small>{t('figures.short.unconfirmed', { count: number(unconfirmed) })}</small>
    </>
  )
}
