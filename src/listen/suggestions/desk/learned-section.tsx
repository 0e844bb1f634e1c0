import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { call, Read, When } from '#kernel/desk/index.ts'
import { type Learnt, readLearned } from '../suggestions.api.ts'

const shares = ['level-first', 'level-three', 'category-first', 'category-three'] as const
const shareOf: Record<(typeof shares)[number], (night: Learnt['nights'][number]) => number | null> = {
  'level-first': (night) => night.levelFirst,
  'level-three': (night) => night.levelThree,
  'category-first': (night) => night.categoryFirst,
  'category-three': (night) => night.categoryThree,
}

/** How well categories are suggested at a place, night by night: a bar and its number in each cell. */
export function LearnedSection({ place }: { place: string | undefined }) {
  const { t, i18n } = useTranslation()
  const learned = useQuery({
    queryKey: ['suggestions-learned', place, i18n.language],
    queryFn: ({ signal }) => call(readLearned, { query: { place }, signal }),
  })
  const percent = new Intl.NumberFormat(i18n.language, { style: 'percent', maximumFractionDigits: 1 })
  return (
    <div className="sheet learned">
      <h2>{t('suggestions.learned')}</h2>
      <p className="hint">{t('suggestions.explain')}</p>
      <Read query={learned}>
        {({ standing, from, nights }) => (
          <>
            {standing ? null : <p>{t('suggestions.names-alone')}</p>}
            {standing && from ? <p>{t('suggestions.from', { place: from })}</p> : null}
            {nights.length === 0 ? (
              <p>{t('suggestions.first-night')}</p>
            ) : (
              // biome-ignore lint/a11y/noNoninteractiveTabindex: what is scrolled has to be reached by the keyboard
              <section className="learned-nights" aria-label={t('suggestions.learned')} tabIndex={0}>
                <table>
                  <thead>
                    <tr>
                      <th scope="col">{t('suggestions.night')}</th>
                      <th scope="col">{t('suggestions.rows')}</th>
                      {shares.map((share) => (
                        <th key={share} scope="col">
                          {t(`suggestions.share.${share}`)}
                        </th>
                      ))}
                    </tr>
                  </thead>
                  <tbody>
                    {nights.map((night) => (
                      <tr key={night.at}>
                        <th scope="row">
                          <When at={night.at} />
                        </th>
                        <td data-named={t('suggestions.rows')}>{night.rows}</td>
                        {shares.map((share) => {
                          const right = shareOf[share](night)
                          return (
                            <td key={share} data-named={t(`suggestions.share.${share}`)}>
                              {right === null ? (
                                '—'
                              ) : (
                                <>
                                  <meter value={right} aria-hidden="true" /> {percent.format(right)}
                                </>
                              )}
                            </td>
                          )
                        })}
                      </tr>
                    ))}
                  </tbody>
                </table>
              </section>
            )}
          </>
        )}
      </Read>
    </div>
  )
}
