import { useEffect, useState } from 'react'

/** Whether the window is as the query says, now and whenever it changes. */
export function useMedia(query: string): boolean {
  const [is, setIs] = useState(() => matchMedia(query).matches)
  useEffect(() => {
    const watched = matchMedia(query)
    const changed = () => setIs(watched.matches)
    changed()
    watched.addEventListener('change', changed)
    return () => watched.removeEventListener('change', changed)
  }, [query])
  return is
}
