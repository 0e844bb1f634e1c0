import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import type { Figures } from '../figures.api.ts'
import { closingRate, inTimeRate } from '../figures.rules.ts'
import type { Scope } from './address.ts'
import { Counted, Rated, useCountWords, useWriting } from './numbers.tsx'

/** Twelve months, each a bar in the table that says the same in numbers. */
export function Year({ data, scope }: { data: Figures; scope: Scope | null }) {
  const { t } = useTranslation()
  const word = useCountWords()
  const { month } = useWriting()
  const most = Math.max(1, ...data.months.map(({ figure }) => figure.told))
  const title = t('figures.year', { month: month(data.until) })
  return (
    <section>
      <h2>{title}</h2>
      <p className="hint">{t('figures.year-explain')}</p>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what is scrolled has to be reached by the keyboard */}
      <section className="figures-frame figures-year" aria-label={title} tabIndex={0}>
        <table>
          <thead>
            <tr>
              <th scope="col">{t('figures.column.month')}</th>
              <th scope="col">{t('figures.column.course')}</th>
              <th scope="col">{word('told')}</th>
              <th scope="col">{word('closed')}</th>
              <th scope="col">{t('figures.rate.closing')}</th>
              <th scope="col">{t('figures.rate.in-time')}</th>
            </tr>
          </thead>
          <tbody>
            {data.months.map((one) => {
              const at = { from: one.month, until: one.month }
              const within = scope && { ...scope, ...at }
              return (
                <tr key={one.month}>
                  <th scope="row">
                    <Link to="/figures" search={{ place: data.place?.id, ...at }}>
                      {month(one.month)}
                    </Link>
                  </th>
                  <td>
                    <Bar told={one.figure.told / most} closed={one.figure.closed / most} />
                  </td>
                  {(['told', 'closed'] as const).map((of) => (
                    <td key={of}>
                      <Counted of={of} count={one.figure[of]} scope={within} where={month(one.month)} />
                    </td>
                  ))}
                  <td>
                    <Rated rate={closingRate(one.figure)} />
                  </td>
                  <td>
                    <Rated rate={inTimeRate(one.figure)} />
                  </td>
                </tr>
              )
            })}
          </tbody>
        </table>
      </section>
    </section>
  )
}

/** Shares of the longest bar, from 0 to 1. The numbers stand beside it. */
function Bar({ told, closed }: { told: number; closed: number }) {
  return (
    <svg className="figures-bar" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">
      <rect className="told" width={told * 100} height={10} />
      <rect className="closed" width={closed * 100} height={10} />
    </svg>
  )
}
