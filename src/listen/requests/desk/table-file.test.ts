import { afterEach, expect, it, vi } from 'vitest'
import { mostRows } from '#kernel/desk/table.ts'
import { fetchTable } from './table-file.ts'

afterEach(() => {
  vi.unstubAllGlobals()
})

const mark = '\uFEFF'
const page = (rows: readonly string[], next: string | null) =>
  new Response(`${mark}编号,诉求\r\n${rows.map((row) => `${row}\r\n`).join('')}`, {
    headers: next ? { Link: `<?after=${next}>; rel="next"` } : {},
  })

it('fetches every page and writes mark and header once', async () => {
  const asked: string[] = []
  vi.stubGlobal('fetch', async (url: string, { headers }: { headers: Record<string, string> }) => {
    asked.push(url)
    expect(headers.accept).toBe('text/csv')
    return asked.length === 1 ? page(['1,"两\r\n行"', '2,b'], 'x') : page(['3,c'], null)
  })
  const seen: number[] = []
  const table = await fetchTable({ queue: 'all', filedFrom: '2026-03-01' }, (count) => seen.push(count))
  expect(table).toEqual({ text: `${mark}编号,诉求\r\n1,"两\r\n行"\r\n2,b\r\n3,c\r\n`, rows: 3, cut: false })
  expect(seen).toEqual([2, 3])
  expect(asked).toEqual([
    '/api/requests?queue=all&filedFrom=2026-03-01&limit=100',
    '/api/requests?queue=all&filedFrom=2026-03-01&limit=100&after=x',
  ])
})

it('stops at the length that a file has at most, and says so', async () => {
  const rows = Array.from({ length: 100 }, (_, at) => `${at},a`)
  let asked = 0
  vi.stubGlobal('fetch', async () => {
    asked += 1
    return page(rows, 'more')
  })
  expect(await fetchTable({}, () => {})).toMatchObject({ rows: mostRows, cut: true })
  expect(asked).toBe(mostRows / 100)
})

it('keeps nothing of a table that broke off', async () => {
  let asked = 0
  vi.stubGlobal('fetch', async () => {
    asked += 1
    return asked === 1
      ? page(['1,a'], 'x')
      : new Response(JSON.stringify({ type: '/problems/busy', title: 'busy', detail: '请稍后再试' }), { status: 503 })
  })
  await expect(fetchTable({}, () => {})).rejects.toMatchObject({ status: 503, message: '请稍后再试' })
})

it('asks in a body for what was searched, and never in an address', async () => {
  const asked: [string, unknown][] = []
  vi.stubGlobal('fetch', async (url: string, { method, body }: { method: string; body: string }) => {
    asked.push([`${method} ${url}`, JSON.parse(body)])
    return asked.length === 1 ? page(['1,a'], 'x') : page(['2,b'], null)
  })
  await fetchTable({ queue: 'all', words: '张三' }, () => {})
  expect(asked).toEqual([
    ['POST /api/requests/search', { queue: 'all', words: '张三', limit: 100 }],
    ['POST /api/requests/search', { queue: 'all', words: '张三', limit: 100, after: 'x' }],
  ])
})
