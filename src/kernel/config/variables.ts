import { isIP } from 'node:net'
import { availableParallelism } from 'node:os'
import { resolve } from 'node:path'
import { bucketAddress, region, storeEndpoint, storeKey } from './bucket.ts'

/** One sentence in both languages. */
export interface Sentence {
  zh: string
  en: string
}

/** What a check of one variable gives: the value as the program uses it, or the sentence that says what is wrong. */
export type Checked<T> = { value: T } | { mistake: Sentence }

/** One variable of the environment. `T` is the value as the program uses it; a variable that is not set has its default. */
export interface Variable<T> {
  name: string
  /** As it would be written in the environment; null: nothing unless set. */
  default: string | null
  meaning: Sentence
  /** May be shown in messages? Addresses with passwords and secrets may not. */
  secret?: true
  check(text: string): Checked<T>
}

function variable<T>(
  name: string,
  standard: string | null,
  meaning: Sentence,
  check: (text: string) => Checked<T>,
): Variable<T> {
  return { name, default: standard, meaning, check }
}

function secretVariable<T>(name: string, meaning: Sentence, check: (text: string) => Checked<T>): Variable<T> {
  return { name, default: null, meaning, secret: true, check }
}

function mistake(zh: string, en: string): { mistake: Sentence } {
  return { mistake: { zh, en } }
}

/** Is this name or address one that only this machine can reach? */
export function isLoopback(host: string): boolean {
  const bare = host.replace(/^\[|\]$/g, '').toLowerCase()
  return bare === 'localhost' || bare.endsWith('.localhost') || bare === '::1' || /^127(\.\d{1,3}){3}$/.test(bare)
}

function whole(low: number, high: number) {
  return (text: string): Checked<number> => {
    const value = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN
    if (value >= low && value <= high) return { value }
    return mistake(`应是 ${low} 到 ${high} 之间的整数`, `it has to be a whole number from ${low} to ${high}`)
  }
}

function yesNo(text: string): Checked<boolean> {
  if (/^(1|true|yes|on)$/i.test(text)) return { value: true }
  if (/^(0|false|no|off)$/i.test(text)) return { value: false }
  return mistake('应是 1（是）或 0（否）', 'it has to be 1 (yes) or 0 (no)')
}

function address(protocols: string[], example: string) {
  return (text: string): Checked<string> => {
    const url = URL.canParse(text) ? new URL(text) : null
    if (url?.host && protocols.includes(url.protocol)) return { value: text }
    return mistake(`应是完整的地址，如 ${example}`, `it has to be a full address such as ${example}`)
  }
}

function postgresAddress(text: string): Checked<string> {
  const url = URL.canParse(text) ? new URL(text) : null
  if (!url || !/^postgres(ql)?:$/.test(url.protocol)) {
    return mistake(
      '应是 PostgreSQL 的地址，如 postgres://用户:密码@主机:5432/库名',
      'it has to be a PostgreSQL address such as postgres://user:password@host:5432/database',
    )
  }
  if (!url.username || url.pathname.length < 2) {
    return mistake('地址里要写明用户和库名', 'the address has to name a user and a database')
  }
  return { value: text }
}

function publicAddress(text: string): Checked<string> {
  const url = URL.canParse(text) ? new URL(text) : null
  if (!url || !/^https?:$/.test(url.protocol) || url.pathname !== '/' || url.search || url.hash || url.username) {
    return mistake(
      '应只写协议和主机，如 https://linli.example',
      'it has to be a scheme and a host alone, such as https://linli.example',
    )
  }
  if (url.protocol === 'http:' && !isLoopback(url.hostname)) {
    return mistake(
      '对外的地址应以 https:// 开头：大家填写的资料不可明文传送',
      'an address seen by others has to begin with https://: what people write must not travel in the clear',
    )
  }
  return { value: url.origin }
}

