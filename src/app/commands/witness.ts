import { createHash, randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Command, InvalidArgumentError } from 'commander'
import type { Sentence } from '#kernel/config/index.ts'
import type { Fetched, Finding, Look, Seen } from '#kernel/tree/index.ts'
import { CommandRefusal, exitCodes, result } from './terminal.ts'

interface Options {
  readonly data: string
  readonly key?: string
  readonly json?: boolean
}

const found: Record<Finding, Sentence> = {
  'other-key': {
    zh: '它现在用的签名公钥不是当初告诉的那一把',
    en: 'it signs with another key than the one that was told at first',
  },
  'no-checkpoint': {
    zh: '它公布的不是签了名的总指纹',
    en: 'what it publishes is no checkpoint signed with its key',
  },
  fork: {
    zh: '两次公布对不上：它给不同的人看不同的记录，或改了已经公布的记录',
    en: 'two checkpoints do not agree: it shows different registers, or what it had published was changed',
  },
  entry: { zh: '有记录不见了，或不是公布过的那一条', en: 'an entry is missing, or is not the one that was published' },
}

function address(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : null
  if (!url || !['http:', 'https:'].includes(url.protocol))
    throw new InvalidArgumentError('it is an address such as https://linli.example 应是网址')
  return url
}

/** `linli witness URL`: looks at the register of an installation from another machine, once; for a timer of that machine. */
export function witnessCommand(program: Command): void {
  program
    .command('witness')
    .argument('<url>', 'address of the installation 网址', address)
    .description('check the register of another installation and cosign it 见证另一处的办事记录')
    .option('--data <directory>', 'where the own key, what was seen and the evidence are kept 存放处', 'linli-witness')
    .option('--key <key>', 'the key of that register, as it was told on paper 对方公钥')
    .option('--json', 'end with one JSON line: {ok, key, size, root, cosigned, finding, places, evidence}')
    .action(async (url: URL, options: Options) => {
      const { look, sha256, signerOf, writeKey } = await import('#kernel/tree/index.ts')
      const directory = resolve(options.data)
      const own = ownKey(directory)
      const witness = signerOf(own.name, Buffer.from(own.seed, 'base64'), 'cosignature')
      const key = writeKey(sha256, witness.key)
      const before = readSeen(directory, url) ?? (await seenElsewhere(directory, url, options.key))
      if (options.key && before && before.key !== options.key)
        throw new CommandRefusal(exitCodes.usage, [
          {
            zh: `给出的公钥与 ${directory} 里记着的不同；若对方确实换了公钥，请换一个目录从头见证。`,
            en: `The key given is not the one kept in ${directory}; if they did change it, begin anew in another directory.`,
          },
        ])
      const known = before ?? (options.key ? { key: options.key, note: null, next: 0 } : null)
      const seen = await look((path) => fetched(url, path), known, witness, Math.floor(Date.now() / 1000))
      if (seen === null) {
        result(
          options.json ?? false,
          { ok: true, key, size: 0, root: null, cosigned: false, finding: null },
          {
            zh: `那里还没有公布过，下一个整点后再来。本机见证的公钥：\n${key}`,
            en: `Nothing was published there yet; come again after the next full hour. The key of this witness:\n${key}`,
          },
        )
        return
      }
      const size = seen.checkpoint?.size ?? null
      const root = seen.checkpoint && Buffer.from(seen.checkpoint.root).toString('hex')
      if (seen.finding !== null) {
        const evidence = keepEvidence(directory, url, seen)
        const { zh, en } = found[seen.finding]
        const [first, last] = seen.places ?? []
        result(
          options.json ?? false,
          { ok: false, key, size, root, cosigned: false, finding: seen.finding, places: seen.places, evidence },
          {
            zh: `对不上：${zh}${first ? `（第 ${first} 到 ${last} 条之间）` : ''}。没有见证。证据在 ${evidence}，请留好。`,
            en: `It does not agree: ${en}${first ? ` (among entries ${first} to ${last})` : ''}. Nothing was cosigned. The evidence is in ${evidence}; keep it.`,
          },
        )
        process.exitCode = exitCodes.failed
        return
      }
      keepSeen(directory, url, seen.seen)
      // As it stands on paper.
      const printed = seen.checkpoint && Buffer.from(seen.checkpoint.root).toString('base64')
      const told = known
        ? { zh: '', en: '' }
        : {
            zh: `它的公钥是从网站上拿的，请和纸上的对一遍：\n${seen.seen.key}\n`,
            en: `Its key was taken from the site; compare it with the one on paper:\n${seen.seen.key}\n`,
          }
      const handed = await hand(url, size ?? 0, seen.line ?? '')
      result(
        options.json ?? false,
        { ok: true, key, size, root, cosigned: handed === 201, finding: null, places: null, evidence: null },
        {
          zh: `共 ${size} 条，${known?.note ? '与此前所见一致' : '第一次看，前后相符'}，总指纹 ${printed}。${told.zh}${handed === 201 ? '已见证。' : `见证签名没有被收下（${handed}）。请对方在 LINLI_WITNESSES 里加上：\n${key}`}`,
          en: `${size} entries, ${known?.note ? 'in agreement with what was seen before' : 'which agree with each other; it is the first look'}, root ${printed}. ${told.en}${handed === 201 ? 'Cosigned.' : `The cosignature was not taken (${handed}). Ask them to add to LINLI_WITNESSES:\n${key}`}`,
        },
      )
    })
}

/** So large is a tile; a page that is no register could be of any size. */
const mostBytes = 100_000
const patience = 30_000

async function fetched(url: URL, path: string): Promise<Fetched> {
  for (;;) {
    const answer = await once(url, path)
    // A register of millions has more tiles than an address may ask for in a minute: what is asked is to wait.
    if (answer.status !== 429) return answer
    await sleep(Math.min(120, Math.max(1, answer.wait)) * 1000)
  }
}

