// The desk: its files, and what it asks before any room's screens.
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import fastifyStatic from '@fastify/static'
import type { FastifyInstance } from 'fastify'
import { signedIn } from '#kernel/access/index.ts'
import { register } from '#kernel/http/index.ts'
import { Refusal } from '#kernel/http/refusal.ts'
import type { Kernel } from '#kernel/kernel.ts'
import { countQueues } from '#listen/requests/index.ts'
import { nameAtWork } from '#organise/people/index.ts'
import { type PlaceRow, placesByPaths, shortName } from '#organise/places/index.ts'
import { me } from './desk.api.ts'

const built = join(import.meta.dirname, '..', '..', 'dist', 'desk')

const shortAt = (place: PlaceRow | undefined, english: boolean) =>
  place ? (english && place.name_en) || shortName(place.name, place.kind) : ''

export async function deskRoutes(app: FastifyInstance, kernel: Kernel): Promise<void> {
  // Looked for when asked for: the desk may be built anew beneath a running server. Names with a digest never change what they hold.
  await app.register(fastifyStatic, {
    root: join(built, 'assets'),
    prefix: '/desk/assets/',
    index: false,
    suppressWarning: true,
    maxAge: '365d',
    immutable: true,
  })
  app.get('/desk/shell-worker.js', { schema: { hide: true } }, async (_request, reply) => {
    const file = join(built, 'shell-worker.js')
    if (!existsSync(file)) throw new Refusal(404, 'not-found', 'http.not-found')
    return reply
      .type('text/javascript; charset=utf-8')
      .header('Cache-Control', 'no-cache')
      .send(await readFile(file))
  })
  const shell = async () => {
    const file = join(built, 'index.html')
    if (!existsSync(file)) throw new Refusal(503, 'desk-not-built', 'app.desk-not-built')
    return readFile(file, 'utf8')
  }
  // The desk's own addresses are the browser's; whichever is asked for gets the shell.
  app.get('/desk', { schema: { hide: true }, config: { page: true } }, async (_request, reply) =>
    reply.redirect('/desk/', 302),
  )
  app.get('/desk/*', { schema: { hide: true }, config: { page: true } }, async (request, reply) => {
    // A file that is not there is not an address of the desk.
    if (/\.\w{2,5}(\?|$)/.test(request.url)) throw new Refusal(404, 'not-found', 'http.not-found')
    return reply
      .type('text/html; charset=utf-8')
      .header('Cache-Control', 'no-cache')
      .send(await shell())
  })
  register(app, kernel, me, {
    limit: 'read',
    handler: async (act, { request, reply }) => {
      const person = signedIn(act)
      for (const cookie of await kernel.sessions.renewal(request.headers, act.actor.expires))
        reply.header('Set-Cookie', cookie)
      const places = await placesByPaths(
        act.sql,
        act.actor.tenures.map((tenure) => tenure.path),
      )
      const english = act.language === 'en'
      const posts = act.actor.tenures.map((tenure) => ({
        tenure: tenure.tenure,
        post: tenure.post,
        name: (english && tenure.title_en) || tenure.title,
        body: tenure.body,
        bodyName: (english && tenure.body_name_en) || tenure.body_name,
        placeName: shortAt(places.get(tenure.path), english),
        path: tenure.path,
      }))
      return {
        person: { id: person, name: await nameAtWork(act.sql, person) },
        posts,
        duties: Object.keys(act.actor.reach),
        reach: Object.fromEntries(Object.entries(act.actor.reach).map(([duty, paths]) => [duty, [...paths]])),
        queues: await countQueues(act),
        demonstration: kernel.config.demonstration,
      }
    },
  })
}
