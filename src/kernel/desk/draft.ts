import { useCallback, useEffect, useRef, useState } from 'react'
import { dropAtOnce, keepAtOnce, keptAtOnce } from './offline/at-once.ts'
import { draftOf, dropDraft, keepDraft } from './offline/store.ts'
import { useSession } from './session.tsx'

/** Milliseconds of quiet typing after which a draft is kept. */
const quiet = 2000

/**
 * Text that survives a closed tab, a reload in the middle of a word, a refused act and a dead battery: kept on this device a moment
 * after each change and as the page is left, and given back when the same form is opened again.
 */
export function useDraft<T>(name: string, empty: T) {
  const { person } = useSession()
  const [value, setValue] = useState(empty)
  const [keptAt, setKeptAt] = useState<string | null>(null)
  const [restored, setRestored] = useState(false)
  /** Typed in or dropped since: what is found on the device comes too late. */
  const touched = useRef(false)
  /** Changed since it was kept last. */
  const unkept = useRef(false)
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  const latest = useRef(value)

  const keep = useCallback(async () => {
    const kept = latest.current
    await keepDraft(person.id, name, kept)
    if (latest.current !== kept) return
    unkept.current = false
    dropAtOnce('browser', person.id, name)
  }, [person.id, name])

  useEffect(() => {
    let current = true
    touched.current = false
    const left = keptAtOnce<T>('browser', person.id, name)
    void draftOf<T>(person.id, name)
      .catch(() => null)
      .then((found) => {
        const newest = left && (!found || left.at > found.at) ? left : found
        if (!current || !newest || touched.current) return
        latest.current = newest.value
        setValue(newest.value)
        setKeptAt(newest.at)
        setRestored(true)
        if (left) void keep().catch(() => {})
      })
    const leaving = () => {
      if (!unkept.current) return
      keepAtOnce('browser', person.id, name, latest.current)
      void keep().catch(() => {})
    }
    const hidden = () => {
      if (document.visibilityState === 'hidden') leaving()
    }
    addEventListener('pagehide', leaving)
    document.addEventListener('visibilitychange', hidden)
    return () => {
      current = false
      removeEventListener('pagehide', leaving)
      document.removeEventListener('visibilitychange', hidden)
      clearTimeout(timer.current)
      // At sign-out the store may already be closing; then there is nothing to keep.
      if (unkept.current) void keep().catch(() => {})
    }
  }, [person.id, name, keep])

  const change = useCallback(
    (next: T) => {
      touched.current = true
      unkept.current = true
      latest.current = next
      setValue(next)
      clearTimeout(timer.current)
      timer.current = setTimeout(() => {
        keep().then(
          () => setKeptAt(new Date().toISOString()),
          () => setKeptAt(null),
        )
      }, quiet)
    },
    [keep],
  )

  const drop = useCallback(async () => {
    clearTimeout(timer.current)
    touched.current = true
    unkept.current = false
    latest.current = empty
    setValue(empty)
    setKeptAt(null)
    setRestored(false)
    dropAtOnce('browser', person.id, name)
    await dropDraft(person.id, name)
  }, [person.id, name, empty])

  return { value, change, drop, keptAt, restored }
}
