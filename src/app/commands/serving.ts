import { flushCompileCache } from 'node:module'
import { createServer } from 'node:net'
import type { Config } from '#kernel/config/index.ts'
import { Interrupted, type OpenDatabase, openForServer } from '#kernel/embedded/index.ts'
import { buildDesk } from './desk-build.ts'
import { asCommandRefusal, portTaken } from './settings.ts'
import { CommandRefusal, complain, exitCodes, say } from './terminal.ts'

/** One press of Ctrl-C arrives twice where whatever started the program passes on what the terminal has sent to both, in milliseconds. */
const samePress = 1_000

/**
 * Serves until told to stop (SIGINT, SIGTERM) or until the database is lost for good: database, schema, desk, pages; and
 * stops in the reverse order, so that nothing acknowledged is lost and nothing is left running.
 */
export async function serveUntilStopped(config: Config): Promise<void> {
  const started = performance.now()
  let lost: Error | null = null
  const stop = new AbortController()
  const stopped = new Promise<null>((resolve) => stop.signal.addEventListener('abort', () => resolve(null)))
  let asked: number | null = null
  const signalled = (): void => {
    const now = performance.now()
    // Asked again, it waits for nobody: what was acknowledged is kept, and the next start stops a PostgreSQL left behind.
    if (asked !== null) {
      if (now - asked > samePress) process.exit(exitCodes.interrupted)
      return
    }
    asked = now
    say({ zh: '正在停止……再按一次 Ctrl-C 立即结束。', en: 'Stopping … (once more ends it at once)' })
    stop.abort()
  }
  process.on('SIGINT', signalled)
  process.on('SIGTERM', signalled)
  // The terminal is closed: as Ctrl-C.
  process.on('SIGHUP', signalled)

  let program: ReturnType<typeof loadProgram> | null = null
  const open = await openForServer(config, {
    signal: stop.signal,
    onTaken: () => checkPort(config),
    onStarting() {
      program ??= loadProgram(stop.signal)
    },
    onRestart: () => say({ zh: '数据库曾中断，已重新启动。', en: 'The database had ended; it runs again.' }),
    onLost(error) {
      lost = error
      stop.abort()
    },
  }).catch((error: unknown) => {
    if (error instanceof Interrupted) return null
    throw error
  })
  if (open === null) {
    say({ zh: '已停止，还没有就绪。', en: 'Stopped before it was ready.' })
    return
  }
  try {
    program ??= loadProgram(stop.signal)
    const preparing = Promise.all([program.server, prepare(open), program.desk])
    // Called off, nobody waits for it any more: what it has not committed is rolled back with its connections.
    preparing.catch(() => undefined)
    const prepared = await Promise.race([preparing, stopped])
    if (prepared !== null) {
      const [{ startServer }, demonstration] = prepared
      const server = await startServer({ ...open.config, demonstration })
      // Kept for the next start, also where this one is killed.
      flushCompileCache()
      const seconds = ((performance.now() - started) / 1_000).toFixed(1)
      say({
        zh: `邻里已就绪（${seconds} 秒）：${server.address}`,
        en: `Linli is ready (${seconds} s): ${server.address}`,
      })
      if (demonstration) await sayAccounts(open.config)
      await stopped
      if (!(await endsWithin(longestStop, server.stop()))) {
        say({ zh: '数据库没有回应，不再等它。', en: 'The database does not answer and is waited for no longer.' })
        process.exitCode = exitCodes.database
      }
    }
  } finally {
    await open.stop()
  }
  tellEnd(lost)
}

/** Milliseconds: as long as anybody waits for a silent connection. Stopping an embedded PostgreSQL may take 40 seconds after it. */
const longestStop = 20_000

/** Whether work ends in this time. What fails, fails. */
export async function endsWithin(milliseconds: number, work: Promise<unknown>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<false>((resolve) => {
    timer = setTimeout(() => resolve(false), milliseconds)
  })
  try {
    return await Promise.race([work.then(() => true), late])
  } finally {
    clearTimeout(timer)
  }
}

