// Small files that say they are enormous, wherever a file is taken.
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileBombs, packedBody, workbookBombs } from '#testing/bombs.ts'
import { letOut } from '#testing/inside.ts'
import { root } from '../context.ts'
import type { Fault } from './fault.ts'
import { isReady, signIn } from './people.ts'
import { command, countOf, drop, freshData, megabytesOf, serve } from './site.ts'

export const bombs: Fault = {
  name: 'bombs',
  what: 'packed bodies, pictures, videos and workbooks of some kilobytes that declare or unpack to gigabytes',
  async happen(stage) {
    const data = freshData('bombs')
    const program = await serve(stage, { data })
    const cookie = await signIn(program.address, data, 'community_secretary')
    const before = megabytesOf(program.child.pid)
    const kept = () => countOf(data, 'file')
    const files = await kept()
    const answers: string[] = []
    let longest = 0
    let bad = 0
    let taken = 0
    const send = async (
      name: string,
      path: string,
      headers: Record<string, string>,
      body: FormData | Buffer<ArrayBuffer>,
    ): Promise<void> => {
      const began = performance.now()
      const answer = await fetch(`${program.address}${path}`, {
        method: 'POST',
        redirect: 'manual',
        headers: { 'Accept-Language': 'en', Cookie: cookie, ...headers },
        body,
        signal: AbortSignal.timeout(60_000),
      }).catch((error: Error) => error)
      longest = Math.max(longest, performance.now() - began)
      if (answer instanceof Error) {
        // Refused in the middle of what was sent: the line is closed.
        answers.push(`${name}: closed`)
        return
      }
      const text = await answer.text()
      // A picture of one point with a remark of thirty megabytes is taken, painted anew and kept without the remark.
      if (answer.status === 201 && name === 'png-remark.png') taken += 1
      else if (answer.status < 400 || answer.status >= 500 || letOut(text)) bad += 1
      answers.push(`${name}: ${answer.status}`)
      stage.saw(
        `${name}: ${answer.status} ${(JSON.parse(/^\s*\{/.test(text) ? text : '{}') as { detail?: string }).detail ?? ''}`,
      )
    }
    for (const encoding of ['gzip', 'deflate', 'br'])
      await send(
        `packed JSON (${encoding})`,
        '/api/requests',
        { 'Content-Type': 'application/json', 'Content-Encoding': encoding },
        packedBody(),
      )
    for (const bomb of fileBombs()) {
      const form = new FormData()
      form.append('files', new Blob([bomb.bytes as never], { type: bomb.type }), bomb.name)
      await send(bomb.name, `/api/requests/drafts/${crypto.randomUUID()}/files`, {}, form)
    }
    stage.hold('each refused with 4xx, and nothing of the inside let out', bad === 0, answers.join(', '))
    stage.hold('the longest answer, in ms', longest < 30_000, Math.round(longest))
    stage.hold(
      'files kept (a picture of one point, without its remark of 30 MB)',
      (await kept()) === files + taken,
      (await kept()) - files,
    )
    stage.hold(
      'memory that they cost, in MB',
      megabytesOf(program.child.pid) - before < 400,
      Math.round(megabytesOf(program.child.pid) - before),
    )
    stage.hold('it serves on', await isReady(program.address))

    const directory = join(root, 'workbooks')
    mkdirSync(directory, { recursive: true })
    for (const bomb of workbookBombs()) {
      const file = join(directory, bomb.name)
      writeFileSync(file, bomb.bytes)
      const { code, told } = await command(['import', 'messages', file, '--data', data, '--place', '321003001003'])
      stage.hold(`${bomb.name}, imported: exit code`, code === 1 || code === 2, String(code))
      stage.saw(`${bomb.name}: ${told.trim().split('\n').at(-1) ?? ''}`)
    }
    drop(directory)
    await program.end()
    drop(data)
  },
}
