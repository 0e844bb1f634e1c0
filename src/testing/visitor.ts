// Somebody at a browser without an account: keeps the cookies it is given and shows them again.
import type { TestServer } from './server.ts'

export interface Visitor {
  /** Any request, as it is, with the cookies so far. */
  fetch(path: string, init?: RequestInit): Promise<Response>
  /** A page as it is shown in the end. */
  page(path: string): Promise<string>
  /** Opens the form of telling and returns the id in its address. */
  form(path?: string): Promise<string>
}

export function visitorOf(server: Pick<TestServer, 'fetch'>): Visitor {
  const kept = new Map<string, string>()
  const visitor: Visitor = {
    async fetch(path, init = {}) {
      const headers = new Headers(init.headers)
      const own = [...kept].map(([name, value]) => `${name}=${value}`)
      const cookie = [headers.get('Cookie'), ...own].filter(Boolean).join('; ')
      if (cookie) headers.set('Cookie', cookie)
      const answer = await server.fetch(path, { ...init, headers })
      for (const line of answer.headers.getSetCookie()) {
        const [name = '', value = ''] = (line.split(';')[0] ?? '').split('=', 2)
        kept.set(name, value)
      }
      return answer
    },
    async page(path) {
      let answer = await visitor.fetch(path, { headers: { Accept: 'text/html' } })
      for (let turns = 0; answer.status === 303 && turns < 5; turns += 1)
        answer = await visitor.fetch(answer.headers.get('location') ?? '/', { headers: { Accept: 'text/html' } })
      return answer.text()
    },
    async form(path = '/tell') {
      const answer = await visitor.fetch(path)
      return /form=([\w-]+)/.exec(answer.headers.get('location') ?? '')?.[1] ?? ''
    },
  }
  return visitor
}
