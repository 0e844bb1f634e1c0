// Feeds of what rooms tell everybody, of the whole installation or a place and below, as Atom and JSON; readers ask again often, and mostly in vain.
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { type FeedAsked, type FeedEntry, type OpenFeed, openFeeds } from '#kernel/feeds/index.ts'
import { Refusal, readAct, sendUnlessKnown, takeLimit } from '#kernel/http/index.ts'
import { isId } from '#kernel/http/shapes.api.ts'
import type { Kernel } from '#kernel/kernel.ts'
import { t } from '#kernel/words/index.ts'
import { type PlaceShown, placeOfPage } from '#organise/places/index.ts'
import { type Feed, writeAtom, writeJsonFeed } from './feeds.writing.ts'

/** What a reader shows at once, and more than a place releases between two looks. */
const mostEntries = 50

const dresses = {
  atom: { type: 'application/atom+xml', write: writeAtom },
  json: { type: 'application/feed+json', write: writeJsonFeed },
} as const
type Dress = keyof typeof dresses

export function feedsRoutes(app: FastifyInstance, kernel: Kernel): void {
  for (const open of openFeeds())
    for (const dress of Object.keys(dresses) as Dress[])
      for (const url of [`/${open.name}.${dress}`, `/places/:place/${open.name}.${dress}`])
        app.get(url, { config: { page: true, limit: 'search' }, schema: { hide: true } as object }, (request, reply) =>
          answer(kernel, request, reply, open, dress),
        )
}

async function answer(kernel: Kernel, request: FastifyRequest, reply: FastifyReply, open: OpenFeed, dress: Dress) {
  await takeLimit(kernel, request, 'search')
  const { category } = request.query as { category?: unknown }
  if (category !== undefined && !isId(category)) throw new Refusal(404, 'not-found', 'feeds.no-feed')
  const feed = await readAct(kernel, request, async (act) => {
    const key = (request.params as { place?: string }).place
    const place = key === undefined ? null : await placeOfPage(act, key)
    const address = kernel.config.publicUrl
    const asked = { path: place?.path ?? '', category: category ?? null, limit: mostEntries, address }
    return feedOf(open.name, act.language, place, asked, await open.read(act, asked))
  })
  const { type, write } = dresses[dress]
  reply
    .header('Access-Control-Allow-Origin', '*')
    // Asked for anew each time, and answered with 304 mostly: what is withdrawn is gone at once, also where others keep answers.
    .header('Cache-Control', 'public, no-cache')
    .header('Vary', 'Accept-Language, Cookie')
    .header('Content-Language', feed.language)
    .type(`${type}; charset=utf-8`)
  return sendUnlessKnown(request, reply, write(feed))
}

function feedOf(
  name: string,
  language: 'zh-CN' | 'en',
  place: PlaceShown | null,
  { address, category }: FeedAsked,
  entries: readonly FeedEntry[],
): Feed {
  const say = t(language)
  const { hostname } = new URL(address)
  const at = `${address}${place?.href ?? ''}/${name}`
  const narrowed = category ? `category=${category}` : ''
  const self = (dress: Dress) => `${at}.${dress}?${[narrowed, `lang=${language}`].filter(Boolean).join('&')}`
  const kind = (category && entries.find(({ categories }) => categories.length > 0)?.categories[0]) || null
  const title = place ? say(`feeds.${name}-at`, { place: place.full }) : say(`feeds.${name}`)
  return {
    id: `tag:${hostname},2026:${name}:${place?.id ?? 'all'}:${category ?? 'all'}:${language}`,
    title: kind ? `${title} · ${kind}` : title,
    description: say(`feeds.${name}-about`),
    author: say('feeds.author'),
    language,
    page: narrowed ? `${at}?${narrowed}` : at,
    self: { atom: self('atom'), json: self('json') },
    entries,
  }
}
