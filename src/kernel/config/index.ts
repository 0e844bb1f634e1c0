import type { MailAddress } from '../mailbox/index.ts'
import type { VerifierKey } from '../tree/index.ts'
import { isLoopback, type LogLevel } from './checks.ts'
import { type Sentence, SpokenRefusal } from './sentence.ts'
import { type Values, type Variable, variables } from './variables.ts'

export { isLoopback, type LogLevel, type Sentence, SpokenRefusal, variables }

/** The checked settings of one process. */
export interface Config {
  port: number
  host: string
  /** Scheme and host as visitors see them, without a slash at the end. */
  publicUrl: string
  /** The licence of the open data, by its SPDX name. */
  openDataLicence: { readonly name: string }
  /** Whom developers of other software ask; null where nobody is named. */
  contact: string | null
  /** Absolute path. */
  dataDirectory: string
  /** True: PostgreSQL is run by this program in the data directory; the four addresses and the secret come when it is started. */
  embedded: boolean
  /** Signs in as linli_app: serves requests under row-level security. */
  databaseUrl: string
  /** Signs in as linli_owner: migrates. */
  ownerUrl: string
  jobsUrl: string
  authUrl: string
  connections: number
  /** A streaming replica, signing in as linli_app; null where there is none. */
  replicaUrl: string | null
  /** Seconds that it may be behind. */
  replicaLag: number
  /** Demonstration data may be loaded and demonstration accounts may sign in; true only where nobody else can reach the server. */
  demonstration: boolean
  /** Only this machine can reach the server. */
  loopback: boolean
  trustedProxies: string[]
  /** 32 bytes. */
  secret: Buffer
  /** Files in S3; null: in the data directory. */
  files: {
    bucket: string
    /** Empty, or ending in a slash. */
    prefix: string
    /** Null: Amazon's own. */
    endpoint: string | null
    region: string
    keyId: string
    secret: string
    pathStyle: boolean
  } | null
  sms: { url: string; token: string | null } | null
  smtp: { url: string; from: string } | null
  /** Mail comes in by these addresses; null: none is taken. The first is the one that answers go to. */
  mailbox: {
    readonly addresses: readonly MailAddress[]
    readonly host: string
    readonly port: number
    readonly tls: { readonly certificate: string; readonly key: string } | null
  } | null
  /** The organisation's own sign-in. */
  oidc: { issuer: string; clientId: string; clientSecret: string; name: string } | null
  /** Devices may be told through push services; on this machine alone (`loopback`) only in tests. */
  push: { loopback: boolean } | null
  /** Keys of those who may cosign the register. */
  witnesses: VerifierKey[]
  metricsToken: string | null
  logLevel: LogLevel
  /** Multiplies every rate limit. */
  limitFactor: number
}

/** What the command line says over the environment; a value as it would be written there. */
export type Overrides = { [K in keyof typeof variables]?: string | undefined }

/** All that is wrong with the settings, a sentence for each. */
export class ConfigMistake extends Error {
  readonly mistakes: Sentence[]

  constructor(mistakes: Sentence[]) {
    super(mistakes.map(({ zh, en }) => `${zh}\n${en}`).join('\n'))
    this.name = 'ConfigMistake'
    this.mistakes = mistakes
  }
}

/**
 * Reads and checks every setting at once.
 * @throws ConfigMistake with a sentence for each mistake.
 */
