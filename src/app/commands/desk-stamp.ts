// What was built of the desk and whether it is still whole: beside it lies a stamp that names sources and files.
import { hash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'

/** The stamp of a finished build: a digest of what it was made of, then one line for each file with its own. */
export function stampOf(build: string, fingerprint: string): string {
  const files = readdirSync(build, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(build, join(entry.parentPath, entry.name)))
    .sort()
  return [fingerprint, ...files.map((name) => `${digestOf(join(build, name))} ${name}`)].join('\n')
}

export function writeStamp(dist: string, stamp: string): void {
  writeFileSync(join(dist, 'desk.stamp'), stamp)
}

/** Whether what was built from these sources stands there unharmed. */
export function isWhole(dist: string, fingerprint: string): boolean {
  const stamp = join(dist, 'desk.stamp')
  if (!existsSync(stamp)) return false
  const [of, ...files] = readFileSync(stamp, 'utf8').split('\n')
  if (of !== fingerprint || files.length === 0) return false
  return files.every((line) => {
    const [digest, name = ''] = line.split(' ')
    const path = join(dist, 'desk', name)
    return existsSync(path) && digestOf(path) === digest
  })
}

/** Removes builds whose process was killed: nobody will put them into their place. */
export function clearLeftovers(dist: string): void {
  for (const name of existsSync(dist) ? readdirSync(dist) : []) {
    const pid = Number(/^desk\.(\d+)(\.old)?$/.exec(name)?.[1] ?? 0)
    if (pid > 0 && !runs(pid)) rmSync(join(dist, name), { recursive: true, force: true })
  }
}

function runs(pid: number): boolean {
  try {
    process.kill(pid, 0)
    // What bears this process's own number is of an earlier one: it has built nothing yet.
    return pid !== process.pid
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

function digestOf(path: string): string {
  return hash('sha256', readFileSync(path))
}
