// Installs the packages the lock file names, once, and again only when the lock file changes.
// Plain JavaScript without packages: it runs before anything is installed, under whichever Node (20 or newer) is at hand.
// The Node that runs everything afterwards is the package `node`: npm puts node_modules/.bin first in PATH.
import { execFileSync, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

/** Why a directory needs an install: a short reason in words, or null when what is installed is what the lock file names. */
export function reasonToInstall(directory) {
  const modules = join(directory, 'node_modules')
  if (!existsSync(modules)) return 'node_modules is missing'
  const lock = readFileSync(join(directory, 'package-lock.json'), 'utf8')
  const stamp = join(modules, '.linli-stamp')
  if (existsSync(stamp)) {
    return readFileSync(stamp, 'utf8').trim() === fingerprint(lock) ? null : 'package-lock.json has changed'
  }
  // Installed by hand, or an install that was cut short: npm writes its own list last, so a full list means a full install.
  const list = join(modules, '.package-lock.json')
  if (!existsSync(list)) return 'an earlier installation was not finished'
  const installed = JSON.parse(readFileSync(list, 'utf8')).packages
  for (const [path, wanted] of Object.entries(JSON.parse(lock).packages)) {
    if (path === '') continue
    if (installed[path]?.version !== wanted.version && !(wanted.optional && !installed[path])) {
      return 'what is installed is not what package-lock.json names'
    }
  }
  return null
}

/** Notes that what package-lock.json names is installed. */
export function stampInstallation(directory) {
  const lock = readFileSync(join(directory, 'package-lock.json'), 'utf8')
  writeFileSync(join(directory, 'node_modules', '.linli-stamp'), `${fingerprint(lock)}\n`)
}

function fingerprint(lock) {
  return createHash('sha256').update(lock).digest('hex')
}

function pinnedNode(directory) {
  const { version } = JSON.parse(readFileSync(join(directory, 'package-lock.json'), 'utf8')).packages[
    'node_modules/node'
  ]
  return version
}

/** The version of the installed package `node`, or null when it does not run. */
function installedNode(directory) {
  const program = join(directory, 'node_modules', '.bin', process.platform === 'win32' ? 'node.cmd' : 'node')
  try {
    const shell = process.platform === 'win32'
    return execFileSync(program, ['--version'], { encoding: 'utf8', shell }).trim().replace(/^v/, '')
  } catch {
    return null
  }
}

function alive(pid) {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error.code === 'EPERM'
  }
}

/** Two installations at once would tear down each other's files: the second waits for the first. */
function takeTurn(directory) {
  const turn = join(directory, '.linli-installing')
  let told = false
  for (;;) {
    try {
      writeFileSync(turn, String(process.pid), { flag: 'wx' })
      return () => rmSync(turn, { force: true })
    } catch (error) {
      if (error.code !== 'EEXIST') throw error
    }
    let owner = Number.NaN
    try {
      owner = Number(readFileSync(turn, 'utf8'))
    } catch {
      continue
    }
    if (owner > 0 && !alive(owner)) {
      rmSync(turn, { force: true })
      continue
    }
    if (!told) process.stdout.write(`Waiting for another installation (process ${owner}) to finish.\n`)
    told = true
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 300)
  }
}

function fail(sentence) {
  process.stderr.write(`${sentence}\n`)
  process.exit(1)
}

function install(directory) {
  if (Number(process.versions.node.split('.')[0]) < 20) {
    fail(
      `Linli needs Node 20 or newer to start with; this is ${process.version}. Install a newer Node from nodejs.org.`,
    )
  }
  if (reasonToInstall(directory) === null && installedNode(directory) === pinnedNode(directory)) {
    stampInstallation(directory)
    return
  }
  let done
  try {
    done = takeTurn(directory)
  } catch (error) {
    fail(`The packages cannot be installed: ${directory} is not writable for this user (${error.code}).`)
  }
  try {
    const reason = reasonToInstall(directory)
    const node = pinnedNode(directory)
    if (reason === null && installedNode(directory) === node) return
    process.stdout.write(
      `Installing packages (${reason ?? `Node ${node} is missing`}); this takes a minute or two the first time.\n`,
    )
    // Under `npm run` npm says where it is itself; otherwise the one in PATH is used.
    const npm = process.env.npm_execpath
    const options = ['ci', '--include=dev', '--no-audit', '--no-fund', '--loglevel=error']
    const result = npm
      ? spawnSync(process.execPath, [npm, ...options], { cwd: directory, stdio: 'inherit' })
      : spawnSync('npm', options, { cwd: directory, stdio: 'inherit', shell: process.platform === 'win32' })
    if (result.error) fail(`npm could not be run (${result.error.message}). Install npm, then try again.`)
    if (result.status !== 0) {
      fail(
        `The packages could not be installed: npm ended with ${result.status ?? result.signal}. The lines above say why; ` +
          'most often the package registry cannot be reached or the disk is full. Run the same command again afterwards.',
      )
    }
    if (installedNode(directory) !== node) {
      fail(
        `Node ${node} was not set up by its package. Probably npm is told not to run install scripts: ` +
          'run `npm config set ignore-scripts false`, delete node_modules and start again.',
      )
    }
    stampInstallation(directory)
  } finally {
    done()
  }
}

if (process.argv[1] && import.meta.url === pathToFileURL(resolve(process.argv[1])).href) {
  install(dirname(dirname(fileURLToPath(import.meta.url))))
}
