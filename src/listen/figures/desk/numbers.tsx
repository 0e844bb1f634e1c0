import { Link } from '@tanstack/react-router'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import type { Count } from '../figures.api.ts'
import type { Rate } from '../figures.rules.ts'
import { listOf, type Scope } from './address.ts'

/** Numbers and months as the reader's language writes them. */
export function useWriting() {
  const { t, i18n } = useTranslation()
  return useMemo(() => {
    const written = writing(i18n.language)
    const { month } = written
    return {
      ...written,
      /** One month, or from the first to the last. */
      span: (from: string, until: string) =>
        from === until ? month(from) : t('figures.span', { from: month(from), until: month(until) }),
    }
  }, [t, i18n.language])
}

function writing(language: string) {
  const number = new Intl.NumberFormat(language)
  const percent = new Intl.NumberFormat(language, { style: 'percent', maximumFractionDigits: 1 })
  const month = new Intl.DateTimeFormat(language, { timeZone: 'UTC', year: 'numeric', month: 'long' })
  return {
    number: (count: number) => number.format(count),
    share: ({ share }: Rate) => (share === null ? '—' : percent.format(share)),
    month: (of: string) => month.format(new Date(`${of}-01T00:00:00Z`)),
  }
}

/** The word of a count; how something ended is called as in the lists. */
export function useCountWords(): (count: Count | 'overdue') => string {
  const { t } = useTranslation()
  return (count) => {
    switch (count) {
      case 'explained':
      case 'unconfirmed':
      case 'withdrawn':
      case 'merged':
      case 'said':
        return t(`requests.closing.${count}`)
      case 'answeredElsewhere':
        return t('requests.closing.answered_elsewhere')
      case 'inTime':
        return t('requests.answered.in_time')
      case 'late':
        return t('requests.answered.late')
      case 'missed':
        return t('requests.answered.missed')
      default:
        return t(`figures.column.${count}`)
    }
  }
}

/** A count, which opens the list of the very requests; there is no list to open of none, or where no one place holds them. */
export function Counted({
  of,
  count,
  scope,
  where,
}: {
  of: Count | 'overdue'
  count: number
  scope: Scope | null
  /** What it is counted of, for whoever hears the link alone. */
  where: string
}) {
  const { t } = useTranslation()
  const { number } = useWriting()
  const word = useCountWords()
  if (count === 0 || !scope) return <span className={count === 0 ? 'figures-zero' : undefined}>{number(count)}</span>
  return (
    <Link
      to="/requests"
      search={listOf(scope, of)}
      aria-label={t('figures.open', { where, what: word(of), count: number(count) })}
    >
      {number(count)}
    </Link>
  )
}

/** A rate, never without the counts that it is made of. */
export function Rated({ rate }: { rate: Rate }) {
  const { number, share } = useWriting()
  if (rate.share === null) return <span className="figures-zero">—</span>
  return (
    <>
      {share(rate)}{' '}
      <small>
        {number(rate.part)}/{number(rate.of)}
      </small>
    </>
  )
}
