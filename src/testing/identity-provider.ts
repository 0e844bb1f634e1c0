// An organisation's own sign-in for tests: the real `oidc-provider`, listening on this machine. Whoever is sent there is signed in as the
// account that the test names, and the test may spoil what the provider hands out.
import { generateKeyPairSync, sign } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import Provider from 'oidc-provider'

/** The parts of an ID token. */
export interface Token {
  header: Record<string, unknown>
  claims: Record<string, unknown>
}

export interface IdentityProvider {
  readonly issuer: string
  readonly clientId: string
  readonly clientSecret: string
  /** Who is signed in there; null says no. */
  account: string | null
  /** Changes each ID token before it is handed out; signed anew under the provider's own key, or not. */
  spoil: ((token: Token) => { token: Token; signed: boolean }) | null
  /** What was asked of the authorization endpoint, newest last. */
  readonly asked: URLSearchParams[]
  /** Follows its redirects as a browser would, and returns the address that leads back. */
  follow(address: string): Promise<string>
  stop(): Promise<void>
}

const encoded = (part: object) => Buffer.from(JSON.stringify(part)).toString('base64url')

export async function startIdentityProvider(redirect: string): Promise<IdentityProvider> {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const key = { ...privateKey.export({ format: 'jwk' }), kid: 'one', alg: 'RS256', use: 'sig' }
  let answer: (request: IncomingMessage, response: ServerResponse) => Promise<void> = async () => {}
  const server = createServer((request, response) => void answer(request, response))
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const [clientId, clientSecret] = ['linli', 'a secret of the tests']
  const provider = new Provider(issuer, {
    clients: [
      { client_id: clientId, client_secret: clientSecret, redirect_uris: [redirect], response_types: ['code'] },
    ],
    jwks: { keys: [key] },
    cookies: { keys: ['of the tests'] },
    pkce: { required: () => true },
    features: { devInteractions: { enabled: false } },
    claims: { openid: ['sub'], profile: ['name'], email: ['email'] },
    conformIdTokenClaims: false,
    ttl: { AccessToken: 600, Grant: 600, IdToken: 600, Interaction: 600, Session: 600 },
    findAccount: async (_context: unknown, id: string) => ({
      accountId: id,
      claims: async () => ({ sub: id, name: id, email: `${id}@organisation.example` }),
    }),
  })
  const own = provider.callback()
  const identity: IdentityProvider = {
    issuer,
    clientId,
    clientSecret,
    account: 'li',
    spoil: null,
    asked: [],
    async follow(address) {
      const cookies = new Map<string, string>()
      let at = address
      for (let turn = 0; turn < 10 && at.startsWith(issuer); turn += 1) {
        const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ')
        const said = await fetch(at, { redirect: 'manual', headers: { cookie } })
        for (const line of said.headers.getSetCookie()) {
          const [pair = ''] = line.split(';')
          cookies.set(pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1))
        }
        const next = said.headers.get('location')
        if (!next) throw new Error(`the provider said ${said.status}: ${(await said.text()).slice(0, 300)}`)
        at = new URL(next, at).href
      }
      return at
    },
    stop: () =>
      new Promise((stopped) => {
        server.closeAllConnections()
        server.close(() => stopped())
      }),
  }

  /** The page where one would sign in and agree: the test has said who it is. */
  async function interact(request: IncomingMessage, response: ServerResponse) {
    const { prompt, session, params } = await provider.interactionDetails(request, response)
    if (identity.account === null)
      return provider.interactionFinished(request, response, { error: 'access_denied', error_description: 'no' })
    if (prompt.name === 'login')
      return provider.interactionFinished(request, response, { login: { accountId: identity.account } })
    const grant = new provider.Grant({ accountId: session?.accountId ?? '', clientId: params.client_id })
    grant.addOIDCScope(params.scope)
    return provider.interactionFinished(request, response, { consent: { grantId: await grant.save() } })
  }

  function spoiled(body: string): string {
    const given = JSON.parse(body) as { id_token?: string }
    const [header = '', claims = '', signature = ''] = given.id_token?.split('.') ?? []
    if (!identity.spoil || !claims) return body
    const read = (part: string) => JSON.parse(Buffer.from(part, 'base64url').toString()) as Record<string, unknown>
    const { token, signed } = identity.spoil({ header: read(header), claims: read(claims) })
    const content = `${encoded(token.header)}.${encoded(token.claims)}`
    const made = signed ? sign('sha256', Buffer.from(content), privateKey).toString('base64url') : signature
    return JSON.stringify({ ...given, id_token: `${content}.${made}` })
  }

  answer = async (request, response) => {
    const url = new URL(request.url ?? '/', issuer)
    if (url.pathname === '/auth') identity.asked.push(url.searchParams)
    if (url.pathname.startsWith('/interaction/')) return interact(request, response)
    if (url.pathname === '/token' && identity.spoil) {
      const end = response.end.bind(response) as (text: string) => ServerResponse
      response.end = ((chunk: unknown) => {
        const text = spoiled(String(chunk))
        response.setHeader('content-length', Buffer.byteLength(text))
        return end(text)
      }) as ServerResponse['end']
    }
    return own(request, response)
  }
  return identity
}