export function readConfig(environment: Record<string, string | undefined>, overrides: Overrides = {}): Config {
  const mistakes: Sentence[] = unknownNames(environment)
  const values = Object.fromEntries(
    Object.entries(variables).map(([key, variable]) => {
      const over = overrides[key as keyof typeof variables]
      return [key, checkOne(variable as Variable<unknown>, over ?? environment[variable.name], mistakes)]
    }),
  ) as Values
  const embedded = values.databaseUrl === null
  const broken = new Set(mistakes.map((mistake) => mistake.en.split(' ')[0]))
  mistakes.push(...together(values, embedded && !broken.has('DATABASE_URL'), broken))
  if (mistakes.length > 0) throw new ConfigMistake(mistakes)

  // Nothing is null here that has a default, or a mistake would have been found.
  const host = values.host as string
  const port = values.port as number
  const publicUrl = values.publicUrl ?? `http://${host.includes(':') ? `[${host}]` : host}:${port}`
  return {
    port,
    host,
    publicUrl,
    dataDirectory: values.dataDirectory as string,
    embedded,
    databaseUrl: values.databaseUrl ?? '',
    ownerUrl: values.ownerUrl ?? '',
    jobsUrl: values.jobsUrl ?? '',
    authUrl: values.authUrl ?? '',
    connections: values.connections as number,
    replicaUrl: values.replicaUrl,
    replicaLag: values.replicaLag as number,
    demonstration: values.empty === false,
    loopback: isLoopback(host) && isLoopback(new URL(publicUrl).hostname),
    trustedProxies: values.trustedProxies ?? [],
    secret: values.secret ?? Buffer.alloc(0),
    files:
      values.files === null
        ? null
        : {
            ...values.files,
            endpoint: values.s3Endpoint,
            region: values.s3Region as string,
            keyId: values.s3KeyId as string,
            secret: values.s3Secret as string,
            pathStyle: values.s3PathStyle as boolean,
          },
    sms: values.smsUrl === null ? null : { url: values.smsUrl, token: values.smsToken },
    smtp: values.smtpUrl === null ? null : { url: values.smtpUrl, from: values.mailFrom as string },
    mailbox:
      values.mailbox === null || values.mailbox.length === 0
        ? null
        : {
            addresses: values.mailbox,
            host: values.mailboxHost as string,
            port: values.mailboxPort as number,
            tls:
              values.mailboxCertificate === null || values.mailboxKey === null
                ? null
                : { certificate: values.mailboxCertificate, key: values.mailboxKey },
          },
    oidc:
      values.oidcIssuer === null
        ? null
        : {
            issuer: values.oidcIssuer,
            clientId: values.oidcClientId as string,
            clientSecret: values.oidcClientSecret as string,
            name: values.oidcName ?? new URL(values.oidcIssuer).host,
          },
    push: values.push ? { loopback: false } : null,
    openDataLicence: { name: values.openDataLicence as string },
    contact: values.contact,
    witnesses: values.witnesses ?? [],
    metricsToken: values.metricsToken,
    logLevel: values.logLevel as LogLevel,
    limitFactor: values.limitFactor as number,
  }
}

/** The sentence that refuses demonstration data where others could reach the server; null where only this machine can. */
export function demonstrationRefusal(host: string, publicUrl: string | null): Sentence | null {
  const open = !isLoopback(host)
    ? host
    : publicUrl !== null && !isLoopback(new URL(publicUrl).hostname)
      ? publicUrl
      : null
  if (open === null) return null
  return {
    zh: `${open} 不只本机能访问，而演示账号人人可用：请以 --empty 或 LINLI_EMPTY=1 启动，或只监听 127.0.0.1。`,
    en: `${open} can be reached from other machines, and anyone may use demonstration accounts: start with --empty or LINLI_EMPTY=1, or listen on 127.0.0.1 alone.`,
  }
}

function checkOne<T>(variable: Variable<T>, text: string | undefined, mistakes: Sentence[]): T | null {
  // A variable set to nothing is how many tools write "not set".
  const given = text === undefined || text.trim() === '' ? variable.default : text.trim()
  if (given === null) return null
  const checked = variable.check(given)
  if ('value' in checked) return checked.value
  const shown = variable.secret ? '' : `“${given}”`
  mistakes.push({
    zh: `${variable.name}${shown} 不对：${checked.mistake.zh}。`,
    en: `${variable.name} ${shown ? `${shown} ` : ''}is wrong: ${checked.mistake.en}.`,
  })
  return null
}

