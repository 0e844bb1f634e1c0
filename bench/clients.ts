// Many clients in a process of their own: each keeps one connection and sends its next request when the last was answered,
// at once or after a time to think. Written on plain sockets, so that the clients cost the two cores as little as possible.
import { randomUUID } from 'node:crypto'
import { connect, type Socket } from 'node:net'
import { matter, name, phone, pick, seeded } from './invented.ts'

export interface Asked {
  readonly method: 'GET' | 'POST'
  readonly path: string
  readonly headers: Record<string, string>
}

export interface Order {
  readonly port: number
  readonly clients: number
  /** Milliseconds between an answer and the next request; 0: none. */
  readonly think: number
  readonly warmSeconds: number
  readonly seconds: number
  /** Each client takes one of these at random for each request. */
  readonly asked: readonly Asked[]
  /** Places (by id) to file new requests at; each POST then carries a matter of its own. */
  readonly places?: readonly string[]
}

export interface Outcome {
  /** Milliseconds of each answer. */
  readonly times: number[]
  readonly perSecond: number
  /** All answers, those of the warming up included. */
  readonly answered: number
  /** Answers by status. */
  readonly statuses: Record<string, number>
  /** Bytes of a body as it came over the wire, the mean. */
  readonly bytes: number
}

/** One kept connection; answers come in order. */
class Client {
  readonly #socket: Socket
  #buffer = Buffer.alloc(0)
  #done: ((answer: { status: number; bytes: number }) => void) | null = null
  #failed: ((error: Error) => void) | null = null

  constructor(port: number) {
    this.#socket = connect({ host: '127.0.0.1', port, noDelay: true })
    this.#socket.on('data', (chunk) => {
      this.#buffer = this.#buffer.length === 0 ? chunk : Buffer.concat([this.#buffer, chunk])
      this.#read()
    })
    const broken = (error?: Error) => this.#failed?.(error ?? new Error('the server closed the connection'))
    this.#socket.on('error', broken)
    this.#socket.on('close', () => broken())
  }

  ask(head: string, body: string): Promise<{ status: number; bytes: number }> {
    return new Promise((resolve, reject) => {
      this.#done = resolve
      this.#failed = reject
      this.#socket.write(body ? `${head}content-length: ${Buffer.byteLength(body)}\r\n\r\n${body}` : `${head}\r\n`)
    })
  }

  end(): void {
    this.#done = null
    this.#failed = null
    this.#socket.destroy()
  }

  #read(): void {
    const end = this.#buffer.indexOf('\r\n\r\n')
    if (end < 0) return
    const head = this.#buffer.toString('latin1', 0, end).toLowerCase()
    const length = /\r\ncontent-length: (\d+)/.exec(head)?.[1]
    const whole = length === undefined ? this.#chunked(end + 4, head) : end + 4 + Number(length)
    if (whole === null || this.#buffer.length < whole) return
    const answer = { status: Number(head.slice(9, 12)), bytes: whole - end - 4 }
    this.#buffer = this.#buffer.subarray(whole)
    this.#done?.(answer)
  }

  /** Where a body sent in pieces ends; null where it has not all come. */
  #chunked(from: number, head: string): number | null {
    if (!head.includes('\r\ntransfer-encoding: chunked')) return from
    for (let at = from; ; ) {
      const line = this.#buffer.indexOf('\r\n', at)
      if (line < 0) return null
      const size = Number.parseInt(this.#buffer.toString('latin1', at, line), 16)
      at = line + 2 + size + 2
      if (at > this.#buffer.length) return null
      if (size === 0) return at
    }
  }
}

async function carryOut(order: Order): Promise<Outcome> {
  const random = seeded(7)
  const times: number[] = []
  const statuses: Record<string, number> = {}
  let bytes = 0
  let all = 0
  const began = performance.now()
  const from = began + order.warmSeconds * 1_000
  const until = from + order.seconds * 1_000
  const one = async (index: number) => {
    const client = new Client(order.port)
    // Those who think do not all come in the same moment.
    if (order.think > 0) await pause(random() * order.think)
    while (performance.now() < until) {
      const { method, path, headers } = pick(random, order.asked)
      const lines = [`${method} ${path} HTTP/1.1`, `host: 127.0.0.1:${order.port}`]
      for (const [key, value] of Object.entries(headers)) lines.push(`${key}: ${value}`)
      // As a reverse proxy would say it: an address of one's own, so that limits are counted for each apart.
      lines.push(`x-forwarded-for: 10.${index % 200}.${Math.floor(random() * 250)}.${Math.floor(random() * 250)}`)
      let body = ''
      if (order.places) {
        lines.push('content-type: application/json', `idempotency-key: ${randomUUID()}`)
        body = JSON.stringify({ ...told(random), place: pick(random, order.places) })
      }
      const sent = performance.now()
      const answer = await client.ask(`${lines.join('\r\n')}\r\n`, body)
      const answered = performance.now()
      all += 1
      if (sent >= from && answered <= until) {
        times.push(answered - sent)
        statuses[answer.status] = (statuses[answer.status] ?? 0) + 1
        bytes += answer.bytes
      }
      if (order.think > 0) await pause(order.think * (0.5 + random()))
    }
    client.end()
  }
  await Promise.all(Array.from({ length: order.clients }, (_, index) => one(index)))
  return {
    times,
    statuses,
    answered: all,
    perSecond: times.length / order.seconds,
    bytes: bytes / Math.max(1, times.length),
  }
}

function told(random: () => number) {
  const { title, body: text } = matter(random)
  return { channel: 'web', title, text, anonymous: false, name: name(random), phone: phone(random) }
}

const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds))

if (process.send) {
  process.once('message', (order: Order) => {
    carryOut(order).then(
      (outcome) => process.send?.({ outcome }, () => process.exit(0)),
      (error: Error) => process.send?.({ error: error.message }, () => process.exit(1)),
    )
  })
}
