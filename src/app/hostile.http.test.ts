// The short form of the fault campaign (bench/faults): requests nobody would send, clients that hold on, files that say they are
// enormous. Nothing of it is an error of ours, nothing of the inside is let out, everybody else is served, and the register holds.
import { expect, test } from 'vitest'
import { verify } from '#kernel/ledger/index.ts'
import { addDraftFile } from '#listen/requests/requests.drafts.api.ts'
import { nightlyCheck } from '#listen/requests/requests.jobs.ts'
import { fileBombs, packedBody } from '#testing/bombs.ts'
import { testDatabase } from '#testing/database.ts'
import { drippingBody, drippingHeaders, idle } from '#testing/dripping.ts'
import { fuzzedRequests } from '#testing/fuzzed.ts'
import { letOut } from '#testing/inside.ts'
import { makeOrganisation } from '#testing/organisation.ts'
import { requestsOf } from '#testing/requests.ts'
import { testServer } from '#testing/server.ts'
import { pageTable } from './refusals.pages.table.ts'
import { table } from './refusals.table.ts'

const server = await testServer(await testDatabase({ keep: true }))
const organisation = await makeOrganisation(server)
const { file, answered } = requestsOf(server, organisation)
const { staff, places, bodies, resident } = organisation
const port = Number(new URL(server.address).port)
const home = () => server.fetch(`/places/${places.community.id}`)

test('whoever sends a byte a second, or nothing, holds up nobody, and is not waited for longer than a minute', async () => {
  const holding = [drippingHeaders(port, 60, 200), drippingBody(port, 60, 200), idle(port, 60)]
  await expect.poll(() => holding.reduce((sum, each) => sum + each.open(), 0)).toBe(180)
  for (let turn = 0; turn < 8; turn += 1) expect((await home()).status).toBe(200)
  expect((await server.fetch('/api/places?q=x')).status).toBe(200)
  const { requestTimeout, headersTimeout, timeout } = server.app.server
  for (const limit of [requestTimeout, headersTimeout, timeout]) {
    expect(limit).toBeGreaterThan(0)
    expect(limit).toBeLessThanOrEqual(60_000)
  }
  for (const each of holding) each.close()
})

test('a packed body is not unpacked', async () => {
  const packed = packedBody()
  for (const encoding of ['gzip', 'deflate', 'br']) {
    const answer = await server.fetch('/api/requests', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', 'Content-Encoding': encoding },
      body: packed,
    })
    expect([400, 413, 415], encoding).toContain(answer.status)
    await answer.text()
  }
})

test('files of some kilobytes that say they are enormous are refused in words, and nothing of them stays', async () => {
  const before = await server.one<number>('select count(*)::integer from file')
  const said: Record<string, number> = {}
  for (const { name, type, bytes } of fileBombs()) {
    const form = new FormData()
    form.append('files', new Blob([bytes as never], { type }), name)
    const answer = await server.fetch(addDraftFile.url.replace(':id', crypto.randomUUID()), {
      method: 'POST',
      headers: { Cookie: staff.secretary.cookie },
      body: form,
    })
    expect(letOut(await answer.text()), name).toBeNull()
    said[name] = answer.status
  }
  // A picture of one point with a remark of thirty megabytes: painted anew without it.
  expect(said).toMatchObject({ 'png-remark.png': 201 })
  delete said['png-remark.png']
  for (const [name, status] of Object.entries(said)) expect([413, 415, 422], name).toContain(status)
  expect(await server.one<number>('select count(*)::integer from file')).toBe(before + 1)
  expect(await server.one<number>('select max(bytes)::integer from file')).toBeLessThan(10_000)
  expect((await home()).status).toBe(200)
})

// The last one: some of the four hundred sign people out and end what they do.
test('four hundred requests nobody would send, over every endpoint and page', async () => {
  const filed = await file()
  await answered(await file({ phone: '13911110077' }))
  const endpoints = [...new Set(table.map(({ endpoint }) => endpoint))]
  const pages = [...new Map(pageTable.map((row) => [row.page, row])).values()]
  const { rows } = await server.superuser.query<{ id: string }>('select id from request')
  const ids = {
    request: rows.map(({ id }) => id),
    place: Object.values(places).map(({ id }) => id),
    body: Object.values(bodies),
    post: Object.values(staff).map(({ post }) => post),
    tenure: Object.values(staff).map(({ tenure }) => tenure),
    category: [organisation.category],
    law: [organisation.law],
  }
  const askers = [null, resident, staff.secretary, staff.dispatcher, staff.manager, staff.supervisor, staff.leader]
  const faults: string[] = []
  const statuses = new Set<number>()
  const requests = fuzzedRequests({ endpoints, pages, ids }, 400, 7)
  const queue = requests.entries()
  const client = async (): Promise<void> => {
    for (const [turn, { of, method, path, headers, body }] of queue) {
      const as = askers[turn % askers.length]
      const ending = new AbortController()
      const answer = await server.fetch(path, {
        method,
        headers: { ...headers, ...(as ? { Cookie: as.cookie } : {}) },
        body,
        signal: AbortSignal.any([ending.signal, AbortSignal.timeout(30_000)]),
      })
      const stream = answer.headers.get('content-type')?.includes('event-stream')
      const text = stream ? '' : await answer.text()
      if (stream) ending.abort()
      statuses.add(answer.status)
      const leak = letOut(text)
      if (answer.status >= 500 || leak)
        faults.push(`${of}: ${method} ${path.slice(0, 200)} ${body?.slice(0, 300)} → ${answer.status} ${leak ?? ''}`)
    }
  }
  await Promise.all(Array.from({ length: 4 }, client))
  expect(faults).toEqual([])
  // Some were whole: else nothing would have been tried.
  for (const status of [200, 400, 404]) expect(statuses).toContain(status)
  expect(requests).toHaveLength(400)
  expect(await nightlyCheck(server.kernel)).toEqual([])
  await server.order()
  const connection = await server.superuser.connect()
  try {
    expect(await verify(connection)).toMatchObject({ ok: true })
  } finally {
    connection.release()
  }
  expect(await server.one('select count(*)::integer from request where id = $1', [filed.id])).toBe(1)
})
