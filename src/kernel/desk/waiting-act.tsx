import { Button } from 'antd'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { isId } from '#kernel/http/shapes.api.ts'
import type { WaitingAct } from './offline/queue.ts'
import { Mark, When } from './parts.tsx'

/** What a person typed into an act, without the names and numbers that a program put beside it. */
function typedIn(body: unknown): string {
  if (typeof body !== 'object' || body === null) return ''
  return Object.values(body)
    .filter((value) => typeof value === 'string' && !isId(value))
    .join('\n')
}

/** One act that waits on this device, or came back refused: what was typed, why, and what can be done about it. */
export function WaitingActNote({
  act,
  onAgain,
  onForget,
  children,
}: {
  act: WaitingAct
  /** Absent where it should be looked at elsewhere before it goes out again. */
  onAgain?: () => void
  onForget: () => void
  /** What else can be done with one that was refused. */
  children?: ReactNode
}) {
  const { t } = useTranslation()
  return (
    <div className="sheet" role={act.refusal ? 'alert' : undefined}>
      <b>{act.title}</b> <When at={act.at} />
      {act.refusal ? (
        <>
          <p>
            <Mark kind="late">{t('desk.waiting.refused')}</Mark> {act.refusal.sentence}
          </p>
          {typedIn(act.body) ? <pre>{typedIn(act.body)}</pre> : null}
          <div className="part-acts">
            {onAgain ? <Button onClick={onAgain}>{t('desk.waiting.again')}</Button> : null}
            {children}
            <Button onClick={onForget}>{t('desk.waiting.forget')}</Button>
          </div>
        </>
      ) : (
        <p>
          <Mark kind="due">{t('desk.waiting.waits')}</Mark>
          {act.files?.ids.length ? ` ${t('desk.waiting.files', { count: act.files.ids.length })}` : null}
        </p>
      )}
    </div>
  )
}
