import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { describe, expect, test } from 'vitest'
import { configurationDocument } from './document.ts'
import { ConfigMistake, demonstrationRefusal, isLoopback, readConfig } from './index.ts'

const key = Buffer.alloc(32, 7).toString('base64')
const external = {
  DATABASE_URL: 'postgres://linli_app:a@db.example/linli',
  LINLI_OWNER_URL: 'postgres://linli_owner:b@db.example/linli',
  LINLI_JOBS_URL: 'postgres://linli_jobs:c@db.example/linli',
  LINLI_AUTH_URL: 'postgres://linli_auth:d@db.example/linli',
  LINLI_SECRET: key,
}
const keys = { LINLI_S3_KEY_ID: 'abc', LINLI_S3_SECRET: 'xyz' }

function mistakes(environment: Record<string, string | undefined>): string[] {
  try {
    readConfig(environment)
    return []
  } catch (error) {
    if (!(error instanceof ConfigMistake)) throw error
    for (const { zh, en } of error.mistakes) {
      expect(zh).toMatch(/[。？]$/)
      expect(en).toMatch(/[.?]$/)
    }
    return error.mistakes.map(({ en }) => en)
  }
}

describe('settings', () => {
  test('need nothing at all', () => {
    const config = readConfig({})
    expect(config).toMatchObject({
      port: 3000,
      host: '127.0.0.1',
      publicUrl: 'http://127.0.0.1:3000',
      dataDirectory: resolve('data'),
      embedded: true,
      demonstration: true,
      loopback: true,
      sms: null,
      oidc: null,
      smtp: null,
      openDataLicence: { name: 'CC-BY-4.0' },
      contact: null,
      metricsToken: null,
      trustedProxies: [],
      limitFactor: 1,
      logLevel: 'info',
    })
  })

  test('for mail that comes in: each address in lower case, with its place, where this machine alone reaches it', () => {
    expect(
      readConfig({ LINLI_MAILBOX: 'Tell@in.linli.example=321003 office@in.linli.example=321003001' }).mailbox,
    ).toEqual({
      addresses: [
        { address: 'tell@in.linli.example', place: '321003' },
        { address: 'office@in.linli.example', place: '321003001' },
      ],
      host: '127.0.0.1',
      port: 2525,
      tls: null,
    })
    expect(readConfig({}).mailbox).toBeNull()
  })

  test('of the command line count before the environment, and nothing is as good as unset', () => {
    expect(readConfig({ LINLI_PORT: '4000', LINLI_HOST: ' ' }, { port: '5000', empty: '1' })).toMatchObject({
      port: 5000,
      host: '127.0.0.1',
      demonstration: false,
    })
  })

  test('behind a proxy of this machine others can reach it all the same', () => {
    const known = readConfig({ LINLI_EMPTY: '1', LINLI_PUBLIC_URL: 'https://linli.example' })
    expect(known).toMatchObject({ host: '127.0.0.1', loopback: false })
  })

  test('of a real installation', () => {
    const config = readConfig({
      ...external,
      LINLI_EMPTY: '1',
      LINLI_HOST: '0.0.0.0',
      LINLI_PUBLIC_URL: 'https://linli.example/',
      LINLI_SMS_URL: 'https://sms.example/send',
      LINLI_SMS_TOKEN: '0123456789abcdef',
      LINLI_SMTP_URL: 'smtps://u:p@mail.example',
      LINLI_MAIL_FROM: '邻里 <linli@linli.example>',
      LINLI_TRUSTED_PROXIES: '127.0.0.1, 10.0.0.0/8,::1',
      LINLI_METRICS_TOKEN: 'fedcba9876543210',
    })
    expect(config).toMatchObject({
      embedded: false,
      loopback: false,
      demonstration: false,
      publicUrl: 'https://linli.example',
      databaseUrl: external.DATABASE_URL,
      sms: { url: 'https://sms.example/send', token: '0123456789abcdef' },
      smtp: { url: 'smtps://u:p@mail.example', from: '邻里 <linli@linli.example>' },
      trustedProxies: ['127.0.0.1', '10.0.0.0/8', '::1'],
    })
    expect(config.secret.equals(Buffer.alloc(32, 7))).toBe(true)
    expect(readConfig({ ...external, LINLI_SECRET: '07'.repeat(32) }).secret.equals(config.secret)).toBe(true)
  })

  test('of files in S3', () => {
    expect(readConfig({}).files).toBeNull()
    expect(readConfig({ LINLI_FILES: 's3://pictures.example/a/b', ...keys }).files).toEqual({
      bucket: 'pictures.example',
      prefix: 'a/b/',
      endpoint: null,
      region: 'us-east-1',
      keyId: 'abc',
      secret: 'xyz',
      pathStyle: false,
    })
    expect(
      readConfig({
        LINLI_FILES: 's3://pictures/',
        ...keys,
        LINLI_S3_ENDPOINT: 'http://127.0.0.1:9000/',
        LINLI_S3_REGION: 'cn-north-1',
        LINLI_S3_PATH_STYLE: '1',
      }).files,
    ).toMatchObject({
      bucket: 'pictures',
      prefix: '',
      endpoint: 'http://127.0.0.1:9000',
      region: 'cn-north-1',
      pathStyle: true,
    })
  })

  const wrong: [string, Record<string, string>, RegExp][] = [
    ['a port that is no number', { LINLI_PORT: 'http' }, /^LINLI_PORT “http” is wrong: .*whole number from 0 to 65535/],
    ['a port out of range', { LINLI_PORT: '65536' }, /^LINLI_PORT/],
    ['a host that is an address', { LINLI_HOST: 'http://x' }, /^LINLI_HOST “http:\/\/x” is wrong/],
    ['a public address without a scheme', { LINLI_PUBLIC_URL: 'linli.example', LINLI_EMPTY: '1' }, /^LINLI_PUBLIC_URL/],
    ['a public address with a path', { LINLI_PUBLIC_URL: 'https://a.example/b', LINLI_EMPTY: '1' }, /a host alone/],
    ['a public address in the clear', { LINLI_PUBLIC_URL: 'http://a.example', LINLI_EMPTY: '1' }, /https:\/\//],
    ['neither yes nor no', { LINLI_EMPTY: 'maybe' }, /^LINLI_EMPTY “maybe” is wrong/],
    ['a database that is not PostgreSQL', { ...external, DATABASE_URL: 'mysql://a@b/c' }, /^DATABASE_URL is wrong/],
    ['a database without a user', { ...external, LINLI_OWNER_URL: 'postgres://h/d' }, /^LINLI_OWNER_URL is wrong/],
    ['two roles in one', { ...external, LINLI_JOBS_URL: external.DATABASE_URL }, /^LINLI_JOBS_URL .* linli_jobs/],
    ['a role by another name', { ...external, DATABASE_URL: 'postgres://web:a@h/d' }, /^DATABASE_URL .* linli_app/],
    [
      'an owner that serves',
      { ...external, LINLI_OWNER_URL: external.DATABASE_URL },
      /^LINLI_OWNER_URL .* another user/,
    ],
    ['a role without the others', { LINLI_OWNER_URL: external.LINLI_OWNER_URL }, /does nothing alone/],
    ['too few connections', { LINLI_CONNECTIONS: '1' }, /from 2 to 500/],
    ['a short secret', { LINLI_SECRET: 'abc' }, /^LINLI_SECRET is wrong: .*32 bytes/],
    ['an SMS gateway that is no address', { LINLI_SMS_URL: 'sms' }, /^LINLI_SMS_URL “sms” is wrong/],
    ['a token without its gateway', { LINLI_SMS_TOKEN: '0123456789abcdef' }, /^LINLI_SMS_URL is not set/],
    [
      'a mail server by web address',
      { LINLI_SMTP_URL: 'https://mail.example', LINLI_MAIL_FROM: 'a@b' },
      /^LINLI_SMTP_URL/,
    ],
    [
      'mail that comes in, and nothing to answer it by',
      { LINLI_EMPTY: '1', LINLI_MAILBOX: 'tell@in.linli.example=321003' },
      /^LINLI_SMTP_URL is not set/,
    ],
    [
      'an address for mail without its place',
      { LINLI_MAILBOX: 'tell@in.linli.example' },
      /^LINLI_MAILBOX “tell@in\.linli\.example” is wrong: “tell@in/,
    ],
    [
      'an address for mail too long for a secret behind it',
      { LINLI_MAILBOX: 'seventeen-letters@in.linli.example=32' },
      /^LINLI_MAILBOX/,
    ],
    ['an address for mail twice', { LINLI_MAILBOX: 'a@in.example=32, A@in.example=33' }, /^LINLI_MAILBOX/],
    [
      'a certificate for mail without its key',
      { LINLI_MAILBOX_CERTIFICATE: '/etc/linli/mail.pem' },
      /^LINLI_MAILBOX_KEY is not set/,
    ],
    ['mail without a sender', { LINLI_SMTP_URL: 'smtp://mail.example' }, /^LINLI_MAIL_FROM is not set/],
    ['a sender that is no address', { LINLI_MAIL_FROM: 'linli' }, /^LINLI_MAIL_FROM “linli” is wrong/],
    [
      'a replica that is the primary',
      { ...external, LINLI_REPLICA_URL: external.DATABASE_URL },
      /^LINLI_REPLICA_URL is the same as DATABASE_URL/,
    ],
    [
      'a replica of the embedded database',
      { LINLI_REPLICA_URL: external.DATABASE_URL },
      /^LINLI_REPLICA_URL does nothing alone/,
    ],
    [
      'a replica that is read as another role',
      { ...external, LINLI_REPLICA_URL: 'postgres://linli_owner:x@replica/linli' },
      /^LINLI_REPLICA_URL signs in as linli_owner/,
    ],
    ['a replica that may be years behind', { LINLI_REPLICA_LAG: '301' }, /^LINLI_REPLICA_LAG “301” is wrong/],
    [
      'files in another kind of store',
      { LINLI_FILES: 'https://a.example/b', ...keys },
      /^LINLI_FILES “.*s3:\/\/bucket/,
    ],
    ['a bucket with a name of one letter', { LINLI_FILES: 's3://b', ...keys }, /^LINLI_FILES/],
    ['a prefix that leads out', { LINLI_FILES: 's3://bucket/../b', ...keys }, /^LINLI_FILES/],
    ['a bucket without a key', { LINLI_FILES: 's3://bucket', LINLI_S3_SECRET: 'xyz' }, /^LINLI_S3_KEY_ID is not set/],
    ['a key without a bucket', { LINLI_S3_KEY_ID: 'abc' }, /^LINLI_S3_KEY_ID does nothing alone/],
    [
      'a store with a path',
      { LINLI_FILES: 's3://bucket', LINLI_S3_ENDPOINT: 'https://s3.example/x', ...keys },
      /^LINLI_S3_ENDPOINT “.*a host alone/,
    ],
    [
      'a store in the clear',
      { LINLI_FILES: 's3://bucket', LINLI_S3_ENDPOINT: 'http://s3.example', ...keys },
      /^LINLI_S3_ENDPOINT “.*https:\/\//,
    ],
    [
      'a region that is none',
      { LINLI_FILES: 's3://bucket', LINLI_S3_REGION: 'a b', ...keys },
      /^LINLI_S3_REGION “a b” is wrong/,
    ],
    [
      'a key with a space',
      { LINLI_FILES: 's3://bucket', ...keys, LINLI_S3_SECRET: 'a b' },
      /^LINLI_S3_SECRET is wrong/,
    ],
    ['a proxy by name', { LINLI_TRUSTED_PROXIES: 'proxy' }, /“proxy” is not an IP address/],
    ['a network too wide to be one', { LINLI_TRUSTED_PROXIES: '10.0.0.0/33' }, /^LINLI_TRUSTED_PROXIES/],
    ['every address at once as proxy', { LINLI_TRUSTED_PROXIES: '0.0.0.0/0' }, /“0\.0\.0\.0\/0” is every address/],
    ['a guessable token', { LINLI_METRICS_TOKEN: 'short' }, /^LINLI_METRICS_TOKEN is wrong/],
    ['an unknown log level', { LINLI_LOG_LEVEL: 'loud' }, /one of fatal, error/],
    ['a factor of nothing', { LINLI_LIMIT_FACTOR: '0' }, /above 0/],
    ['a name misspelt', { LINLI_PROT: '1' }, /^LINLI_PROT is no variable of Linli; did you mean LINLI_PORT\?/],
    ['a name with a prefix too many', { LINLI_DATABASE_URL: 'x' }, /did you mean DATABASE_URL\?/],
    [
      'a name like no other',
      { LINLI_NONSENSE: '1' },
      /^LINLI_NONSENSE is no variable of Linli; docs\/configuration\.md/,
    ],
    ['demonstration on an open address', { LINLI_HOST: '0.0.0.0' }, /demonstration accounts/],
    ['demonstration at a public address', { LINLI_PUBLIC_URL: 'https://a.example' }, /demonstration accounts/],
    ['an open address nobody can name', { LINLI_HOST: '::', LINLI_EMPTY: '1' }, /^LINLI_PUBLIC_URL is not set/],
  ]
  test.each(wrong)('%s: one sentence', (_name, environment, sentence) => {
    const found = mistakes(environment)
    expect(found).toHaveLength(1)
    expect(found[0]).toMatch(sentence)
  })

  test('all mistakes are told at once', () => {
    expect(mistakes({ LINLI_PORT: 'x', LINLI_DATAA: 'y', LINLI_LOG_LEVEL: 'z' })).toHaveLength(3)
    expect(mistakes({ DATABASE_URL: external.DATABASE_URL })).toHaveLength(4)
  })

  test('no secret is repeated in a message', () => {
    const secrets = {
      DATABASE_URL: 'x://u:hidden@h/d',
      LINLI_SECRET: 'hidden',
      LINLI_METRICS_TOKEN: 'hidden',
      LINLI_SMTP_URL: 'hidden',
    }
    expect(mistakes(secrets).join()).not.toContain('hidden')
  })

  test('this machine alone is loopback', () => {
    for (const host of ['127.0.0.1', '127.8.8.8', 'localhost', 'LOCALHOST', '::1', '[::1]'])
      expect(isLoopback(host)).toBe(true)
    for (const host of ['0.0.0.0', '::', '10.0.0.1', '127.0.0.1.example', '1127.0.0.1'])
      expect(isLoopback(host)).toBe(false)
    expect(demonstrationRefusal('127.0.0.1', 'http://localhost:1')).toBeNull()
    expect(demonstrationRefusal('127.0.0.1', 'https://a.example')).not.toBeNull()
  })

  test('docs/configuration.md says what the table says', () => {
    const file = readFileSync(new URL('../../../docs/configuration.md', import.meta.url), 'utf8')
    // The formatter aligns the columns.
    const plain = (text: string): string => text.replace(/ +/g, ' ').replace(/-+/g, '-')
    expect(plain(file)).toBe(plain(configurationDocument()))
  })
})
