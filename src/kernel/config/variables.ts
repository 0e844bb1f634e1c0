import { availableParallelism } from 'node:os'
import { resolve } from 'node:path'
import { bucketAddress, region, storeEndpoint, storeKey } from './bucket.ts'
import {
  address,
  type Checked,
  contact,
  credential,
  factor,
  host,
  licence,
  logLevel,
  logLevels,
  postgresAddress,
  providerAddress,
  proxies,
  publicAddress,
  sender,
  short,
  thirtyTwoBytes,
  token,
  whole,
  yesNo,
} from './checks.ts'
import { mailAddresses, path } from './mailbox.ts'
import type { Sentence } from './sentence.ts'
import { witnesses } from './witnesses.ts'

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
  openDataLicence: variable(
    'LINLI_OPEN_DATA_LICENCE',
    'CC-BY-4.0',
    {
      zh: '开放数据的许可证（SPDX 名称），写在每个地方的数据说明里',
      en: 'The licence of the open data (its SPDX name), stated in the description of every place’s data',
    },
    licence,
  ),
  contact: variable(
    'LINLI_CONTACT',
    null,
    {
      zh: '别的软件的开发者找谁：邮箱、网址或电话，写在“给程序员”页和 Open311 的 discovery 里',
      en: 'Whom developers of other software ask: an address of mail or of the web, or a telephone number, shown at /programmers and in the discovery of Open311',
    },
    contact,
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
    storeEndpoint,
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
  mailbox: variable(
    'LINLI_MAILBOX',
    null,
    {
      zh: '收信地址，各带地方代码，逗号隔开，如 tell@in.linli.example=321003；写到这里的信成为一件事。不填则不收信；要先有 LINLI_SMTP_URL',
      en: 'Addresses that mail comes in by, each with the code of its place, with commas, such as tell@in.linli.example=321003; mail to them becomes a matter. When not set, no mail is taken; needs LINLI_SMTP_URL',
    },
    mailAddresses,
  ),
  mailboxPort: variable(
    'LINLI_MAILBOX_PORT',
    '2525',
    {
      zh: '收信的端口；前面的邮件服务器转到这里',
      en: 'Port for incoming mail, to which the mail server in front relays',
    },
    whole(0, 65_535),
  ),
  mailboxHost: variable(
    'LINLI_MAILBOX_HOST',
    '127.0.0.1',
    { zh: '收信时监听的本机地址', en: 'Address of this machine to listen on for mail' },
    host,
  ),
  mailboxCertificate: variable(
    'LINLI_MAILBOX_CERTIFICATE',
    null,
    {
      zh: '收信加密（STARTTLS）的证书文件（PEM）；与 LINLI_MAILBOX_KEY 一起填',
      en: 'File with the certificate (PEM) for encrypted incoming mail (STARTTLS); together with LINLI_MAILBOX_KEY',
    },
    path,
  ),
  mailboxKey: variable(
    'LINLI_MAILBOX_KEY',
    null,
    { zh: '这张证书的密钥文件（PEM）', en: 'File with the key of that certificate (PEM)' },
    path,
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
  witnesses: variable(
    'LINLI_WITNESSES',
    '',
    {
      zh: '可以见证办事记录的机构的公钥（linli witness 给出的那一行，逗号隔开）',
      en: 'Keys of institutions that may cosign the register of acts (the lines that linli witness prints, with commas)',
    },
    witnesses,
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