/** Mistakes that show only when several settings are seen together. `broken` names those already reported. */
function together(values: Values, embedded: boolean, broken: Set<string | undefined>): Sentence[] {
  const found: Sentence[] = []
  const need = (name: string, reason: Sentence): void => {
    if (!broken.has(name)) {
      found.push({ zh: `${name} 没有填：${reason.zh}。`, en: `${name} is not set: ${reason.en}.` })
    }
  }
  const roles = [
    ['LINLI_OWNER_URL', values.ownerUrl],
    ['LINLI_JOBS_URL', values.jobsUrl],
    ['LINLI_AUTH_URL', values.authUrl],
  ] as const
  if (values.databaseUrl !== null) {
    if (values.replicaUrl === values.databaseUrl) {
      found.push({
        zh: 'LINLI_REPLICA_URL 与 DATABASE_URL 是同一个：副本是另一台只读的服务器，没有就不要填。',
        en: 'LINLI_REPLICA_URL is the same as DATABASE_URL: a replica is another server that only reads; leave it unset where there is none.',
      })
    }
    for (const [name, value] of roles) {
      if (value === null) {
        need(name, {
          zh: '填了 DATABASE_URL，就要写明另外三个角色怎样登录',
          en: 'with DATABASE_URL the other three roles have to be given too',
        })
      }
    }
    if (values.secret === null) {
      need('LINLI_SECRET', {
        zh: '用另有的数据库时，密钥由你保管，可用 openssl rand -base64 32 生成',
        en: 'with a database of your own the key is yours to keep; `openssl rand -base64 32` makes one',
      })
    }
    found.push(...otherUsers(values))
  } else if (embedded) {
    for (const [name, value] of [...roles, ['LINLI_REPLICA_URL', values.replicaUrl] as const]) {
      if (value !== null) {
        found.push({
          zh: `${name} 单独填了没有用：请把 DATABASE_URL 一起填上，或都不填。`,
          en: `${name} does nothing alone: set DATABASE_URL with it, or neither.`,
        })
      }
    }
  }
  if (values.smtpUrl !== null && values.mailFrom === null) {
    need('LINLI_MAIL_FROM', { zh: '有 LINLI_SMTP_URL 就要有发件人', en: 'LINLI_SMTP_URL needs a sender' })
  }
  // Whoever writes is answered; in a demonstration that only this machine reaches, its page is where the answers are.
  if (values.mailbox !== null && values.smtpUrl === null && values.empty !== false) {
    need('LINLI_SMTP_URL', {
      zh: '收信就要能回信，请填发邮件的服务器',
      en: 'whoever writes has to be answered, so incoming mail needs a server for outgoing mail',
    })
  }
  const certificate = [
    ['LINLI_MAILBOX_CERTIFICATE', values.mailboxCertificate],
    ['LINLI_MAILBOX_KEY', values.mailboxKey],
  ] as const
  if (certificate.some(([, value]) => value !== null)) {
    for (const [name, value] of certificate) {
      if (value === null)
        need(name, { zh: '收信的证书和密钥要一起填', en: 'certificate and key for incoming mail belong together' })
    }
  }
  const provider = [
    ['LINLI_OIDC_ISSUER', values.oidcIssuer],
    ['LINLI_OIDC_CLIENT_ID', values.oidcClientId],
    ['LINLI_OIDC_CLIENT_SECRET', values.oidcClientSecret],
  ] as const
  if ([...provider.map(([, value]) => value), values.oidcName].some((value) => value !== null)) {
    for (const [name, value] of provider) {
      if (value === null) {
        need(name, {
          zh: '统一认证的签发者、客户端编号和密钥要一起填',
          en: "issuer, client id and secret of the organisation's sign-in belong together",
        })
      }
    }
  }
  const ofFiles = [
    ['LINLI_S3_KEY_ID', values.s3KeyId],
    ['LINLI_S3_SECRET', values.s3Secret],
  ] as const
  if (values.files !== null) {
    for (const [name, value] of ofFiles) {
      if (value === null) {
        need(name, { zh: '有 LINLI_FILES 就要有访问密钥和它的编号', en: 'LINLI_FILES needs an access key and its id' })
      }
    }
  } else if (!broken.has('LINLI_FILES')) {
    for (const [name, value] of [...ofFiles, ['LINLI_S3_ENDPOINT', values.s3Endpoint] as const]) {
      if (value !== null) {
        found.push({
          zh: `${name} 单独填了没有用：文件存到 S3 要填 LINLI_FILES。`,
          en: `${name} does nothing alone: for files in S3 set LINLI_FILES too.`,
        })
      }
    }
  }
  if (values.smsToken !== null && values.smsUrl === null) {
    need('LINLI_SMS_URL', {
      zh: '有 LINLI_SMS_TOKEN 就要有网关的地址',
      en: 'LINLI_SMS_TOKEN needs the address of the gateway',
    })
  }
  if (values.empty === false && values.host !== null) {
    const refusal = demonstrationRefusal(values.host, values.publicUrl)
    if (refusal) found.push(refusal)
  }
  if (values.empty === true && values.host !== null && !isLoopback(values.host) && values.publicUrl === null) {
    need('LINLI_PUBLIC_URL', {
      zh: '对外监听时，要写明访客看到的网址',
      en: 'when others can reach the server, the address visitors see has to be given',
    })
  }
  return found
}

