// Keys of other software over the wire.
import { describe, expect, test } from 'vitest'
import { systemClock } from '#kernel/clock/index.ts'
import { revokeKey } from '#kernel/keys/index.ts'
import { placeByCode } from '#organise/places/index.ts'
import { testDatabase } from '#testing/database.ts'
import { makeOrganisation } from '#testing/organisation.ts'
import { testServer } from '#testing/server.ts'
import { form, open311Of, png, told } from './open311.harness.ts'

const server = await testServer(await testDatabase({ keep: true }))
const organisation = await makeOrganisation(server)
const { places } = organisation
const { make, json, post } = open311Of(server, organisation)

describe('keys', () => {
  test('that ended, were revoked, are for other things or another place say so', async () => {
    const sentence = async (api_key: string) => {
      const { status, text } = await post('requests.json', { api_key, ...form })
      return [status, (JSON.parse(text) as { description: string }[])[0]?.description]
    }
    expect(await sentence((await make({ expiresAt: new Date(server.clock.now().getTime() - 1_000) })).key)).toEqual([
      403,
      expect.stringContaining('expired'),
    ])
    expect(await sentence((await make({ place: await placeByCode(server.database.owner.sql, '321002') })).key)).toEqual(
      [400, expect.stringContaining('does not lie within')],
    )
    const ended = await make()
    await revokeKey(server.database.owner, systemClock.now(), ended.id)
    expect(await sentence(ended.key)).toEqual([403, expect.stringContaining('revoked')])
    expect((await json('requests.json', { api_key: ended.key })).status).toBe(403)
    const few = await make({ perMinute: 1 })
    await sentence(few.key)
    expect(await sentence(few.key)).toEqual([429, expect.stringContaining('1 times a minute')])
  })

  test('that are revoked while a picture is on its way open nothing, and nothing stays of it', async () => {
    const made = await make()
    const before = await server.one('select count(*)::int from request')
    const boundary = 'example'
    const field = (name: string, value: string) =>
      `--${boundary}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`
    let goOn = (): void => undefined
    const revoked = new Promise<void>((resolve) => {
      goOn = resolve
    })
    async function* body() {
      yield Buffer.from(
        Object.entries(form)
          .map(([name, value]) => field(name, value))
          .join(''),
      )
      yield Buffer.from(
        `--${boundary}\r\nContent-Disposition: form-data; name="photo"; filename="p.png"\r\nContent-Type: image/png\r\n\r\n`,
      )
      yield png.subarray(0, 20)
      await revoked
      yield png.subarray(20)
      yield Buffer.from(`\r\n--${boundary}--\r\n`)
    }
    const answering = server.fetch(`/open311/v2/requests.json?api_key=${made.key}`, {
      method: 'POST',
      headers: { 'Content-Type': `multipart/form-data; boundary=${boundary}`, 'Accept-Language': 'en' },
      body: body() as never,
      duplex: 'half',
    } as RequestInit)
    await revokeKey(server.database.owner, systemClock.now(), made.id)
    goOn()
    const answer = await answering
    expect([answer.status, await answer.json()]).toEqual([
      403,
      [{ code: 403, description: expect.stringContaining('revoked') }],
    ])
    expect(await server.one('select count(*)::int from request')).toBe(before)
    expect(await server.one('select count(*)::int from file')).toBe(0)
  })

  test('are counted, and stand nowhere but as their digest', async () => {
    const made = await make()
    await post('requests.json', { api_key: made.key, ...form, lat: 'x', long: '1' })
    await json('requests.json', { api_key: made.key })
    // The count holds up no answer: it may come after it.
    const counted = async () =>
      (
        await server.superuser.query('select what, status, times from api_key_use where key = $1 order by what', [
          made.id,
        ])
      ).rows
    await expect.poll(counted).toEqual([
      { what: 'GET /open311/v2/requests.json', status: 200, times: 1 },
      { what: 'POST /open311/v2/requests.json', status: 400, times: 1 },
    ])
    const { rows: tables } = await server.superuser.query<{ name: string }>(
      "select format('%I.%I', table_schema, table_name) as name from information_schema.tables where table_type = 'BASE TABLE' and table_schema in ('public', 'ledger', 'access')",
    )
    for (const { name } of tables) {
      const found = await server.superuser.query(`select from ${name} t where t::text like '%' || $1 || '%' limit 1`, [
        made.key.slice(6),
      ])
      expect(found.rowCount, name).toBe(0)
    }
  })

  test('bound to a place file there without saying so', async () => {
    const bound = await make({ place: await placeByCode(server.database.owner.sql, '321003001002') })
    const { status, text } = await post('requests.json', {
      api_key: bound.key,
      service_code: 'light.street',
      description: told,
      address_string: '兰苑东门',
    })
    expect(status, text).toBe(200)
    const number = (JSON.parse(text) as { service_request_id: string }[])[0]?.service_request_id
    expect(
      await server.one('select p.code from request r join place p on p.id = r.place where r.number = $1', [number]),
    ).toBe('321003001002')
    expect(places.besideCommunity.path).toBe('32/10/03/001/002/')
  })
})
