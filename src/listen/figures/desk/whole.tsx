import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { Count, PlaceFigure } from '../figures.api.ts'
import {
  closingRate,
  closingRateWithout,
  inTimeRate,
  inTimeRateOfAnswered,
  type Rate,
  solvedRate,
} from '../figures.rules.ts'
import type { Scope } from './address.ts'
import { Counted, useCountWords, useWriting } from './numbers.tsx'

const standing = ['told', 'received', 'accepted', 'dispatched', 'acknowledged', 'answered', 'closed'] as const
const moves = ['transferred', 'returned', 'acceptedLate'] as const
const endings = ['said', 'unconfirmed', 'explained', 'answeredElsewhere', 'merged', 'withdrawn'] as const

/** A place in whole: counts with their words, and the rates with what they are made of. */
export function Whole({ figure, scope, where }: { figure: PlaceFigure; scope: Scope | null; where: string }) {
  const { t } = useTranslation()
  const counts = (of: readonly (Count | 'overdue')[]) => <Counts of={of} figure={figure} scope={scope} where={where} />
  return (
    <>
      <section className="sheet" aria-label={t('figures.standing')}>
        <h2>{t('figures.standing')}</h2>
        {counts(standing)}
        {figure.closed === 0 ? null : (
          <>
            <h3>{t('figures.endings')}</h3>
            {counts(endings)}
          </>
        )}
        <h3>{t('figures.moves')}</h3>
        {counts(moves)}
        <p className="hint">{t('figures.moves-explain')}</p>
        {/* Of no month: it stands apart from what was filed in those that were chosen. */}
        <div className="figures-apart">{counts(['overdue'])}</div>
      </section>
      <Rates figure={figure} scope={scope} where={where} />
    </>
  )
}

interface CountsProperties {
  of: readonly (Count | 'overdue')[]
  figure: PlaceFigure
  scope: Scope | null
  where: string
}

function Counts({ of, figure, scope, where }: CountsProperties) {
  const word = useCountWords()
  return (
    <dl className="figures-counts">
      {of.map((count) => (
        <div key={count}>
          <dt>{word(count)}</dt>
          <dd>
            <Counted of={count} count={figure[count]} scope={scope} where={where} />
          </dd>
        </div>
      ))}
    </dl>
  )
}

function Rates({ figure, scope, where }: Omit<CountsProperties, 'of'>) {
  const { t } = useTranslation()
  const { number, share } = useWriting()
  const word = useCountWords()
  const { verdicts } = figure
  const answered = inTimeRateOfAnswered(figure)
  return (
    <section className="sheet" aria-label={t('figures.rates')}>
      <h2>{t('figures.rates')}</h2>
      <div className="figures-rates">
        <RateBlock name={t('figures.rate.closing')} rate={closingRate(figure)}>
          {t('figures.rate.closing-explain')}
        </RateBlock>
        <RateBlock name={t('figures.rate.without')} rate={closingRateWithout(figure)}>
          {t('figures.rate.without-explain')}
        </RateBlock>
        <RateBlock name={t('figures.rate.in-time')} rate={inTimeRate(figure)}>
          {(['inTime', 'late', 'missed'] as const).map((of) => (
            <span key={of} className="figures-pair">
              {word(of)} <Counted of={of} count={figure[of]} scope={scope} where={where} />
            </span>
          ))}
          <br />
          {figure.missed === 0 || answered.share === null
            ? null
            : t('figures.rate.in-time-answered', {
                share: share(answered),
                part: number(answered.part),
                of: number(answered.of),
              })}{' '}
          {t('figures.rate.in-time-explain')}
        </RateBlock>
        <RateBlock name={t('figures.rate.solved')} rate={verdicts && solvedRate(verdicts)}>
          {verdicts
            ? t('figures.verdicts', {
                judged: number(verdicts.judged),
                solved: number(verdicts.solved),
                partly: number(verdicts.partly),
                not: number(verdicts.not),
              })
            : t('figures.verdicts.hidden')}
          <br />
          {t('figures.rate.solved-explain')}
          {figure.unconfirmed > 0 ? (
            <>
              <br />
              {t('figures.beside', { count: number(figure.unconfirmed) })}
            </>
          ) : null}
        </RateBlock>
      </div>
    </section>
  )
}

/** One rate with its counts and the sentence that says what it means. */
function RateBlock({ name, rate, children }: { name: string; rate: Rate | null; children: ReactNode }) {
  const { t } = useTranslation()
  const { share, number } = useWriting()
  return (
    <div>
      <h3>{name}</h3>
      <p className="figures-rate">
        <b>{rate ? share(rate) : '—'}</b>{' '}
        {rate && rate.of > 0 ? t('figures.share', { part: number(rate.part), of: number(rate.of) }) : null}
      </p>
      <p className="hint">{children}</p>
    </div>
  )
}
