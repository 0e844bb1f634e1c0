// Clients that hold a server's hand: a byte a second, in the middle of the headers or of a body, or nothing at all.
import { connect, type Socket } from 'node:net'

export interface Held {
  /** How many the server has ended. */
  ended(): number
  /** How many were ever open at once. */
  open(): number
  /** What the server said to those that it ended; a few of each. */
  said(): readonly string[]
  close(): void
}

function hold(port: number, count: number, begin: (socket: Socket) => NodeJS.Timeout | null): Held {
  const sockets = new Set<Socket>()
  const said = new Set<string>()
  let ended = 0
  let open = 0
  let closing = false
  for (let turn = 0; turn < count; turn += 1) {
    let timer: NodeJS.Timeout | null = null
    const socket = connect({ host: '127.0.0.1', port }, () => {
      open += 1
      timer = begin(socket)
    })
    socket.on('data', (chunk) => {
      if (said.size < 5) said.add(chunk.toString('latin1').split('\r\n')[0] ?? '')
    })
    socket.on('error', () => undefined)
    socket.on('close', () => {
      if (timer) clearInterval(timer)
      if (!closing) ended += 1
      sockets.delete(socket)
    })
    sockets.add(socket)
  }
  return {
    ended: () => ended,
    open: () => open,
    said: () => [...said],
    close() {
      closing = true
      for (const socket of sockets) socket.destroy()
    },
  }
}

/** Connections on which nothing is ever said. */
export const idle = (port: number, count: number): Held => hold(port, count, () => null)

/** Headers, a byte a second, that never end. */
export const drippingHeaders = (port: number, count: number, pause = 1_000): Held =>
  hold(port, count, (socket) => {
    socket.write('GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: ')
    return setInterval(() => socket.write('a'), pause)
  })

/** A body, a byte a second, of which much is promised. */
export const drippingBody = (port: number, count: number, pause = 1_000): Held =>
  hold(port, count, (socket) => {
    socket.write(
      'POST /api/requests HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: 100000\r\n\r\n{',
    )
    return setInterval(() => socket.write(' '), pause)
  })