async function once(url: URL, path: string): Promise<Fetched & { wait: number }> {
  try {
    const answer = await fetch(new URL(path, url.origin), {
      redirect: 'error',
      signal: AbortSignal.timeout(patience),
      headers: { Accept: 'text/plain, application/octet-stream, application/problem+json' },
    })
    if (answer.status >= 500) throw new Error(`${answer.status} ${path}`)
    const chunks: Uint8Array[] = []
    let bytes = 0
    for await (const chunk of answer.body ?? []) {
      bytes += chunk.length
      if (bytes > mostBytes) throw new Error('the answer is too long')
      chunks.push(chunk)
    }
    const wait = Number(answer.headers.get('retry-after') ?? 10) || 10
    return { status: answer.status, body: Buffer.concat(chunks), wait }
  } catch (error) {
    throw away(url, error)
  }
}

function away(url: URL, error: unknown): CommandRefusal {
  const { message, cause } = error as Error & { cause?: { code?: string } }
  const why = cause?.code ?? message
  return new CommandRefusal(exitCodes.failed, [
    {
      zh: `${url.origin} 没有回答（${why}），什么也没有见证。`,
      en: `${url.origin} did not answer (${why}); nothing was cosigned.`,
    },
  ])
}

/** @returns the status of the answer */
async function hand(url: URL, size: number, line: string): Promise<number> {
  try {
    const answer = await fetch(new URL('/api/register/cosignatures', url.origin), {
      method: 'POST',
      redirect: 'error',
      signal: AbortSignal.timeout(patience),
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ size, line: line.trimEnd() }),
    })
    await answer.body?.cancel()
    return answer.status
  } catch (error) {
    throw away(url, error)
  }
}

interface Own {
  readonly name: string
  /** 32 bytes, base64. */
  readonly seed: string
}

/** The witness's own key, made on first use and readable by its owner alone. */
function ownKey(directory: string): Own {
  const file = join(directory, 'key.json')
  try {
    mkdirSync(directory, { recursive: true, mode: 0o700 })
    if (!existsSync(file)) {
      const name = `${hostname().replace(/[^A-Za-z0-9.-]/g, '-') || 'linli'}/witness-${randomBytes(4).toString('hex')}`
      writeWhole(file, JSON.stringify({ name, seed: randomBytes(32).toString('base64') } satisfies Own, null, 2))
    }
    const own = JSON.parse(readFileSync(file, 'utf8')) as Own
    if (typeof own.name === 'string' && Buffer.from(own.seed, 'base64').length === 32) return own
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code)
      throw new CommandRefusal(exitCodes.directory, [
        { zh: `${directory} 不能用（${code}）。`, en: `${directory} cannot be used (${code}).` },
      ])
  }
  throw new CommandRefusal(exitCodes.directory, [
    { zh: `${file} 坏了：请放回另存的那份。`, en: `${file} is broken: put back the copy that was kept.` },
  ])
}

const seenFile = (directory: string, url: URL): string =>
  join(directory, `seen-${url.host.replace(/[^A-Za-z0-9.-]/g, '-')}.json`)

/** The same for a register, by whatever address it was looked at. */
const registerFile = (directory: string, key: string): string =>
  join(directory, `register-${createHash('sha256').update(key).digest('hex').slice(0, 16)}.json`)

/**
 * What was seen of the register at this address. Where its register was seen at another address as well, what was seen last there: two that
 * sign with one key are one register, or forked.
 */
function readSeen(directory: string, url: URL): Seen | null {
  const here = readKept(seenFile(directory, url))
  return here && (readKept(registerFile(directory, here.key)) ?? here)
}

/** What was seen, at other addresses, of the register that is told to be at this one; null where it is a new one. */
async function seenElsewhere(directory: string, url: URL, told: string | undefined): Promise<Seen | null> {
  const key =
    told ??
    Buffer.from((await fetched(url, '/register/key')).body)
      .toString()
      .trim()
  return readKept(registerFile(directory, key))
}

function keepSeen(directory: string, url: URL, seen: Seen): void {
  const text = JSON.stringify({ url: url.origin, ...seen }, null, 2)
  writeWhole(registerFile(directory, seen.key), text)
  writeWhole(seenFile(directory, url), text)
}

function readKept(file: string): Seen | null {
  if (!existsSync(file)) return null
  try {
    const { key, note, next } = JSON.parse(readFileSync(file, 'utf8')) as Seen
    if (typeof key === 'string' && (note === null || typeof note === 'string') && Number.isSafeInteger(next))
      return { key, note, next }
  } catch {
    // Told below: to begin anew in silence would forget what was seen.
  }
  throw new CommandRefusal(exitCodes.directory, [
    {
      zh: `${file} 坏了：里面是此前所见，没有它就看不出出入。请放回另存的那份。`,
      en: `${file} is broken: it is what was seen before, without which nothing is held to anything. Put back the copy that was kept.`,
    },
  ])
}

/** Under another name first: a power cut leaves the old one or the new one. */
function writeWhole(file: string, text: string): void {
  const draft = `${file}.${process.pid}`
  writeFileSync(draft, `${text}\n`, { mode: 0o600, flush: true })
  renameSync(draft, file)
}

function keepEvidence(directory: string, url: URL, { finding, places, evidence }: Look): string {
  const folder = join(directory, 'evidence')
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const at = new Date().toISOString()
  const file = join(folder, `${at.replace(/[:.]/g, '-')}-${finding}.json`)
  writeWhole(file, JSON.stringify({ url: url.origin, at, finding, places, ...evidence }, null, 2))
  return file
}
