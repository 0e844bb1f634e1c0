// Those who hold connections: slowly, silently, or with more than fits.
import { fork } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { connect } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { percentile } from '../figures.ts'
import type { Fault, Stage } from './fault.ts'
import type { Holding, Holds } from './hold.ts'
import { ask, communityCode, filing, isReady, secretaryOf } from './people.ts'
import { drop, freshData, megabytesOf, type Program, port, serve, until } from './site.ts'

/** Holds connections from a process of its own. */
function holding(order: Holding): { now(): Holds; end(): void } {
  const child = fork(fileURLToPath(new URL('./hold.ts', import.meta.url)), {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  })
  let last: Holds = { open: 0, ended: 0, said: [] }
  child.on('message', (said: Holds) => {
    last = said
  })
  child.send(order)
  return { now: () => last, end: () => child.kill('SIGKILL') }
}

/** Reads and tells one after the other for so many seconds. @returns milliseconds of each answer, and what was not answered well */
async function served(program: Program, place: string, seconds: number): Promise<{ times: number[]; wrong: string[] }> {
  const times: number[] = []
  const wrong: string[] = []
  const end = performance.now() + seconds * 1_000
  while (performance.now() < end) {
    for (const asked of [
      () => ask(program.address, `/places/${communityCode}`),
      () => ask(program.address, '/api/requests', { body: filing(place, '路灯不亮') }),
    ]) {
      const began = performance.now()
      const answer = await asked().catch((error: Error) => ({ status: 0, text: error.message }))
      times.push(performance.now() - began)
      if (answer.status !== 200 && answer.status !== 201) wrong.push(`${answer.status} ${answer.text.slice(0, 100)}`)
    }
    await sleep(50)
  }
  return { times, wrong }
}

function holdServed(stage: Stage, { times, wrong }: Awaited<ReturnType<typeof served>>): void {
  stage.hold(
    'others were answered meanwhile',
    wrong.length === 0,
    `${times.length - wrong.length} of ${times.length} ${wrong[0] ?? ''}`,
  )
  stage.hold('p95 of their answers, in ms (the machine may be shared)', true, Math.round(percentile(times, 0.95)))
}

const openFiles = (program: Program) => readdirSync(`/proc/${program.child.pid}/fd`).length

export const slowLoris: Fault = {
  name: 'slow-loris',
  what: '400 connections that send their headers, and 400 that send a body, a byte a second, while others are served',
  async happen(stage) {
    const data = freshData('loris')
    const program = await serve(stage, { data })
    const { place } = await secretaryOf(program.address, data)
    const headers = holding({ port, kind: 'headers', count: 400 })
    const body = holding({ port, kind: 'body', count: 400 })
    await sleep(4_000)
    stage.hold('held at once', headers.now().open + body.now().open === 800, headers.now().open + body.now().open)
    holdServed(stage, await served(program, place, 75))
    // A minute for the whole request, and it is looked for every half minute.
    const all = () => Promise.resolve(headers.now().ended + body.now().ended === 800)
    await until(all, 60, 500)
    stage.hold('the server ended those with headers', headers.now().ended === 400, headers.now().ended)
    stage.hold('the server ended those with a body', body.now().ended === 400, body.now().ended)
    for (const line of [...headers.now().said, ...body.now().said]) stage.saw(`the slow ones: ${line}`)
    headers.end()
    body.end()
    stage.hold('it serves on', await isReady(program.address))
    await program.end()
    drop(data)
  },
}

