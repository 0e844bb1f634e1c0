// A telephone that had no network sends what it kept: each picture and each request is there once, however often it is sent.
import sharp from 'sharp'
import { describe, expect, test } from 'vitest'
import { newId } from '#kernel/database/identifiers.ts'
import { placeNearGet, placeServedGet } from '#organise/places/places.api.ts'
import { testDatabase } from '#testing/database.ts'
import { makeOrganisation } from '#testing/organisation.ts'
import { testServer } from '#testing/server.ts'
import { listDrafts, saveDraft } from './requests.acts.api.ts'
import { fileRequest } from './requests.desk.api.ts'
import { listDraftFiles } from './requests.drafts.api.ts'

const server = await testServer(await testDatabase({ keep: true }))
const { staff, places } = await makeOrganisation(server)
const as = staff.gridWorker.cookie
const picture = await sharp({ create: { width: 40, height: 30, channels: 3, background: '#2f6b4f' } })
  .jpeg()
  .toBuffer()

async function send(draft: string, key: string, cookie = as) {
  const form = new FormData()
  form.append('file', new Blob([picture as never], { type: 'image/jpeg' }), 'door.jpg')
  const answer = await server.fetch(`/api/requests/drafts/${draft}/files`, {
    method: 'POST',
    body: form,
    headers: { cookie, 'idempotency-key': key, origin: server.address },
  })
  return { status: answer.status, body: (await answer.json()) as { id: string } }
}

describe('pictures taken without network', () => {
  test('the same picture sent again under its key is one; nobody else’s key names it', async () => {
    const draft = newId()
    const key = crypto.randomUUID()
    const first = await send(draft, key)
    expect(first.status).toBe(201)
    expect(await send(draft, key)).toEqual(first)
    expect((await send(draft, crypto.randomUUID())).body.id).not.toBe(first.body.id)
    expect((await send(draft, key, staff.secretary.cookie)).body.id).not.toBe(first.body.id)
    const held = await server.call(listDraftFiles, { as, params: { id: draft } })
    expect(held.body.items).toHaveLength(2)
  })

  test('a request filed twice under one key is one, with its picture, and its draft is gone', async () => {
    const id = newId()
    await server.call(saveDraft, { as, params: { id }, body: { text: '楼道灯', channel: 'visit', anonymous: true } })
    const { body: held } = await send(id, crypto.randomUUID())
    const body = {
      id,
      channel: 'visit' as const,
      text: '楼道灯',
      anonymous: true,
      place: places.grid.id,
      files: [held.id],
    }
    const key = crypto.randomUUID()
    const filed = await server.call(fileRequest, { as, body, key })
    expect(filed.status).toBe(201)
    expect((await server.call(fileRequest, { as, body, key })).body).toEqual(filed.body)
    expect(await server.one('select count(*)::int from file where record = $1', [id])).toBe(1)
    // Nor does one that was saved while it was being sent come after it.
    expect(
      (await server.call(saveDraft, { as, params: { id }, body: { text: '楼道灯', anonymous: true } })).status,
    ).toBe(200)
    expect((await server.call(listDrafts, { as })).body.items.map((one) => one.id)).not.toContain(id)
    // After the server has forgotten the key, the refusal has a name by which the telephone knows that it arrived.
    for (const sender of [as, staff.stranger.cookie, null])
      expect(
        (await server.call(fileRequest, { as: sender, body: { ...body, channel: 'web', files: [] } })).problem,
      ).toMatchObject({ status: 409, type: expect.stringMatching(/request-exists$/) })
  })
})

describe('places on a telephone', () => {
  test('a grid worker is given their grid, a secretary the community and its grids', async () => {
    const served = async (cookie: string) =>
      (await server.call(placeServedGet, { as: cookie })).body.places.map((place) => [place.label, place.own])
    expect(await served(as)).toEqual([[places.grid.name, true]])
    expect(await served(staff.secretary.cookie)).toEqual([
      [places.community.name, true],
      [places.grid.name, false],
    ])
  })

  test('a point is told its community by a POST, and nothing where none is near', async () => {
    await server.superuser.query('update place set longitude = 119.41, latitude = 32.39 where id = $1', [
      places.grid.id,
    ])
    const near = async (latitude: number) =>
      (await server.call(placeNearGet, { as, body: { longitude: 119.411, latitude } })).body.place
    expect(await near(32.391)).toMatchObject({ id: places.community.id, own: false })
    expect(await near(33.4)).toBeNull()
  })
})
