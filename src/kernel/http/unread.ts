// What comes in and is no HTTP: answered in words, and where only the address was typed as it is spoken, led to the right one.
import type { Socket } from 'node:net'
import { textOf } from '#kernel/decoding/index.ts'

interface Unread extends Error {
  readonly code?: string
  /** The bytes that could not be read, from the start of the request or of what came last: a buffer, whatever its type says. */
  readonly rawPacket?: unknown
}

const longestAddress = 4_000

/**
 * The address that was meant by one with Chinese in it, which browsers escape and chat programs or scanners may not: each byte
 * above ASCII escaped, from UTF-8 or, where it is none, from GB 18030. Null where the packet is no such request.
 */
export function meantAddress(packet: Buffer): string | null {
  const line = packet.subarray(0, longestAddress).toString('latin1')
  const [, address] = /^(?:GET|HEAD) (\/[^ \r\n]*) HTTP\/1\.[01]\r?\n/.exec(line) ?? []
  // Two slashes would name another host.
  if (!address || address.startsWith('//') || address.startsWith('/\\')) return null
  // biome-ignore lint/suspicious/noControlCharactersInRegex: only what is above ASCII is to be escaped
  if (!/[^\x00-\x7f]/.test(address) || /[\x00-\x20"<>\\^`{|}\x7f]/.test(address)) return null
  const bytes = Buffer.from(address, 'latin1')
  return textOf(bytes).replace(/[^!-~]+/gu, (part) => encodeURIComponent(part.toWellFormed()))
}

const statuses: Readonly<Record<string, string>> = {
  ERR_HTTP_REQUEST_TIMEOUT: '408 Request Timeout',
  HPE_HEADER_OVERFLOW: '431 Request Header Fields Too Large',
}

/** Answers on the bare socket: no request was made of the bytes, so that no language or cookie of the reader is known. */
export function answerUnread(error: Unread, socket: Socket): void {
  if (error.code === 'ECONNRESET' || socket.destroyed || !socket.writable) {
    socket.destroy()
    return
  }
  const address = Buffer.isBuffer(error.rawPacket) ? meantAddress(error.rawPacket) : null
  const said =
    '<!doctype html><html lang="zh-CN"><meta charset="utf-8"><title>邻里 Linli</title><p>这个地址没有看懂，请回到<a href="/">首页</a>再找。</p><p lang="en">This address could not be read. Please start from the <a href="/">first page</a>.</p></html>'
  const head = address
    ? `HTTP/1.1 308 Permanent Redirect\r\nLocation: ${address}`
    : `HTTP/1.1 ${statuses[error.code ?? ''] ?? '400 Bad Request'}`
  socket.end(
    `${head}\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: ${Buffer.byteLength(said)}\r\nContent-Security-Policy: default-src 'none'\r\nX-Content-Type-Options: nosniff\r\nCache-Control: no-store\r\nConnection: close\r\n\r\n${said}`,
  )
}
