// The weight of a public page: what a first visit brings over the wire, the page and everything it asks for at once.
import { note, tell } from './figures.ts'

const browser = {
  'accept-encoding': 'br, gzip',
  'accept-language': 'zh-CN',
  accept: 'text/html,application/xhtml+xml,*/*;q=0.8',
}

async function bytesOf(url: string): Promise<{ status: number; bytes: number; text: string }> {
  const { connect } = await import('node:net')
  const { hostname, port, pathname, search } = new URL(url)
  // On a plain socket: what fetch answers has been unpacked already.
  const raw = await new Promise<Buffer>((resolve, reject) => {
    const socket = connect({ host: hostname, port: Number(port) })
    const chunks: Buffer[] = []
    socket.on('data', (chunk) => chunks.push(chunk))
    socket.on('end', () => resolve(Buffer.concat(chunks)))
    socket.on('error', reject)
    const headers = Object.entries(browser).map(([name, value]) => `${name}: ${value}\r\n`)
    socket.write(
      `GET ${pathname}${search} HTTP/1.1\r\nhost: ${hostname}:${port}\r\nconnection: close\r\n${headers.join('')}\r\n`,
    )
  })
  const text = await fetch(url, { headers: browser, redirect: 'manual' }).then((answer) => answer.text())
  return { status: Number(raw.toString('latin1', 9, 12)), bytes: raw.length, text }
}

/** Follows redirects as a browser does, counting them. */
async function page(address: string, path: string) {
  let bytes = 0
  for (let hops = 0; hops < 5; hops += 1) {
    const answer = await fetch(`${address}${path}`, { headers: browser, redirect: 'manual' })
    const found = await bytesOf(`${address}${path}`)
    bytes += found.bytes
    const onward = answer.headers.get('location')
    if (!onward) return { ...found, bytes }
    path = new URL(onward, address).href.slice(address.length)
  }
  throw new Error(`${path} leads round in circles`)
}

/** @param paths names of pages and where they are */
export async function weighPages(address: string, paths: Readonly<Record<string, string>>): Promise<void> {
  for (const [name, path] of Object.entries(paths)) {
    const found = await page(address, path)
    if (found.status !== 200) {
      note(`the page ${name} answered ${found.status} and was not weighed`)
      continue
    }
    const assets = new Set(
      [
        ...found.text.matchAll(
          /(?:<link[^>]+rel="(?:stylesheet|preload|modulepreload)"[^>]+href|<(?:script|img|source)[^>]+src)="(\/[^"]+)"/g,
        ),
      ].map(([, asset]) => asset as string),
    )
    let bytes = found.bytes
    for (const asset of assets) bytes += (await bytesOf(new URL(asset, address).href)).bytes
    tell(`bytes.${name}`, bytes, 'bytes', { atMost: 50 * 1_024 })
  }
}
