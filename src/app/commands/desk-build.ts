import { createHash } from 'node:crypto'
import { existsSync, linkSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { runToEnd } from '#kernel/embedded/index.ts'
import { clearLeftovers, isWhole, stampOf, writeStamp } from './desk-stamp.ts'
import { CommandRefusal, exitCodes, say } from './terminal.ts'

const root = fileURLToPath(new URL('../../..', import.meta.url))
const dist = join(root, 'dist')
const built = join(dist, 'desk')
/** Milliseconds for which the files of an earlier build are kept: pages that were open then still ask for them. */
const keptFor = 24 * 3_600_000

/**
 * Builds the desk when what it is made of has changed since it was built, or what was built is damaged. It is built beside the one that a running server hands
 * out and takes its place when it is whole.
 * @throws CommandRefusal with what the build says
 */
export async function buildDesk(signal?: AbortSignal): Promise<void> {
  clearLeftovers(dist)
  const fingerprint = sourcesOfDesk()
  if (isWhole(dist, fingerprint)) return
  say({ zh: '正在构建工作台……', en: 'Building the desk …' })
  const beside = `${built}.${process.pid}`
  const script = join(root, 'node_modules', 'vite', 'bin', 'vite.js')
  const { code, text } = await runToEnd(
    process.execPath,
    [script, 'build', '--logLevel', 'warn', '--outDir', beside, '--emptyOutDir'],
    { cwd: root, env: { ...process.env, NODE_ENV: 'production' } },
    signal,
  )
  if (code !== 0) {
    rmSync(beside, { recursive: true, force: true })
    throw new CommandRefusal(exitCodes.failed, [
      { zh: `工作台没有构建成：\n${text}`, en: `The desk could not be built:\n${text}` },
    ])
  }
  const stamp = stampOf(beside, fingerprint)
  takePlace(beside)
  writeStamp(dist, stamp)
}

/** Puts a finished build in the place of the earlier one, of which it keeps what was made lately. */
function takePlace(beside: string): void {
  const before = join(built, 'assets')
  const after = join(beside, 'assets')
  mkdirSync(after, { recursive: true })
  for (const name of existsSync(before) ? readdirSync(before) : []) {
    // Names carry a digest of what is in them: the same name is the same file.
    if (existsSync(join(after, name)) || Date.now() - statSync(join(before, name)).mtimeMs > keptFor) continue
    linkSync(join(before, name), join(after, name))
  }
  const old = `${beside}.old`
  if (existsSync(built)) renameSync(built, old)
  renameSync(beside, built)
  rmSync(old, { recursive: true, force: true })
}

/** One digest over every file the desk may be made of, by content: a checkout changes times, not contents. */
function sourcesOfDesk(): string {
  const digest = createHash('sha256')
  const read = (path: string): void => {
    digest.update(`${relative(root, path)}\n`)
    digest.update(readFileSync(path))
  }
  const walk = (directory: string): void => {
    for (const entry of readdirSync(directory, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1))) {
      const path = join(directory, entry.name)
      if (entry.isDirectory()) {
        if (!['pages', 'commands', 'testing', 'migrations'].includes(entry.name)) walk(path)
      } else if (!/\.(test|store|routes|jobs|import)\.tsx?$/.test(entry.name)) read(path)
    }
  }
  walk(join(root, 'src'))
  for (const name of ['vite.config.ts', 'package-lock.json']) read(join(root, name))
  return digest.digest('hex')
}
