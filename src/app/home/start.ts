// The first page of an installation: find your place. Works by a plain form.
import type { FastifyInstance } from 'fastify'
import { html } from 'hono/html'
import { sql } from 'kysely'
import type { Act } from '#kernel/access/index.ts'
import { registerPage } from '#kernel/http/index.ts'
import type { Kernel } from '#kernel/kernel.ts'
import { buttons, emptyState, entries, field } from '#kernel/pages/index.ts'
import { t } from '#kernel/words/index.ts'
import { placeShown, show } from '#listen/requests/pages/index.ts'
import { ancestors, searchPlaces } from '#organise/places/index.ts'

/** Places in which somebody serves, the highest of each line first: where an installation is at home. */
async function servedPlaces(act: Act): Promise<{ href: string; title: string; about: string }[]> {
  const { rows } = await sql<{ path: string }>`
    select distinct p.path from body b join place p on p.id = b.place
    where b.dissolved_at is null and p.abolished_at is null and p.kind in ('subdistrict', 'community')
    order by p.path limit 30`.execute(act.sql)
  const places = await Promise.all(
    rows.map(async (row) => placeShown(await ancestors(act.sql, row.path), act.language)),
  )
  return places.map((place) => ({ href: place.href, title: place.name, about: place.above }))
}

export function startPage(app: FastifyInstance, kernel: Kernel): void {
  registerPage(app, kernel, {
    method: 'GET',
    url: '/',
    limit: 'search',
    handler: async (act, input) => {
      const { language } = input.reader
      const say = t(language)
      const words = input.query.place?.slice(0, 60).toWellFormed() ?? ''
      const found = words.trim() ? await searchPlaces(act.sql, words, { limit: 12 }) : []
      const served = words.trim() ? [] : await servedPlaces(act)
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
${served.length > 0 ? html`<h2>${say('home.here')}</h2>${entries(served)}` : ''}<p class="soft"><a href="/staff/sign-in">${say('home.staff')}</a></p>`
      return show(kernel, act, input, { title, main })
    },
  })
}