/** The last words: why the database is lost, or that all is well. */
function tellEnd(lost: Error | null): void {
  if (lost === null) {
    say({ zh: '已停止。', en: 'Stopped.' })
    return
  }
  const refusal = asCommandRefusal(lost)
  const why = refusal instanceof CommandRefusal ? refusal.sentences : [{ zh: lost.message, en: lost.message }]
  complain([
    {
      zh: '数据库停了，也没能重新启动，所以服务器也停了。',
      en: 'The database ended and could not be brought back, so the server has ended too.',
    },
    ...why,
  ])
  process.exitCode = refusal instanceof CommandRefusal ? refusal.exitCode : exitCodes.database
}

/** Loads the program and builds the desk while the database starts. What goes wrong is met where it is awaited. */
function loadProgram(signal: AbortSignal) {
  const program = { desk: buildDesk(signal), server: import('../server.ts') }
  program.desk.catch(() => undefined)
  program.server.catch(() => undefined)
  return program
}

/**
 * Makes the database ready, and takes the store of files for it. Loaded only here: it brings in sign-in and the job queue, which asking for
 * help does not need.
 * @returns whether it holds the demonstration
 */
async function prepare(open: OpenDatabase): Promise<boolean> {
  const demonstration = await begin(open)
  const { takeStore } = await import('./store.ts')
  await takeStore(open.config)
  return demonstration
}

async function begin({ config, superuserUrl }: OpenDatabase): Promise<boolean> {
  const { prepareDatabase } = await import('../prepare.ts')
  await prepareDatabase(config, superuserUrl)
  const { beginEmpty, installationKind, loadDemonstration } = await import('../demonstration/load.ts')
  const kind = await installationKind(config.ownerUrl)
  if (kind === 'demonstration') {
    if (!config.loopback) {
      throw new CommandRefusal(exitCodes.configuration, [
        {
          zh: '这个数据库里是示例，它的账号人人可知，所以只能在本机使用。真正使用请另建数据目录，并加 --empty。',
          en: 'This database holds the demonstration, whose accounts anybody may know, so it is served on this machine only. For real use take another data directory and --empty.',
        },
      ])
    }
    return true
  }
  if (kind === 'real' || !config.demonstration) {
    // Also where imports came first: then there are bodies, and nothing says yet that it has begun.
    await beginEmpty(config.ownerUrl)
    return false
  }
  say({ zh: '正在载入示例……', en: 'Loading the demonstration …' })
  const [{ startKernel }, { registerAllWords }] = await Promise.all([import('../kernel.ts'), import('../words.ts')])
  await registerAllWords()
  const kernel = await startKernel(config)
  try {
    await loadDemonstration(kernel)
  } finally {
    await kernel.stop()
  }
  return true
}

/** The accounts of the demonstration, for whoever sits at the terminal. */
async function sayAccounts(config: Config): Promise<void> {
  const { demonstrationAccounts } = await import('../demonstration/load.ts')
  for (const { name, mail, phone, password } of demonstrationAccounts(config)) {
    say({
      zh: password
        ? `  ${name[0]}　${mail}　${password}`
        : `  ${name[0]}　手机 ${phone}，验证码见 /demonstration/messages`,
      en: password
        ? `  ${name[1]}  ${mail}  ${password}`
        : `  ${name[1]}  telephone ${phone}, the code is at /demonstration/messages`,
    })
  }
}

/** Looks before anything else is started; the server looks again when it listens. */
async function checkPort({ host, port }: Config): Promise<void> {
  if (port === 0) return
  const code = await new Promise<string | null>((resolve) => {
    const probe = createServer()
    probe.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message))
    probe.listen({ host, port, exclusive: true }, () => probe.close(() => resolve(null)))
  })
  if (code === null) return
  if (code === 'EADDRINUSE') throw new CommandRefusal(exitCodes.busy, [portTaken(port)])
  if (code === 'EACCES') {
    throw new CommandRefusal(exitCodes.configuration, [
      {
        zh: `端口 ${port} 要有特权才能用：请用 1024 以上的端口，前面放反向代理。`,
        en: `Port ${port} is only for privileged users: use one above 1024 behind a reverse proxy.`,
      },
    ])
  }
  throw new CommandRefusal(exitCodes.configuration, [
    {
      zh: `不能在 ${host} 的端口 ${port} 上监听（${code}）：LINLI_HOST 应是本机的一个地址。`,
      en: `Nothing can listen on ${host}, port ${port} (${code}): LINLI_HOST has to be an address of this machine.`,
    },
  ])
}
