// People of the demonstration, as clients over HTTP.
import { demonstrationAccounts } from '#app/demonstration/load.ts'
import { readSecrets } from '#kernel/secrets/index.ts'

export const roles = [
  'resident',
  'grid_worker',
  'community_secretary',
  'unit',
  'dispatcher',
  'supervisor',
  'caller',
  'district_leader',
] as const
export type RoleName = (typeof roles)[number]

/** 五里居委会 of the demonstration. */
export const communityCode = '321003001003'

export interface Answer {
  readonly status: number
  readonly headers: Headers
  readonly text: string
  readonly body: Record<string, unknown>
}

export interface Asking {
  readonly method?: string
  readonly cookie?: string
  readonly body?: unknown
  readonly key?: string
  readonly version?: number
  readonly seconds?: number
  readonly headers?: Readonly<Record<string, string>>
}

/** Asks and reads the whole answer. @throws where no answer came */
export async function ask(address: string, path: string, asking: Asking = {}): Promise<Answer> {
  const { body, key, version, cookie } = asking
  const response = await fetch(`${address}${path}`, {
    method: asking.method ?? (body === undefined ? 'GET' : 'POST'),
    redirect: 'manual',
    headers: {
      'Accept-Language': 'en',
      ...(body === undefined || body instanceof URLSearchParams ? {} : { 'Content-Type': 'application/json' }),
      ...(cookie ? { Cookie: cookie } : {}),
      ...(key ? { 'Idempotency-Key': key } : {}),
      ...(version === undefined ? {} : { 'If-Match': `"${version}"` }),
      ...asking.headers,
    },
    ...(body === undefined ? {} : { body: body instanceof URLSearchParams ? body : JSON.stringify(body) }),
    signal: AbortSignal.timeout((asking.seconds ?? 30) * 1_000),
  })
  const text = await response.text()
  const json = /json/.test(response.headers.get('content-type') ?? '') && text ? JSON.parse(text) : {}
  return { status: response.status, headers: response.headers, text, body: json as Record<string, unknown> }
}

/** What a refusal says to a person, with its status. */
export function refusalIn(answer: Answer): string {
  const { type, detail } = answer.body as { type?: string; detail?: string }
  return `${answer.status} ${String(type ?? '').replace('/problems/', '')}: ${detail ?? ''}`
}

const cookiesOf = (headers: Headers) =>
  headers
    .getSetCookie()
    .map((line) => line.split(';')[0])
    .join('; ')

/** Signs somebody of the demonstration in. @returns the `Cookie` header of the session */
export async function signIn(address: string, data: string, role: RoleName): Promise<string> {
  const secret = readSecrets(data)?.application
  if (!secret) throw new Error(`no secrets in ${data}`)
  const account = demonstrationAccounts({ secret }).find((each) => each.role === role)
  if (account?.mail) {
    const answer = await ask(address, '/api/sign-in', { body: { email: account.mail, password: account.password } })
    if (answer.status !== 200) throw new Error(`signing in as ${role}: ${answer.text}`)
    return cookiesOf(answer.headers)
  }
  const phone = account?.phone ?? ''
  const begun = await ask(address, '/sign-in', { body: new URLSearchParams({ phone }) })
  const challenge = /name="challenge" value="([^"]*)"/.exec(begun.text)?.[1] ?? ''
  for (let round = 0; round < 50; round += 1) {
    const messages = await ask(address, '/demonstration/messages')
    const code = /\b(\d{6})\b/.exec(messages.text.replace(/<[^>]+>/g, ' '))?.[1]
    if (code) {
      const done = await ask(address, '/sign-in/code', { body: new URLSearchParams({ phone, code, challenge }) })
      if (done.status === 303) return cookiesOf(done.headers)
    }
    await new Promise((resolve) => setTimeout(resolve, 200))
  }
  throw new Error('the resident was not signed in')
}

/** The id of a place of the demonstration. */
async function placeId(address: string, cookie: string): Promise<string> {
  const answer = await ask(address, `/api/places?q=${encodeURIComponent('五里')}`, { cookie })
  const { places } = answer.body as { places?: { id: string; code?: string }[] }
  const found = places?.find((each) => each.code === communityCode)?.id
  if (!found) throw new Error(`the community was not found: ${answer.text.slice(0, 300)}`)
  return found
}

/** Whether the server says that it can serve; it may be long about it. */
export async function isReady(address: string): Promise<boolean> {
  return (await ask(address, '/readyz', { seconds: 10 })).status === 200
}

/** The secretary of 五里, signed in, and the place. */
export async function secretaryOf(address: string, data: string): Promise<{ cookie: string; place: string }> {
  const cookie = await signIn(address, data, 'community_secretary')
  return { cookie, place: await placeId(address, cookie) }
}

/** What clients of the desk need: who is signed in, where it happens, and who does the work there. */
export interface Desk {
  readonly address: string
  readonly place: string
  readonly property: string
  readonly secretary: string
  readonly manager: string
}

/** Signs in those who carry a matter in 五里: the secretary, and the manager of the property unit. */
export async function deskOf(address: string, data: string): Promise<Desk> {
  const { cookie: secretary, place } = await secretaryOf(address, data)
  const manager = await signIn(address, data, 'unit')
  const me = await ask(address, '/api/me', { cookie: manager })
  const { posts } = me.body as { posts: { body: string }[] }
  return { address, place, property: posts[0]?.body ?? '', secretary, manager }
}

export const filing = (place: string, text: string) => ({ channel: 'web', place, text, anonymous: true })