/**
 * Policies and functions of the schema name three roles: another would have rights that nobody meant it to have, or none. The owner may
 * be called anything else: one role doing the work of two would undo what keeps them apart.
 */
function otherUsers(values: Values): Sentence[] {
  const user = (address: string) => decodeURIComponent(new URL(address).username)
  const named = [
    ['DATABASE_URL', values.databaseUrl, 'linli_app'],
    ['LINLI_REPLICA_URL', values.replicaUrl, 'linli_app'],
    ['LINLI_JOBS_URL', values.jobsUrl, 'linli_jobs'],
    ['LINLI_AUTH_URL', values.authUrl, 'linli_auth'],
  ] as const
  const found = named.flatMap(([name, address, role]) =>
    address === null || user(address) === role
      ? []
      : [
          {
            zh: `${name} 以 ${user(address)} 登录：这里的用户必须叫 ${role}，库里的权限是写给它的。`,
            en: `${name} signs in as ${user(address)}: this user has to be ${role}, for whom the rights in the database are written.`,
          },
        ],
  )
  const owner = values.ownerUrl === null ? '' : user(values.ownerUrl)
  if (named.some(([, , role]) => role === owner)) {
    found.push({
      zh: `LINLI_OWNER_URL 以 ${owner} 登录：库的主人要另用一个用户。`,
      en: `LINLI_OWNER_URL signs in as ${owner}: the owner of the database has to be another user.`,
    })
  }
  return found
}

function unknownNames(environment: Record<string, string | undefined>): Sentence[] {
  const known = Object.values(variables).map((variable) => variable.name)
  return Object.keys(environment)
    .filter((name) => name.startsWith('LINLI_') && !known.includes(name))
    .map((name) => {
      // DATABASE_URL alone has no prefix, and is given one by mistake.
      const far = (candidate: string): number =>
        Math.min(distance(name, candidate), distance(name.slice('LINLI_'.length), candidate))
      const nearest = known.reduce((best, candidate) => (far(candidate) < far(best) ? candidate : best))
      // A third of its letters wrong: no longer the same word misspelt.
      if (far(nearest) > (nearest.length - 'LINLI_'.length) / 3 + 1) {
        return {
          zh: `没有 ${name} 这个变量，全部变量见 docs/configuration.md。`,
          en: `${name} is no variable of Linli; docs/configuration.md lists them all.`,
        }
      }
      return {
        zh: `没有 ${name} 这个变量，是不是 ${nearest}？`,
        en: `${name} is no variable of Linli; did you mean ${nearest}?`,
      }
    })
}

/** How many letters have to be changed to make one word of another (Levenshtein). */
function distance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, index) => index)
  for (let i = 1; i <= from.length; i++) {
    const next = [i]
    for (let j = 1; j <= to.length; j++) {
      const swap = (row[j - 1] ?? 0) + (from[i - 1] === to[j - 1] ? 0 : 1)
      next.push(Math.min(swap, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1))
    }
    row = next
  }
  return row[to.length] ?? 0
}
