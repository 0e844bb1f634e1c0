import { Link, useNavigate } from '@tanstack/react-router'
import { Button, Input } from 'antd'
import { useId, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Labelled } from '#kernel/desk/index.ts'
import { mostMonths } from '../figures.api.ts'
import { addMonths, type MonthsFault, monthsFault } from '../figures.rules.ts'
import { isMonth } from './address.ts'

/** Which months are told: three that are asked for most, or any span. */
export function MonthsChoice({
  place,
  from,
  until,
  now,
}: {
  place: string | undefined
  from: string
  until: string
  /** The month that it is, by the server's clock. */
  now: string
}) {
  const { t } = useTranslation()
  const last = addMonths(now, -1)
  const usual = [
    [t('figures.months.this'), now, now],
    [t('figures.months.last'), last, last],
    [t('figures.months.year'), `${now.slice(0, 4)}-01`, now],
  ] as const
  return (
    <div className="figures-months">
      <nav className="tabs" aria-label={t('figures.months')}>
        {usual.map(([name, first, end]) => (
          <Link
            key={name}
            to="/figures"
            search={{ place, ...(first === now ? {} : { from: first, until: end }) }}
            // Exactly: this month names none, and would be found in every other.
            activeOptions={{ exact: true }}
            aria-current={first === from && end === until ? 'page' : undefined}
          >
            {name}
          </Link>
        ))}
      </nav>
      <SpanForm key={`${from} ${until}`} place={place} from={from} until={until} now={now} />
    </div>
  )
}

function SpanForm({
  place,
  from,
  until,
  now,
}: {
  place: string | undefined
  from: string
  until: string
  now: string
}) {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const [span, setSpan] = useState({ from, until })
  const [fault, setFault] = useState<MonthsFault | 'shape' | null>(null)
  const explained = useId()
  const field = (name: 'from' | 'until') => (
    <Labelled>
      {t(`figures.months.${name}`)}
      <Input
        type="month"
        value={span[name]}
        max={now}
        // Where a browser has no field for months it is one of words.
        placeholder="2026-03"
        aria-invalid={fault !== null}
        aria-describedby={fault ? explained : undefined}
        onChange={(event) => setSpan({ ...span, [name]: event.target.value })}
      />
    </Labelled>
  )
  return (
    <form
      className="inline-form"
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        const wrong = isMonth(span.from) && isMonth(span.until) ? monthsFault(span.from, span.until, now) : 'shape'
        setFault(wrong)
        if (!wrong) void navigate({ to: '/figures', search: { place, ...span } })
      }}
    >
      {field('from')}
      {field('until')}
      <Button htmlType="submit">{t('figures.months.show')}</Button>
      {fault ? (
        <p id={explained} className="fault" role="alert">
          {t(`figures.fault.${fault}`, { most: mostMonths })}
        </p>
      ) : null}
    </form>
  )
}
