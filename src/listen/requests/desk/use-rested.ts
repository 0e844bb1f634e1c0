import { useEffect, useMemo, useState } from 'react'

/** What is still being typed is asked about when the typing rests. */
const pause = 500

/** What was told, once nothing has changed in it for a moment; at first at once. */
export function useRested<T extends object>(told: T): T {
  const said = JSON.stringify(told)
  const [rested, setRested] = useState(said)
  useEffect(() => {
    const timer = setTimeout(() => setRested(said), pause)
    return () => clearTimeout(timer)
  }, [said])
  return useMemo(() => JSON.parse(rested) as T, [rested])
}