function host(text: string): Checked<string> {
  if (
    isIP(text) !== 0 ||
    /^(?=.{1,253}$)[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$/i.test(text)
  ) {
    return { value: text }
  }
  return mistake(
    '应是本机的一个地址，如 127.0.0.1 或 0.0.0.0',
    'it has to be an address of this machine, such as 127.0.0.1 or 0.0.0.0',
  )
}

function proxies(text: string): Checked<string[]> {
  const list = text
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '')
  for (const item of list) {
    const [base = '', bits, ...rest] = item.split('/')
    const family = isIP(base)
    const widest = family === 4 ? 32 : 128
    const fits = bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) >= 1 && Number(bits) <= widest)
    if (family !== 0 && bits === '0') {
      return mistake(
        `“${item}”是所有地址，那样访客就能自报任何地址；请写代理自己的地址`,
        `“${item}” is every address, and any visitor could then claim any other; write that of the proxy`,
      )
    }
    if (family === 0 || !fits || rest.length > 0) {
      return mistake(
        `“${item}”不是 IP 地址或网段；多个之间用逗号隔开，如 127.0.0.1,10.0.0.0/8`,
        `“${item}” is not an IP address or a network; write them with commas, such as 127.0.0.1,10.0.0.0/8`,
      )
    }
  }
  return { value: list }
}

function thirtyTwoBytes(text: string): Checked<Buffer> {
  const hex = /^[0-9a-f]{64}$/i.test(text)
  const value = Buffer.from(text, hex ? 'hex' : 'base64')
  if (value.length === 32 && (hex || /^[A-Za-z0-9+/_-]{43}=?$/.test(text))) return { value }
  return mistake(
    '应是 32 字节的 base64 或十六进制，可用 openssl rand -base64 32 生成',
    'it has to be 32 bytes in base64 or hexadecimal; `openssl rand -base64 32` makes one',
  )
}

function token(text: string): Checked<string> {
  if (/^[\x21-\x7e]{16,512}$/.test(text)) return { value: text }
  return mistake(
    '应是 16 到 512 个可见的英文字符，不含空格',
    'it has to be 16 to 512 visible ASCII characters without spaces',
  )
}

function providerAddress(text: string): Checked<string> {
  const url = URL.canParse(text) ? new URL(text) : null
  const safe = url !== null && (url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url.hostname)))
  if (safe && !url.search && !url.hash && !url.username) return { value: text }
  return mistake(
    '应是统一认证发布的签发者地址，以 https:// 开头，如 https://id.example',
    'it has to be the issuer as the provider publishes it, beginning with https://, such as https://id.example',
  )
}

function short(text: string): Checked<string> {
  if (text.length <= 60 && !/\p{Cc}/u.test(text)) return { value: text }
  return mistake('不超过 60 个字', 'it has to be of 60 characters at most')
}

function credential(text: string): Checked<string> {
  if (/^[\x20-\x7e]{1,512}$/.test(text)) return { value: text }
  return mistake('应是 1 到 512 个英文字符', 'it has to be 1 to 512 ASCII characters')
}

function sender(text: string): Checked<string> {
  if (/^[^<>\r\n]*<[^<>@\s]+@[^<>@\s]+>$|^[^<>@\s]+@[^<>@\s]+$/.test(text)) return { value: text }
  return mistake(
    '应是电子邮件地址，可带名称，如 邻里 <linli@linli.example>',
    'it has to be an e-mail address, with or without a name, such as Linli <linli@linli.example>',
  )
}

export const logLevels = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const
export type LogLevel = (typeof logLevels)[number]

function logLevel(text: string): Checked<LogLevel> {
  const value = logLevels.find((level) => level === text)
  if (value) return { value }
  return mistake(`应是 ${logLevels.join('、')} 之一`, `it has to be one of ${logLevels.join(', ')}`)
}

function factor(text: string): Checked<number> {
  const value = /^\d{1,7}(\.\d{1,3})?$/.test(text) ? Number(text) : Number.NaN
  if (value > 0) return { value }
  return mistake('应是大于 0 的数，如 1 或 0.5', 'it has to be a number above 0, such as 1 or 0.5')
}

/**
 * Every variable the program reads, declared once: `readConfig` checks by this table and docs/configuration.md is
 * printed from it (`node scripts/configuration.ts`).
 */
