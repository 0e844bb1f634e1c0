import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { chromium } from 'playwright-core'

/** Programs that are Chromium or do as it does, where systems put them. */
const places = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
  '/opt/google/chrome/chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
]

/** The browser that tests use: CHROME_PATH, an installed Chromium or Chrome, or Playwright's own; null where there is none. */
export function findBrowser(): string | null {
  const own = process.env.CHROME_PATH
  if (own) return existsSync(own) ? own : null
  return [...places, chromium.executablePath()].find((path) => path !== '' && existsSync(path)) ?? null
}

/** What to do where there is no browser. */
export const browserAdvice =
  'The browser tests need Chromium or Chrome, and a font with Chinese characters. Install the packages `chromium` and ' +
  '`fonts-noto-cjk` (as root on Debian this is done by itself), or run `npx playwright-core install chromium`, or set ' +
  'CHROME_PATH to the browser.'

/** Finds the browser, installing it where that is possible: as root on Debian and its kin. Returns null where it is not. */
export function findOrInstallBrowser(): string | null {
  const found = findBrowser()
  if (found || process.env.CHROME_PATH || process.getuid?.() !== 0 || !debianHasChromium()) return found
  process.stdout.write('Installing the packages chromium and fonts-noto-cjk for the browser tests.\n')
  const environment = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  for (const args of [
    ['update', '-q'],
    ['install', '-y', '-q', '--no-install-recommends', 'chromium', 'fonts-noto-cjk'],
  ]) {
    const { status, stdout, stderr } = spawnSync('apt-get', args, { env: environment, encoding: 'utf8' })
    if (status !== 0) {
      process.stderr.write(
        `apt-get ${args.join(' ')} failed:\n${`${stdout}${stderr}`.trim().split('\n').slice(-8).join('\n')}\n`,
      )
      return null
    }
  }
  return findBrowser()
}

/** Ubuntu's package of this name only points to another kind of package, which does not run in a container. */
function debianHasChromium(): boolean {
  try {
    execFileSync('apt-get', ['--version'], { stdio: 'ignore' })
    return /^ID=["']?debian/m.test(readFileSync('/etc/os-release', 'utf8'))
  } catch {
    return false
  }
}
