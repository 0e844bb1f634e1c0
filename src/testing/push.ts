// A push service on this machine, and the device behind it: what arrives is opened as a browser would (RFC 8291).
import { createDecipheriv, createECDH, createPublicKey, hkdfSync, randomBytes, verify } from 'node:crypto'
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'
import { afterAll } from 'vitest'

export interface Arrived {
  readonly path: string
  readonly headers: IncomingHttpHeaders
  readonly body: Buffer
}

export interface TestPushService {
  readonly address: string
  readonly arrived: Arrived[]
  /** What the next ones are answered with; nothing: they hang. */
  answer: number | null
  answerHeaders: Record<string, string>
}

/** Starts one, and stops it after the last test of the file. */
export async function testPushService(): Promise<TestPushService> {
  const hanging: ServerResponse[] = []
  const service: { -readonly [K in keyof TestPushService]: TestPushService[K] } = {
    address: '',
    arrived: [],
    answer: 201,
    answerHeaders: {},
  }
  const server = createServer(async (request, response) => {
    service.arrived.push({ path: request.url ?? '', headers: request.headers, body: await buffer(request) })
    if (service.answer === null) hanging.push(response)
    else response.writeHead(service.answer, service.answerHeaders).end('x'.repeat(100_000))
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  service.address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  afterAll(() => {
    server.closeAllConnections()
    server.close()
  })
  return service
}

/** A device with keys of its own, reached by a path of the service. */
export function testDevice(service: Pick<TestPushService, 'address'>, path: string) {
  const pair = createECDH('prime256v1')
  const own = pair.generateKeys()
  const auth = randomBytes(16)
  return {
    endpoint: `${service.address}/${path}`,
    keys: { p256dh: own.toString('base64url'), auth: auth.toString('base64url') },
    /** The text that was sent to it. @throws where it was made for another */
    open({ body }: Arrived): unknown {
      const salt = body.subarray(0, 16)
      const theirs = body.subarray(21, 21 + (body[20] ?? 0))
      const sealed = body.subarray(21 + theirs.length)
      const info = Buffer.concat([Buffer.from('WebPush: info\0'), own, theirs])
      const shared = Buffer.from(hkdfSync('sha256', pair.computeSecret(theirs), auth, info, 32))
      const derive = (name: string, length: number) =>
        Buffer.from(hkdfSync('sha256', shared, salt, `Content-Encoding: ${name}\0`, length))
      const decipher = createDecipheriv('aes-128-gcm', derive('aes128gcm', 16), derive('nonce', 12))
      decipher.setAuthTag(sealed.subarray(-16))
      const plain = Buffer.concat([decipher.update(sealed.subarray(0, -16)), decipher.final()])
      return JSON.parse(plain.subarray(0, plain.lastIndexOf(2)).toString())
    },
  }
}

/** What the sender says of itself (RFC 8292), its signature checked. */
export function senderOf({ headers }: Arrived): { key: string; aud: string; exp: number; sub: string } {
  const [, token = '', key = ''] = /^vapid t=([\w.-]+), k=([\w-]+)$/.exec(headers.authorization ?? '') ?? []
  const [head = '', claims = '', signature = ''] = token.split('.')
  const point = Buffer.from(key, 'base64url')
  const jwk = {
    kty: 'EC',
    crv: 'P-256',
    x: point.subarray(1, 33).toString('base64url'),
    y: point.subarray(33).toString('base64url'),
  }
  const fits = verify(
    'sha256',
    Buffer.from(`${head}.${claims}`),
    { key: createPublicKey({ key: jwk, format: 'jwk' }), dsaEncoding: 'ieee-p1363' },
    Buffer.from(signature, 'base64url'),
  )
  if (!fits) throw new Error('the signature does not fit')
  return { key, ...JSON.parse(Buffer.from(claims, 'base64url').toString()) }
}
