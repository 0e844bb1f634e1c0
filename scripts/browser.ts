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

/** What a machine has; null where it cannot be told. */
export interface Equipment {
  readonly browser: boolean
  readonly chineseFont: boolean | null
  /** Root on Debian and its kin, where packages can be installed. */
  readonly installs: boolean
  /** CHROME_PATH is set: whoever says which browser it is wants no other. */
  readonly own: boolean
}

/** Which packages are missing and can be installed. Without the font the pages show boxes, and are measured as boxes. */
export function packagesToInstall({ browser, chineseFont, installs, own }: Equipment): readonly string[] {
  if (!installs) return []
  return [
    ...(browser || own ? [] : ['chromium']),
    ...(chineseFont === false || (chineseFont === null && !browser && !own) ? ['fonts-noto-cjk'] : []),
  ]
}

/** Finds the browser, installing it and the font where that is possible: as root on Debian and its kin. Null where there is none. */
export function findOrInstallBrowser(): string | null {
  const found = findBrowser()
  const chineseFont = hasChineseFont()
  const packages = packagesToInstall({
    browser: found !== null,
    chineseFont,
    installs: process.getuid?.() === 0 && debianHasChromium(),
    own: Boolean(process.env.CHROME_PATH),
  })
  if (packages.length > 0) install(packages)
  else if (found && chineseFont === false) process.stdout.write(`${fontAdvice}\n`)
  return found ?? findBrowser()
}

const fontAdvice =
  'There is no font with Chinese characters: pages are tested and measured with boxes in their place. Install `fonts-noto-cjk`.'

function install(packages: readonly string[]): void {
  process.stdout.write(`Installing ${packages.join(' and ')} for the browser tests.\n`)
  const environment = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  for (const args of [
    ['update', '-q'],
    ['install', '-y', '-q', '--no-install-recommends', ...packages],
  ]) {
    const { status, stdout, stderr } = spawnSync('apt-get', args, { env: environment, encoding: 'utf8' })
    if (status === 0) continue
    process.stderr.write(
      `apt-get ${args.join(' ')} failed:\n${`${stdout}${stderr}`.trim().split('\n').slice(-8).join('\n')}\n`,
    )
    if (packages.includes('fonts-noto-cjk')) process.stderr.write(`${fontAdvice}\n`)
    return
  }
}

/** Asks fontconfig, which every Chromium of a distribution brings; null where there is none to ask. */
function hasChineseFont(): boolean | null {
  const { status, stdout } = spawnSync('fc-list', [':lang=zh', 'family'], { encoding: 'utf8' })
  return status === 0 ? stdout.trim() !== '' : null
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
