import { Button } from 'antd'
import { type ReactNode, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { isId } from '#kernel/http/shapes.api.ts'
import type { WaitingAct } from './offline/queue.ts'
import { Mark, When } from './parts.tsx'

/** What a person typed into an act, without the names and numbers that a program put beside it. */
function typedIn({ told, body }: WaitingAct): string {
  if (told !== undefined) return told
  if (typeof body !== 'object' || body === null) return ''
  return Object.values(body)
    .filter((value) => typeof value === 'string' && !isId(value))
    .join('\n')
}

/** One act that waits on this device, or came back refused: what was typed, why, and what can be done about it. */
export function WaitingActNote({
  act,
  behind,
  onAgain,
  onForget,
  children,
}: {
  act: WaitingAct
  /** It waits for no network, but for what its author decides on an act before it. */
  behind: boolean
  /** Absent where sending it again would be of no use, or where it should be looked at elsewhere before. */
  onAgain?: () => void
  onForget: () => void
  /** What else can be done with one that was refused. */
  children?: ReactNode
}) {
  const { t } = useTranslation()
  const typed = typedIn(act)
  const text = useRef<HTMLPreElement>(null)
  const said = typed ? <pre ref={text}>{typed}</pre> : null
  return (
    <div className="sheet" role={act.refusal ? 'alert' : undefined}>
      <b>{act.title}</b> <When at={act.at} />
      {act.refusal ? (
        <>
          <p>
            <Mark kind="late">{t('desk.waiting.refused')}</Mark> {act.refusal.sentence}
          </p>
          {said}
          <div className="part-acts">
            {onAgain ? <Button onClick={onAgain}>{t('desk.waiting.again')}</Button> : null}
            {children}
            {typed ? <Copy from={text} /> : null}
            <Button onClick={onForget}>{t('desk.waiting.forget')}</Button>
          </div>
        </>
      ) : (
        <>
          <p>
            <Mark kind="due">{t(behind ? 'desk.waiting.behind' : 'desk.waiting.waits')}</Mark>
            {act.files?.ids.length ? ` ${t('desk.waiting.files', { count: act.files.ids.length })}` : null}
          </p>
          {said}
          {behind ? <p className="hint">{t('desk.waiting.behind-explain')}</p> : null}
        </>
      )}
    </div>
  )
}

/** Copies a text; where the browser gives no clipboard (a page without encryption) the text is selected, ready to be copied. */
function Copy({ from }: { from: { current: HTMLElement | null } }) {
  const { t } = useTranslation()
  const [copied, setCopied] = useState(false)
  const select = () => {
    if (from.current) getSelection()?.selectAllChildren(from.current)
  }
  const copy = async () => {
    select()
    await navigator.clipboard.writeText(from.current?.textContent ?? '')
    setCopied(true)
  }
  return (
    <Button onClick={() => (navigator.clipboard ? void copy().catch(() => {}) : select())}>
      {t(copied ? 'desk.waiting.copied' : 'desk.waiting.copy')}
    </Button>
  )
}
