// Requests driven over HTTP by tests: each step says who does what, the version seen last goes with it.
import type { Static } from 'typebox'
import { expect } from 'vitest'
import { enter } from '#kernel/access/index.ts'
import type { ActBody, AskedAct, FileBody, Filed } from '#listen/requests/requests.acts.api.ts'
import {
  type DeskAct,
  deskActs,
  fileRequest,
  type RequestView,
  readRequest,
} from '#listen/requests/requests.desk.api.ts'
import type { Member, Organisation } from './organisation.ts'
import type { Called, TestServer } from './server.ts'

export type FiledRequest = Static<typeof Filed> & { readonly link: string }

/** What tests do with requests on one server. */
export function requestsOf(server: TestServer, organisation: Organisation) {
  const words = { channel: 'web', text: '楼下路灯不亮，晚上走路看不清。', anonymous: false } as const

  async function file(body: Partial<FileBody> = {}, as: Member | null = null): Promise<FiledRequest> {
    const filed = await server.call(fileRequest, {
      as: as?.cookie ?? null,
      body: { ...words, place: organisation.places.community.id, ...body },
    })
    expect(filed.status, filed.text).toBe(201)
    return filed.body as FiledRequest
  }

  const version = (id: string) => server.one<number>('select version from request where id = $1', [id])

  /** Does an act at the desk, with the version that stands unless another is given. */
  async function ask<A extends DeskAct>(
    as: Member | null,
    id: string,
    act: A,
    body?: ActBody<A & AskedAct>,
    seen?: number,
  ): Promise<Called<RequestView>> {
    // No two acts at the same moment: what came last is told by its time.
    server.clock.advance(1_000)
    return server.call(deskActs[act], {
      as: as?.cookie ?? null,
      params: { id },
      body: body ?? {},
      version: seen ?? (await version(id)) ?? 1,
    }) as Promise<Called<RequestView>>
  }

  /** Does an act that must go well. */
  async function does<A extends DeskAct>(as: Member, id: string, act: A, body?: ActBody<A & AskedAct>) {
    const done = await ask(as, id, act, body)
    expect(done.status, `${act}: ${done.text}`).toBeLessThan(300)
    return done.body
  }

  const read = (as: Member | null, id: string) => server.call(readRequest, { as: as?.cookie ?? null, params: { id } })

  /** The row as it is, past every policy. */
  async function row(id: string): Promise<Record<string, unknown>> {
    const { rows } = await server.superuser.query('select * from request where id = $1', [id])
    return rows[0]
  }

  /** The message that was sent last to a number or address, with the last token to judge that was sent there. */
  async function sentTo(to: string): Promise<{ text: string; token: string | null } | null> {
    await server.workJobs()
    const messages = (await server.kernel.outbox.listReadableMessages(200)).filter((each) => each.to.endsWith(to))
    const tokens = messages.flatMap((each) => /\/j\/([\w-]{22})/.exec(each.text)?.[1] ?? [])
    return messages[0] ? { text: messages[0].text, token: tokens[0] ?? null } : null
  }

  /** From filed to answered by the property manager. */
  async function answered(filed: { id: string }, text = '灯泡已换，现在亮了。'): Promise<RequestView> {
    const { secretary, manager } = organisation.staff
    await does(secretary, filed.id, 'accept')
    await does(secretary, filed.id, 'dispatch', { body: organisation.bodies.property })
    await does(manager, filed.id, 'acknowledge')
    return does(manager, filed.id, 'answer', { text })
  }

  /** One transaction of whoever holds a link or a judge token. */
  const holding = <T>(credentials: { link?: string; judge?: string }, work: Parameters<typeof enter<T>>[3]) =>
    enter(server.kernel.database, credentials, { now: server.clock.now(), language: 'zh-CN' }, work)

  return { file, ask, does, read, row, version, sentTo, answered, holding }
}
