import { useCallback, useEffect, useRef, useState } from 'react'
import { draftOf, dropDraft, keepDraft } from './offline/store.ts'
import { useSession } from './session.tsx'

/** Milliseconds of quiet typing after which a draft is kept. */
const quiet = 2000

/**
 * Text that survives a closed tab, a refused act and a dead battery: kept on this device a moment after each change,
 * and given back when the same form is opened again.
 */
export function useDraft<T>(name: string, empty: T) {
  const { person } = useSession()
  const [value, setValue] = useState(empty)
  const [keptAt, setKeptAt] = useState<string | null>(null)
  const [restored, setRestored] = useState(false)
  const touched = useRef(false)
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  const latest = useRef(value)

  useEffect(() => {
    let current = true
    touched.current = false
    void draftOf<T>(person.id, name).then((found) => {
      if (!current || !found || touched.current) return
      latest.current = found.value
      setValue(found.value)
      setKeptAt(found.at)
      setRestored(true)
    })
    return () => {
      current = false
      if (timer.current) {
        clearTimeout(timer.current)
        // At sign-out the store may already be closing; then there is nothing to keep.
        if (touched.current) void keepDraft(person.id, name, latest.current).catch(() => {})
      }
    }
  }, [person.id, name])

  const change = useCallback(
    (next: T) => {
      touched.current = true
      latest.current = next
      setValue(next)
      clearTimeout(timer.current)
      timer.current = setTimeout(() => {
        keepDraft(person.id, name, latest.current).then(
          () => setKeptAt(new Date().toISOString()),
          () => setKeptAt(null),
        )
      }, quiet)
    },
    [person.id, name],
  )

  const drop = useCallback(async () => {
    clearTimeout(timer.current)
    timer.current = undefined
    touched.current = false
    latest.current = empty
    setValue(empty)
    setKeptAt(null)
    setRestored(false)
    await dropDraft(person.id, name)
  }, [person.id, name, empty])

  return { value, change, drop, keptAt, restored }
}
