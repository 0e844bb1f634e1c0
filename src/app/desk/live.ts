import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { breathSeconds, eventsUrl } from '../desk.api.ts'

export type Connection = 'connecting' | 'live' | 'lost'

/** Without a breath for so long the line counts as lost, whatever the browser believes: a server that hangs closes nothing. */
const patience = 2.5 * breathSeconds * 1000

/**
 * Listens to the server's events and reads again what they name. EventSource itself comes back after a lost line; when
 * it does, or when the server says that its database has come back, everything on the screen is read again, because what was
 * said meanwhile went unheard.
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
    const away = () => {
      lost = true
      setConnection('lost')
    }
    const back = () => {
      setConnection('live')
      if (lost) void queries.invalidateQueries()
      lost = false
    }
    let breath: ReturnType<typeof setTimeout> | undefined
    const listenFor = () => {
      clearTimeout(breath)
      breath = setTimeout(() => {
        away()
        source?.close()
        open()
      }, patience)
    }
    const breathed = (event: MessageEvent) => {
      listenFor()
      if (event.data === 'away') away()
      else back()
    }
    const open = () => {
      clearTimeout(again)
      listenFor()
      source = new EventSource(eventsUrl, { withCredentials: true })
      source.onerror = () => {
        away()
        if (source?.readyState === EventSource.CLOSED) again = setTimeout(open, 5_000)
      }
      source.onmessage = heard
      source.addEventListener('changed', heard)
      source.addEventListener('breath', breathed)
    }
    // The browser knows first that a network has gone, and that one has come.
    const offline = () => away()
    const online = () => {
      // A breath may have come through in between; what was read while the network was away is old all the same.
      lost = true
      source?.close()
      open()
    }
    open()
    addEventListener('offline', offline)
    addEventListener('online', online)
    return () => {
      clearTimeout(timer)
      clearTimeout(again)
      clearTimeout(breath)
      removeEventListener('offline', offline)
      removeEventListener('online', online)
      source?.close()
    }
  }, [queries])
  return connection
}
