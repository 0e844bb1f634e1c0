import { Button } from 'antd'
import { type ReactNode, useEffect, useId, useRef, useState } from 'react'

/** A button with a short list beneath it. It closes on Escape, when one goes elsewhere and, where `once`, after a choice. */
export function Disclosure({ label, once, children }: { label: ReactNode; once?: boolean; children: ReactNode }) {
  const frame = useRef<HTMLDivElement>(null)
  const [open, setOpen] = useState(false)
  const list = useId()
  useEffect(() => {
    if (!open) return
    const away = (event: Event) => {
      if (!frame.current?.contains(event.target as Node)) setOpen(false)
    }
    const chosen = (event: Event) => {
      if (once && event.target instanceof Element && frame.current?.lastElementChild?.contains(event.target))
        setOpen(false)
    }
    const pressed = (event: KeyboardEvent) => {
      if (event.key !== 'Escape') return
      event.stopPropagation()
      setOpen(false)
      frame.current?.querySelector('button')?.focus()
    }
    document.addEventListener('pointerdown', away)
    document.addEventListener('focusin', away)
    document.addEventListener('click', chosen)
    document.addEventListener('keydown', pressed, true)
    return () => {
      document.removeEventListener('pointerdown', away)
      document.removeEventListener('focusin', away)
      document.removeEventListener('click', chosen)
      document.removeEventListener('keydown', pressed, true)
    }
  }, [open, once])
  return (
    <div ref={frame} className="disclosure">
      <Button aria-expanded={open} aria-controls={open ? list : undefined} onClick={() => setOpen(!open)}>
        {label}
      </Button>
      {open ? (
        <div id={list} className="disclosed">
          {children}
        </div>
      ) : null}
    </div>
  )
}
