// The page for programmers is true: its commands, sent as they stand there, do what it says.
import sharp from 'sharp'
import { expect, test } from 'vitest'
import { createClient } from '#kernel/client/index.ts'
import { systemClock } from '#kernel/clock/index.ts'
import { createKey } from '#kernel/keys/index.ts'
import { placeSearch } from '#organise/places/places.api.ts'
import { testDatabase } from '#testing/database.ts'
import { makeOrganisation } from '#testing/organisation.ts'
import { testServer } from '#testing/server.ts'

const server = await testServer(await testDatabase({ keep: true }))
await makeOrganisation(server)

const picture = await sharp({ create: { width: 60, height: 40, channels: 3, background: '#2f7d5b' } })
  .jpeg()
  .toBuffer()

/** The commands of the page, with their quotation marks. */
async function commandsOf(language: string): Promise<string[]> {
  const page = await (await server.fetch('/programmers', { headers: { 'Accept-Language': language } })).text()
  return [...page.matchAll(/<pre class="asit"><code>([^<]*)<\/code><\/pre>/g)].map(([, text = '']) =>
    text.replaceAll('&quot;', '"').replaceAll('&#39;', "'").replaceAll('&amp;', '&'),
  )
}

/** What curl would send for it: an address, and the fields of a form. */
async function sent(command: string): Promise<Response> {
  const words = [...command.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, bare]) => quoted ?? bare ?? '')
  const fields = words.flatMap((word, at) => (words[at - 1] === '-F' ? [word] : []))
  const address = words.find((word) => word.startsWith('http')) ?? ''
  expect(address.startsWith(`${server.kernel.config.publicUrl}/`)).toBe(true)
  if (fields.length === 0) return server.fetch(address.slice(server.kernel.config.publicUrl.length))
  const body = new FormData()
  for (const field of fields) {
    const [name, value] = [field.slice(0, field.indexOf('=')), field.slice(field.indexOf('=') + 1)]
    if (value.startsWith('@')) body.append(name, new Blob([picture], { type: 'image/jpeg' }), value.slice(1))
    else body.append(name, value)
  }
  return server.fetch(address.slice(server.kernel.config.publicUrl.length), { method: 'POST', body })
}

/** What the lines of a program find, run as they stand but for where the server of this test listens. */
async function typed(program: string): Promise<unknown> {
  const imported = [...program.matchAll(/^import \{ (\w+) \} from '([^']+)'$/gm)].map(([, name = '', from = '']) => ({
    name,
    from,
  }))
  expect(imported.map(({ from }) => from)).toEqual(['#kernel/client/index.ts', '#organise/places/places.api.ts'])
  const here: typeof createClient = (options) => {
    expect(options.base).toBe(server.kernel.config.publicUrl)
    return createClient({ ...options, fetch: (url, init) => server.fetch(`${url}`.slice(options.base.length), init) })
  }
  const body = program.slice(program.indexOf('const client'))
  const run = new Function('createClient', 'placeSearch', `return (async () => { ${body}\nreturn found })()`)
  return run(here, placeSearch) as Promise<unknown>
}

test.each(['zh-CN', 'en'])('%s: the commands do what the page says', async (language) => {
  const [read = '', make = '', trial = '', photo = '', follow = '', steps = '', add = '', tell = '', client = ''] =
    await commandsOf(language)
  const services = (await (await sent(read)).json()) as { service_code: string }[]
  expect(services.map(({ service_code }) => service_code)).toContain('GENERAL')

  // The command that makes a key is tried with the others of the command line; its scope is the one that filing needs.
  const scope = /--scope (\S+)/.exec(make)?.[1] ?? ''
  const { key } = await createKey(server.database.owner, systemClock.now(), {
    name: 'my app',
    scopes: [scope],
    place: null,
    perMinute: 60,
    expiresAt: null,
  })
  const keyed = (command: string) => command.replace('linli_…', key)
  expect((await sent(trial)).status).toBe(403)
  const before = await server.one<number>('select count(*)::integer from request')
  const tried = await sent(trial.replace('linli_…', key))
  expect(tried.status).toBe(200)
  expect(await tried.json()).toMatchObject([{ service_request_id: expect.any(String) }])
  expect(await server.one<number>('select count(*)::integer from request')).toBe(before)
  const real = await sent(trial.replace('linli_…', key).replace('test/', ''))
  expect(real.status).toBe(200)
  expect(await server.one<number>('select count(*)::integer from request')).toBe(before + 1)

  const [filed] = (await (await sent(keyed(photo))).json()) as { service_request_id: string }[]
  const number = filed?.service_request_id ?? ''
  expect(
    await server.one('select count(*)::int from file where record = (select id from request where number = $1)', [
      number,
    ]),
  ).toBe(1)
  const numbered = (command: string) => keyed(command).replace('1000014', number)
  expect(await (await sent(numbered(follow))).json()).toMatchObject([
    { service_request_id: number, status: 'open', extended_attributes: { status: 'open' } },
  ])
  expect(await (await sent(numbered(add))).json()).toMatchObject([{ update_id: expect.any(String) }])
  expect(await (await sent(numbered(steps))).json()).toEqual([])
  expect(/--kind (\S+)/.exec(tell)?.[1]?.split(',')).toEqual(expect.arrayContaining(['request.released']))
  expect(await typed(client)).toMatchObject({ places: [{ code: expect.any(String) }] })
})

test('whoever needs a key is told whom to ask', async () => {
  expect(await (await server.fetch('/programmers')).text()).toContain(`（${server.kernel.config.contact}）`)
})

test('every address that the page names is there', async () => {
  const page = await (await server.fetch('/programmers')).text()
  const main = page.slice(page.indexOf('<main'), page.indexOf('</main>'))
  const addresses = [...main.matchAll(/<a href="([^"]+)"/g)].map(([, href = '']) => href)
  expect(addresses.length).toBeGreaterThanOrEqual(6)
  for (const address of addresses) expect((await server.fetch(address)).status, address).toBe(200)
})