export const variables = {
  port: variable(
    'LINLI_PORT',
    '3000',
    { zh: '网页的端口；0 表示任选一个空闲的', en: 'Port of the pages; 0 takes any free one' },
    whole(0, 65_535),
  ),
  host: variable(
    'LINLI_HOST',
    '127.0.0.1',
    {
      zh: '监听的本机地址；只有不带演示数据时才可对外',
      en: 'Address of this machine to listen on; open to others only without demonstration data',
    },
    host,
  ),
  publicUrl: variable(
    'LINLI_PUBLIC_URL',
    null,
    {
      zh: '访客看到的网址（协议和主机），写进短信和邮件的链接；不填时为监听的地址',
      en: 'The address visitors see (scheme and host), used in links of messages; when not set, the address listened on',
    },
    publicAddress,
  ),
  dataDirectory: variable(
    'LINLI_DATA',
    './data',
    {
      zh: '数据目录：内置的 PostgreSQL、文件和 secrets.json',
      en: 'Data directory: the embedded PostgreSQL, files and secrets.json',
    },
    (text): Checked<string> => ({ value: resolve(text) }),
  ),
  empty: variable(
    'LINLI_EMPTY',
    '0',
    {
      zh: '1：不装演示数据，正式使用时必填',
      en: '1: start without demonstration data; needed for any real installation',
    },
    yesNo,
  ),
  databaseUrl: secretVariable(
    'DATABASE_URL',
    {
      zh: '另有的 PostgreSQL（18 或更新），以 linli_app 登录；不填时用内置的',
      en: 'A PostgreSQL (18 or newer) of your own, signing in as linli_app; when not set, the embedded one is used',
    },
    postgresAddress,
  ),
  ownerUrl: secretVariable(
    'LINLI_OWNER_URL',
    {
      zh: '同一个库，以拥有它的 linli_owner 登录：建表和升级用',
      en: 'The same database, signing in as its owner linli_owner: makes and upgrades the tables',
    },
    postgresAddress,
  ),
  jobsUrl: secretVariable(
    'LINLI_JOBS_URL',
    {
      zh: '同一个库，以 linli_jobs 登录：定时和后台的事',
      en: 'The same database, signing in as linli_jobs: timers and jobs',
    },
    postgresAddress,
  ),
  authUrl: secretVariable(
    'LINLI_AUTH_URL',
    { zh: '同一个库，以 linli_auth 登录：只管登录', en: 'The same database, signing in as linli_auth: sign-in only' },
    postgresAddress,
  ),
  connections: variable(
    'LINLI_CONNECTIONS',
    String(Math.min(40, Math.max(10, availableParallelism() * 5))),
    {
      zh: '网页同时用的数据库连接数；默认按处理器核数，10 到 40',
      en: 'Database connections the pages use at once; by default 10 to 40, after the number of processor cores',
    },
    whole(2, 500),
  ),
  replicaUrl: secretVariable(
    'LINLI_REPLICA_URL',
    {
      zh: '数据库的一个流复制只读副本，以 linli_app 登录：公开的页面在那里读',
      en: 'A streaming replica of the database, signing in as linli_app: public pages are read there',
    },
    postgresAddress,
  ),
  replicaLag: variable(
    'LINLI_REPLICA_LAG',
    '10',
    {
      zh: '副本落后超过这么多秒就先不用它，赶上了再用',
      en: 'Seconds; a replica further behind is left out until it has caught up',
    },
    whole(1, 300),
  ),
  secret: secretVariable(
    'LINLI_SECRET',
    {
      zh: '加密手机号和签名用的 32 字节密钥；用另有的数据库时必填，内置时存在 secrets.json',
      en: 'The 32-byte key that encrypts phone numbers and signs; needed with a database of your own, otherwise kept in secrets.json',
    },
    thirtyTwoBytes,
  ),
  files: variable(
    'LINLI_FILES',
    null,
    {
      zh: '照片和视频存到 S3：s3://桶名/前缀，桶不可公开；不填时存在数据目录',
      en: 'Pictures and videos go to S3: s3://bucket/prefix, never a public bucket; when not set, to the data directory',
    },
    bucketAddress,
  ),
  s3Endpoint: variable(
    'LINLI_S3_ENDPOINT',
    null,
    {
      zh: 'S3 的网址，如 https://s3.example；不填时为亚马逊的',
      en: 'Where S3 is, such as https://s3.example; when not set, Amazon’s',
    },
    storeEndpoint(isLoopback),
  ),
  s3Region: variable('LINLI_S3_REGION', 'us-east-1', { zh: 'S3 的区域', en: 'Region of S3' }, region),
  s3KeyId: secretVariable(
    'LINLI_S3_KEY_ID',
    { zh: 'S3 的访问密钥编号；填了 LINLI_FILES 时必填', en: 'Id of the access key; needed with LINLI_FILES' },
    storeKey,
  ),
  s3Secret: secretVariable(
    'LINLI_S3_SECRET',
    { zh: 'S3 的访问密钥；填了 LINLI_FILES 时必填', en: 'The access key itself; needed with LINLI_FILES' },
    storeKey,
  ),
  s3PathStyle: variable(
    'LINLI_S3_PATH_STYLE',
    '0',
    {
      zh: '1：桶名写在路径里，不写在主机名里；自建的 S3 多半要填',
      en: '1: the bucket stands in the path, not in the host; most stores of one’s own want this',
    },
    yesNo,
  ),
  smsUrl: variable(
    'LINLI_SMS_URL',
    null,
    {
      zh: '短信网关的 webhook 地址；不填则不能用手机号登录',
      en: 'Webhook address of the SMS gateway; without it nobody can sign in by phone',
    },
    address(['https:', 'http:'], 'https://sms.example/send'),
  ),
  smsToken: secretVariable(
    'LINLI_SMS_TOKEN',
    { zh: '交给短信网关的令牌', en: 'Token handed to the SMS gateway' },
    token,
  ),
  smtpUrl: secretVariable(
    'LINLI_SMTP_URL',
    {
      zh: '发邮件的 SMTP 服务器，可带用户和密码',
      en: 'SMTP server for e-mail, with user and password where it wants them',
    },
    address(['smtp:', 'smtps:'], 'smtps://user:password@mail.example:465'),
  ),
  mailFrom: variable(
    'LINLI_MAIL_FROM',
    null,
    { zh: '邮件的发件人；填了 LINLI_SMTP_URL 时必填', en: 'Sender of e-mail; needed with LINLI_SMTP_URL' },
    sender,
  ),
  oidcIssuer: variable(
    'LINLI_OIDC_ISSUER',
    null,
    {
      zh: '单位统一认证（OpenID Connect）的签发者地址；不填则没有这种登录',
      en: "Issuer of the organisation's sign-in (OpenID Connect); without it there is no such way to sign in",
    },
    providerAddress,
  ),
  oidcClientId: variable(
    'LINLI_OIDC_CLIENT_ID',
    null,
    { zh: '在统一认证登记的客户端编号', en: 'The client id that was registered there' },
    credential,
  ),
  oidcClientSecret: secretVariable(
    'LINLI_OIDC_CLIENT_SECRET',
    { zh: '这个客户端的密钥', en: 'The secret of this client' },
    credential,
  ),
  oidcName: variable(
    'LINLI_OIDC_NAME',
    null,
    {
      zh: '大家怎么叫统一认证，写在登录按钮上；不填时为它的主机名',
      en: 'What people call it, for the button; when not set, the name of its host',
    },
    short,
  ),
  push: variable(
    'LINLI_PUSH',
    '0',
    {
      zh: '1：大家可以让自己的设备弹出提醒，经浏览器厂商的推送服务转达（要能访问外网，并以 https:// 对外）',
      en: '1: people may have their devices told, through the push services of browser makers (the server has to reach them, and be reached by https://)',
    },
    yesNo,
  ),
  trustedProxies: variable(
    'LINLI_TRUSTED_PROXIES',
    '',
    {
      zh: '可信的反向代理（地址或网段，逗号隔开）；只有它们转来的访客地址才算数',
      en: 'Reverse proxies to trust (addresses or networks, with commas); forwarded addresses count only from these',
    },
    proxies,
  ),
  metricsToken: secretVariable(
    'LINLI_METRICS_TOKEN',
    { zh: '读 /metrics 要带的令牌；不填则关闭', en: 'Token that /metrics asks for; without it /metrics is off' },
    token,
  ),
  logLevel: variable(
    'LINLI_LOG_LEVEL',
    'info',
    { zh: `日志的详细程度：${logLevels.join('、')}`, en: `How much is logged: ${logLevels.join(', ')}` },
    logLevel,
  ),
  limitFactor: variable(
    'LINLI_LIMIT_FACTOR',
    '1',
    {
      zh: '访问次数限制的倍数；压力测试时可调大',
      en: 'Multiplies every rate limit; larger for load tests',
    },
    factor,
  ),
} as const

type VariableName = keyof typeof variables
type ValueOf<V> = V extends Variable<infer T> ? T : never

/** The checked values; null: not set and without a default. */
export type Values = { [K in VariableName]: ValueOf<(typeof variables)[K]> | null }
