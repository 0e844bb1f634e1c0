import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { breathSeconds, eventsUrl } from '../desk.api.ts'

export type Connection = 'connecting' | 'live' | 'lost'

/** Without a breath for so long the line counts as lost, whatever the browser believes: a server that hangs closes nothing. */
const patience = 2.5 * breathSeconds * 1000

interface Told {
  /** Whether the line is there; said again with every breath. */
  connection(now: 'live' | 'lost'): void
  /** Requests that changed. */
  changed(ids: readonly string[]): void
  /** What was said while the line was lost went unheard. */
  missed(): void
}

/**
 * Listens to the server's events. EventSource itself comes back after a lost line, except where the server refused it or where
 * it hangs without a breath: then a new one is opened.
 * @returns stops listening
 */
export function listenToServer({ connection, changed, missed }: Told): () => void {
  let lost = false
  let pending = new Set<string>()
  let telling: ReturnType<typeof setTimeout> | undefined
  let source: EventSource | null = null
  let again: ReturnType<typeof setTimeout> | undefined
  let breath: ReturnType<typeof setTimeout> | undefined

  const heard = (event: MessageEvent) => {
    let ids: unknown
    try {
      ids = (JSON.parse(event.data) as { requests?: unknown }).requests
    } catch {
      ids = null
    }
    if (Array.isArray(ids)) for (const id of ids) pending.add(String(id))
    // Many acts may come at once; one reading answers them all.
    telling ??= setTimeout(() => {
      telling = undefined
      const named = [...pending]
      pending = new Set()
      changed(named)
    }, 400)
  }
  const away = () => {
    lost = true
    connection('lost')
  }
  const back = () => {
    connection('live')
    if (lost) missed()
    lost = false
  }
  const open = () => {
    clearTimeout(again)
    source?.close()
    awaitBreath()
    source = new EventSource(eventsUrl, { withCredentials: true })
    source.onerror = () => {
      away()
      if (source?.readyState === EventSource.CLOSED) again = setTimeout(open, 5_000)
    }
    source.onmessage = heard
    source.addEventListener('changed', heard)
    source.addEventListener('breath', breathed)
  }
  const awaitBreath = () => {
    clearTimeout(breath)
    breath = setTimeout(() => {
      away()
      open()
    }, patience)
  }
  const breathed = (event: MessageEvent) => {
    awaitBreath()
    if (event.data === 'away') away()
    else back()
  }
  // The browser knows first that a network has gone, and that one has come.
  const online = () => {
    // A breath may have come through in between; what was read while the network was away is old all the same.
    lost = true
    open()
  }
  open()
  addEventListener('offline', away)
  addEventListener('online', online)
  return () => {
    for (const timer of [telling, again, breath]) clearTimeout(timer)
    removeEventListener('offline', away)
    removeEventListener('online', online)
    source?.close()
  }
}

/** Whether the server is heard; what it names is read again, and everything on the screen once a lost line has come back. */
export function useLive(): Connection {
  const queries = useQueryClient()
  const [connection, setConnection] = useState<Connection>('connecting')
  useEffect(
    () =>
      listenToServer({
        connection: setConnection,
        changed: (ids) => {
          for (const id of ids) void queries.invalidateQueries({ queryKey: ['request', id] })
          void queries.invalidateQueries({ queryKey: ['requests'] })
          void queries.invalidateQueries({ queryKey: ['queues'] })
        },
        missed: () => void queries.invalidateQueries(),
      }),
    [queries],
  )
  return connection
}