export const idleConnections: Fault = {
  name: 'idle-connections',
  what: '10,000 connections on which nothing is said, while others are served',
  async happen(stage) {
    const data = freshData('idle')
    const program = await serve(stage, { data })
    const { place } = await secretaryOf(program.address, data)
    const before = megabytesOf(program.child.pid)
    const idle = holding({ port, kind: 'idle', count: 10_000 })
    for (let waited = 0; waited < 240 && idle.now().open < 10_000; waited += 1) await sleep(250)
    const { open } = idle.now()
    if (open < 10_000) stage.limited(`${open} connections could be opened (limit of open files)`)
    stage.hold('open at once', open > 1_000, open)
    stage.hold('files open in the server', true, openFiles(program))
    stage.hold('memory that they cost, in MB', true, Math.round(megabytesOf(program.child.pid) - before))
    holdServed(stage, await served(program, place, 20))
    idle.end()
    await until(() => Promise.resolve(openFiles(program) < 500), 60, 500)
    stage.hold('files open in the server afterwards', openFiles(program) < 500, openFiles(program))
    stage.hold('it serves on', await isReady(program.address))
    await program.end()
    drop(data)
  },
}

/** Sends so many bytes of a body, as fast as they are taken. @returns the first line of the answer and what was sent before it came */
function flood(path: string, headers: string, bytes: number): Promise<{ line: string; sent: number }> {
  return new Promise((resolve) => {
    let sent = 0
    let line = 'no answer'
    const part = Buffer.alloc(256 * 1_024, 'a')
    const socket = connect({ host: '127.0.0.1', port })
    const more = (): void => {
      while (sent < bytes && !socket.destroyed) {
        sent += part.length
        if (!socket.write(part)) {
          socket.once('drain', more)
          return
        }
      }
    }
    socket.once('connect', () => {
      socket.write(`POST ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\n${headers}\r\n\r\n`)
      more()
    })
    socket.on('data', (chunk) => {
      if (line === 'no answer') line = chunk.toString('latin1').split('\r\n')[0] ?? ''
    })
    socket.on('error', () => undefined)
    socket.setTimeout(60_000, () => socket.destroy())
    socket.once('close', () => resolve({ line, sent }))
    socket.once('end', () => socket.end())
  })
}

const gigabyte = 2 ** 30

export const largeBody: Fault = {
  name: 'large-body',
  what: 'bodies of 1 GB: announced, in pieces without a length, as a form, as a picture',
  async happen(stage) {
    const data = freshData('large')
    const program = await serve(stage, { data })
    const { cookie, place } = await secretaryOf(program.address, data)
    const before = megabytesOf(program.child.pid)
    const serving = served(program, place, 12)
    const boundary = 'x'
    const file = `--${boundary}\r\nContent-Disposition: form-data; name="files"; filename="a.png"\r\nContent-Type: image/png\r\n\r\n`
    const ways: [string, string, string][] = [
      ['JSON with its length', '/api/requests', `Content-Type: application/json\r\nContent-Length: ${gigabyte}`],
      ['JSON in pieces', '/api/requests', `Content-Type: application/json\r\nTransfer-Encoding: chunked`],
      ['a form', '/tell', `Content-Type: application/x-www-form-urlencoded\r\nContent-Length: ${gigabyte}`],
      [
        'a picture',
        `/api/requests/drafts/${crypto.randomUUID()}/files`,
        `Cookie: ${cookie}\r\nContent-Type: multipart/form-data; boundary=${boundary}\r\nContent-Length: ${gigabyte}\r\n\r\n${file}`.replace(
          /\r\n$/,
          '',
        ),
      ],
    ]
    for (const [name, path, headers] of ways) {
      // Pieces need their sizes: one large one is announced and then sent.
      const chunked = headers.includes('chunked') ? `${headers}\r\n\r\n${gigabyte.toString(16)}` : headers
      const { line, sent } = await flood(path, chunked, gigabyte)
      stage.hold(
        `${name}: refused before it was all sent`,
        sent < gigabyte || / 4\d\d /.test(line),
        `${line} after ${Math.round(sent / 2 ** 20)} MB`,
      )
      stage.saw(`${name}: ${line}`)
    }
    holdServed(stage, await serving)
    const grown = megabytesOf(program.child.pid) - before
    stage.hold('memory that it cost, in MB', grown < 300, Math.round(grown))
    stage.hold('it serves on', await isReady(program.address))
    await program.end()
    drop(data)
  },
}
