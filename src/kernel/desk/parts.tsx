import { Button } from 'antd'
import { type ReactNode, useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { CallError } from '../client/index.ts'
import { exactly, said } from './when.ts'

/** A date as people say it, with the exact time at hand. */
export function When({ at }: { at: string | null | undefined }) {
  const { i18n } = useTranslation()
  if (!at) return null
  return (
    <time dateTime={at} title={exactly(at, i18n.language)}>
      {said(at, i18n.language)}
    </time>
  )
}

export type MarkKind = 'plain' | 'done' | 'due' | 'late' | 'quiet'

/** A mark of state. Kinds differ by shape as well as colour; the words say it all. */
export function Mark({ kind = 'plain', children }: { kind?: MarkKind; children: ReactNode }) {
  return <span className={`mark mark-${kind}`}>{children}</span>
}

/** What went wrong, in the server's words, with the one thing that can be done about it. */
export function ErrorNote({ error, onRetry }: { error: unknown; onRetry?: () => void }) {
  const { t } = useTranslation()
  const sentence = error instanceof CallError ? error.message : t('desk.error.unexpected')
  const reference = error instanceof CallError ? error.reference : null
  return (
    <div className="note" role="alert">
      <p>
        {sentence}
        {reference ? (
          <>
            <br />
            {t('desk.error.reference')} <span className="code reference">{reference}</span>
          </>
        ) : null}
      </p>
      {onRetry ? (
        <Button size="small" onClick={onRetry}>
          {t('desk.retry')}
        </Button>
      ) : null}
    </div>
  )
}

/** A label around its field: the words come first, the field after. */
export function Labelled({ children, className }: { children: ReactNode; className?: string }) {
  // biome-ignore lint/a11y/noLabelWithoutControl: the field is among the children
  return <label className={className}>{children}</label>
}

/** An empty list says what to do next. */
export function EmptyNote({ title, children }: { title: string; children?: ReactNode }) {
  return (
    <div className="empty">
      <p className="empty-title">{title}</p>
      {children ? <div className="hint">{children}</div> : null}
    </div>
  )
}

/** The three states of something that is read from the server. */
export function Read<T>({
  query,
  children,
}: {
  query: { data: T | undefined; error: unknown; isPending: boolean; refetch: () => unknown }
  children: (data: T) => ReactNode
}) {
  const { t } = useTranslation()
  if (query.data !== undefined) return <>{children(query.data)}</>
  if (query.error) return <ErrorNote error={query.error} onRetry={() => void query.refetch()} />
  return (
    <div aria-busy="true" className="reading">
      <span className="unseen" role="status">
        {t('desk.loading')}
      </span>
    </div>
  )
}

/** A page's heading, which takes the focus when the page is opened, so that a screen reader says where one is. */
export function PageTitle({ children, focusOn }: { children: ReactNode; focusOn?: string }) {
  const heading = useRef<HTMLHeadingElement>(null)
  // biome-ignore lint/correctness/useExhaustiveDependencies: the focus moves when another record is opened
  useEffect(() => {
    const focused = document.activeElement
    // A list that is walked by keyboard keeps the focus; only a fresh page takes it.
    if (!focused || focused === document.body) heading.current?.focus({ preventScroll: true })
  }, [focusOn])
  return (
    <h1 ref={heading} tabIndex={-1} className="page-title">
      {children}
    </h1>
  )
}

/** Two versions of the same thing, when someone else wrote in the meantime. Nothing typed is lost. */
export function Conflict({
  mine,
  theirs,
  onKeepMine,
  onTakeTheirs,
}: {
  mine: string
  theirs: string
  onKeepMine: () => void
  onTakeTheirs: () => void
}) {
  const { t } = useTranslation()
  return (
    <section className="conflict" aria-label={t('desk.conflict.title')}>
      <p role="alert">
        <b>{t('desk.conflict.title')}</b> {t('desk.conflict.explain')}
      </p>
      <div className="conflict-pair">
        <div>
          <h3>{t('desk.conflict.mine')}</h3>
          <pre>{mine}</pre>
          <Button onClick={onKeepMine}>{t('desk.conflict.keep-mine')}</Button>
        </div>
        <div>
          <h3>{t('desk.conflict.theirs')}</h3>
          <pre>{theirs}</pre>
          <Button onClick={onTakeTheirs}>{t('desk.conflict.take-theirs')}</Button>
        </div>
      </div>
    </section>
  )
}
