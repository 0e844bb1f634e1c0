// The first page of an installation: find your place. Works by a plain form.
import type { FastifyInstance } from 'fastify'
import { html } from 'hono/html'
import type { Act } from '#kernel/access/index.ts'
import { registerPage, show } from '#kernel/http/index.ts'
import type { Kernel } from '#kernel/kernel.ts'
import { buttons, emptyState, entries, field, type Markup } from '#kernel/pages/index.ts'
import { type Language, t } from '#kernel/words/index.ts'
import { type PlaceShown, placeShown } from '#listen/requests/pages/index.ts'
import { servedPlaces } from '#organise/bodies/index.ts'
import { ancestorPaths, parentPath, placesByPaths, searchPlaces } from '#organise/places/index.ts'

/** More communities than anybody reads through: then the subdistricts alone are listed, and their pages lead further down. */
const mostListed = 300
const mostGroups = 120

interface Group {
  readonly place: PlaceShown
  readonly inside: PlaceShown[]
}

/** Places in which somebody serves, each subdistrict or town with its communities: where an installation is at home. */
async function servedGroups(act: Act): Promise<Group[]> {
  const rows = await servedPlaces(act.sql, ['subdistrict', 'community'], mostListed + 1)
  const communities = rows.length > mostListed ? [] : rows.filter((row) => row.kind === 'community')
  const above =
    rows.length > mostListed
      ? (await servedPlaces(act.sql, ['subdistrict'], mostGroups)).map((row) => row.path)
      : rows.map((row) => (row.kind === 'community' ? parentPath(row.path) : row.path) ?? row.path)
  const heads = [...new Set(above)].slice(0, mostGroups)
  const known = await placesByPaths(
    act.sql,
    [...heads, ...communities.map((row) => row.path)].flatMap((path) => ancestorPaths(path)),
  )
  const shown = (path: string) =>
    placeShown(
      ancestorPaths(path).flatMap((each) => known.get(each) ?? []),
      act.language,
    )
  return heads.map((head) => ({
    place: shown(head),
    inside: communities.filter((row) => parentPath(row.path) === head).map((row) => shown(row.path)),
  }))
}

/** One fold for each subdistrict; a single one stands open. */
function servedShown(language: Language, groups: readonly Group[]): Markup {
  const say = t(language)
  return html`<h2>${say('home.here')}</h2>${groups.map(({ place, inside }) =>
    inside.length === 0
      ? html`<p class="fold"><a href="${place.href}">${place.name}</a><small>${place.above}</small></p>`
      : html`<details class="fold"${groups.length === 1 ? html` open` : ''}><summary>${place.name}<small>${place.above} · ${say(
          'home.inside',
          { count: inside.length },
        )}</small></summary><ul class="places"><li><a href="${place.href}">${say('home.itself', { name: place.name })}</a></li>${inside.map(
          (each) => html`<li><a href="${each.href}">${each.name}</a></li>`,
        )}</ul></details>`,
  )}`
}

export function startPage(app: FastifyInstance, kernel: Kernel): void {
  registerPage(app, kernel, {
    method: 'GET',
    url: '/',
    limit: 'search',
    fromReplica: true,
    handler: async (act, input) => {
      const { language } = input.reader
      const say = t(language)
      const words = input.query.place?.slice(0, 60).toWellFormed() ?? ''
      const found = words.trim() ? await searchPlaces(act.sql, words, { limit: 12 }) : []
      const served = words.trim() ? [] : await servedGroups(act)
      const title = say('home.title')
      const main = html`<h1>${title}</h1><p class="lead">${say('home.lead')}</p>
<form class="sheet" method="get" action="/" role="search">${field(language, {
        name: 'place',
        kind: 'search',
        label: say('home.where'),
        hint: say('home.where-hint'),
        value: words,
        data: { suggest: '/tell/places?search=' },
      })}${buttons([{ text: say('home.find') }])}</form>
${
  words.trim()
    ? html`<h2>${say('home.found')}</h2>${
        found.length > 0
          ? entries(
              found.map((each) => {
                const place = placeShown([...each.ancestors, each], language)
                return { href: place.href, title: place.name, about: place.above }
              }),
            )
          : emptyState({ title: say('home.none'), text: say('home.none-text') })
      }`
    : ''
}
${buttons([
  { text: say('home.tell'), href: '/tell', kind: 'plain' },
  { text: say('home.follow'), href: '/follow', kind: 'plain' },
])}
${served.length > 0 ? servedShown(language, served) : ''}<p class="soft"><a href="/staff/sign-in">${say('home.staff')}</a></p>`
      return show(kernel, act, input, { title, main })
    },
  })
}
