import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

const web = join(import.meta.dirname, '..', 'web')
const kinds = { css: 'text/css; charset=utf-8', js: 'text/javascript; charset=utf-8' } as const
const own = ['public.css', 'public.js', 'proof.js', 'passkeys.js', 'push.js', 'push-worker.js'] as const

/** The few parts of ALTCHA's solver that run in a browser, served as they are from the package. */
const solver = ['pow.js', 'helpers.js', 'types.js', 'algorithms/web/sha.js', 'algorithms/web/pbkdf2.js'] as const

export interface Asset {
  /** Path under which it is asked for, without the version. */
  path: string
  type: string
  body: Buffer
  /** First 10 hexadecimal digits of its SHA-256: part of the address, so that it may be kept for ever. */
  version: string
}

function asset(path: string, file: string): Asset {
  const body = readFileSync(file)
  return {
    path,
    type: path.endsWith('.css') ? kinds.css : kinds.js,
    body,
    version: createHash('sha256').update(body).digest('hex').slice(0, 10),
  }
}

/** Everything the public pages may load, read once at start. */
export function publicAssets(): Asset[] {
  // Only the package's door is exported by name; `require` finds its CommonJS twin, and the browser's parts stand beside it.
  const inner = join(dirname(createRequire(import.meta.url).resolve('altcha-lib')), '..', '..', 'esm', 'v2')
  return [
    ...own.map((name) => asset(`/web/${name}`, join(web, name))),
    ...solver.map((name) => asset(`/web/altcha/${name}`, join(inner, name))),
  ]
}

const versions = new Map<string, string>()

/** Address of one of our own public files, with its version. */
export function assetUrl(name: (typeof own)[number]): string {
  let version = versions.get(name)
  if (!version) {
    version = asset(`/web/${name}`, join(web, name)).version
    versions.set(name, version)
  }
  return `/web/${name}?v=${version}`
}
