import type { TFunction } from 'i18next'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Mark, type MarkKind, said, spanOf } from '#kernel/desk/index.ts'
import type { Row } from '../requests.lists.api.ts'

const stateKinds: Record<string, MarkKind> = { answered: 'done', closed: 'quiet' }

export function StateMark({ state }: { state: string }) {
  const { t } = useTranslation()
  return <Mark kind={stateKinds[state] ?? 'plain'}>{t(`requests.state.${state}`)}</Mark>
}

/** How a request ended, as far as the reader may know. */
export function ResultMark({ result }: { result: Row['result'] | undefined }) {
  const { t } = useTranslation()
  return result ? <Mark kind="quiet">{t(`requests.closing.${result}`)}</Mark> : null
}

/** Of a complaint about how another request was handled. */
export function ComplaintMark() {
  const { t } = useTranslation()
  return (
    <>
      <Mark kind="due">{t('requests.complaint')}</Mark>{' '}
    </>
  )
}

/** By whom something is supervised and why, in the list of what is. */
export function SupervisionNote({ supervision }: { supervision: NonNullable<Row['supervision']> }) {
  const { t } = useTranslation()
  const { by, reason } = supervision
  return (
    <>
      {by === null ? t('requests.supervised-by-itself') : t('requests.supervised-by', { by })}
      {reason ? t('requests.supervised-why', { reason }) : null}
    </>
  )
}

/** When the next step is due: the hour while it is near, the words "late by" once it has passed. */
export function DueMark({ deadline, urgency }: { deadline: Row['deadline']; urgency: string }) {
  const { t, i18n } = useTranslation()
  const urgent = urgency === 'urgent' ? `${t('requests.urgency.urgent')} · ` : ''
  if (!deadline) return urgent ? <Mark kind="due">{t('requests.urgency.urgent')}</Mark> : null
  // The resident's week: nobody at work is late in it.
  if (deadline.step === 'judge') return <Mark kind="quiet">{t('requests.step.judge')}</Mark>
  if (deadline.late) {
    return (
      <Mark kind="late">
        {urgent}
        {t('requests.late-by', { span: spanWords(t, Date.now() - Date.parse(deadline.at)) })}
      </Mark>
    )
  }
  const near = Date.parse(deadline.at) - Date.now() < 86_400_000
  return (
    <Mark kind={near || urgent ? 'due' : 'plain'}>
      {urgent}
      {said(deadline.at, i18n.language)}
    </Mark>
  )
}

/** 2 天 3 小时, 5 小时 20 分, 42 分. */
export function spanWords(t: TFunction, milliseconds: number): string {
  const { days, hours, minutes } = spanOf(milliseconds)
  if (days > 0) return t('requests.span.days', { days, hours })
  if (hours > 0) return t('requests.span.hours', { hours, minutes })
  return t('requests.span.minutes', { minutes })
}

/** The deadline clock: how long the present step still has, told anew each half minute. */
export function DeadlineClock({ deadline, extended }: { deadline: NonNullable<Row['deadline']>; extended: boolean }) {
  const { t, i18n } = useTranslation()
  const [now, setNow] = useState(() => Date.now())
  useEffect(() => {
    const every = setInterval(() => setNow(Date.now()), 30_000)
    return () => clearInterval(every)
  }, [])
  const left = Date.parse(deadline.at) - now
  const late = left < 0 && deadline.step !== 'judge'
  const whole = Date.parse(deadline.at) - Date.parse(deadline.since)
  const spent = Math.min(100, Math.max(0, Math.round(((now - Date.parse(deadline.since)) / Math.max(1, whole)) * 100)))
  // Working time is told in hours: a working day is no day of the clock.
  const hours = Math.floor(Math.abs(deadline.workingMinutes) / 60)
  const minutes = Math.abs(deadline.workingMinutes) % 60
  return (
    <div className={`clock-box ${late ? 'clock-late' : ''}`}>
      <span className="hint">
        {t(late ? 'requests.clock.late' : 'requests.clock.left', { step: t(`requests.step.${deadline.step}`) })}
      </span>
      <div className="clock" role="timer">
        {spanWords(t, left)}
      </div>
      <meter
        className="spent"
        min={0}
        max={100}
        value={spent}
        aria-label={t('requests.clock.spent', { percent: spent })}
      />
      <span className="hint">
        {t('requests.clock.by', { at: said(deadline.at, i18n.language) })} ·{' '}
        {t('requests.clock.working', {
          span: hours > 0 ? t('requests.span.hours', { hours, minutes }) : t('requests.span.minutes', { minutes }),
        })}
        {extended ? ` · ${t('requests.clock.extended')}` : ''}
      </span>
    </div>
  )
}
