import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { breathSeconds } from '../desk.api.ts'
import { listenToServer } from './live.ts'

/** The lines that were opened, as the browser would hold them. */
const lines: Line[] = []
class Line extends EventTarget {
  static readonly CLOSED = 2
  readyState = 1
  onerror: (() => void) | null = null
  onmessage: ((event: MessageEvent) => void) | null = null
  constructor() {
    super()
    lines.push(this)
  }
  close(): void {
    this.readyState = Line.CLOSED
  }
  says(kind: 'breath' | 'changed', data: string): void {
    if (this.readyState !== Line.CLOSED) this.dispatchEvent(new MessageEvent(kind, { data }))
  }
  refused(): void {
    this.close()
    this.onerror?.()
  }
}

const told: string[] = []
let stop = () => {}
const newest = () => lines.at(-1) as Line

beforeEach(() => {
  vi.useFakeTimers()
  const browser = new EventTarget()
  vi.stubGlobal('EventSource', Line)
  vi.stubGlobal('addEventListener', browser.addEventListener.bind(browser))
  vi.stubGlobal('removeEventListener', browser.removeEventListener.bind(browser))
  vi.stubGlobal('dispatchEvent', browser.dispatchEvent.bind(browser))
  stop = listenToServer({
    connection: (now) => told.push(now),
    changed: (ids) => told.push(`changed ${ids.join(' ')}`.trim()),
    missed: () => told.push('missed'),
  })
})
afterEach(() => {
  stop()
  vi.useRealTimers()
  vi.unstubAllGlobals()
  lines.length = 0
  told.length = 0
})

describe('the line to the server', () => {
  it('that falls silent is said to be lost and opened anew, until it breathes again; then all is read', () => {
    newest().says('breath', 'here')
    vi.advanceTimersByTime(breathSeconds * 1000)
    newest().says('breath', 'here')
    expect(told.splice(0)).toEqual(['live', 'live'])
    vi.advanceTimersByTime(3 * breathSeconds * 1000)
    expect(told.splice(0)).toEqual(['lost'])
    expect(lines).toHaveLength(2)
    expect(lines[0]?.readyState).toBe(Line.CLOSED)
    // Still silent: once more.
    vi.advanceTimersByTime(3 * breathSeconds * 1000)
    expect(lines).toHaveLength(3)
    newest().says('breath', 'here')
    expect(told.splice(0)).toEqual(['lost', 'live', 'missed'])
  })
  it('breathes, and its database is away: lost, without another line', () => {
    newest().says('breath', 'away')
    newest().says('breath', 'here')
    expect(told).toEqual(['lost', 'live', 'missed'])
    expect(lines).toHaveLength(1)
  })
  it('that was refused is asked for again', () => {
    newest().refused()
    expect(told).toEqual(['lost'])
    vi.advanceTimersByTime(5_000)
    expect(lines).toHaveLength(2)
  })
  it('is opened anew when a network comes', () => {
    dispatchEvent(new Event('offline'))
    dispatchEvent(new Event('online'))
    expect(lines.map((line) => line.readyState)).toEqual([Line.CLOSED, 1])
    newest().says('breath', 'here')
    expect(told).toEqual(['lost', 'live', 'missed'])
  })
  it('names many changes in a moment, and they are told once', () => {
    newest().says('changed', '{"requests":["a","b"]}')
    newest().says('changed', '{"requests":["b","c"]}')
    newest().says('changed', 'unreadable')
    vi.advanceTimersByTime(1_000)
    expect(told).toEqual(['changed a b c'])
  })
  it('is quiet once nobody listens', () => {
    stop()
    vi.advanceTimersByTime(600_000)
    expect(lines).toHaveLength(1)
    expect(told).toEqual([])
  })
})
