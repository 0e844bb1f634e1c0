import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { eventsUrl } from '../desk.api.ts'

export type Connection = 'connecting' | 'live' | 'lost'

/**
 * Listens to the server's events and reads again what they name. EventSource itself comes back after a lost line; when
 * it does, everything on the screen is read again, because what was said meanwhile went unheard.
 */
export function useLive(): Connection {
  const queries = useQueryClient()
  const [connection, setConnection] = useState<Connection>('connecting')
  useEffect(() => {
    let lost = false
    let pending = new Set<string>()
    let timer: ReturnType<typeof setTimeout> | undefined
    let source: EventSource | null = null
    let again: ReturnType<typeof setTimeout> | undefined

    const heard = (event: MessageEvent) => {
      let ids: unknown
      try {
        ids = (JSON.parse(event.data) as { requests?: unknown }).requests
      } catch {
        ids = null
      }
      if (Array.isArray(ids)) for (const id of ids) pending.add(String(id))
      // Many acts may come at once; one reading answers them all.
      timer ??= setTimeout(() => {
        timer = undefined
        const named = pending
        pending = new Set()
        for (const id of named) void queries.invalidateQueries({ queryKey: ['request', id] })
        void queries.invalidateQueries({ queryKey: ['requests'] })
        void queries.invalidateQueries({ queryKey: ['queues'] })
      }, 400)
    }
    const open = () => {
      source = new EventSource(eventsUrl, { withCredentials: true })
      source.onopen = () => {
        setConnection('live')
        if (lost) void queries.invalidateQueries()
        lost = false
      }
      source.onerror = () => {
        lost = true
        setConnection('lost')
        if (source?.readyState === EventSource.CLOSED) again = setTimeout(open, 15_000)
      }
      source.onmessage = heard
      source.addEventListener('changed', heard)
    }
    open()
    return () => {
      clearTimeout(timer)
      clearTimeout(again)
      source?.close()
    }
  }, [queries])
  return connection
}
