// The home of a place: who serves you, tell us, follow, what others raised, the notice, the counts of this month.
import type { FastifyInstance } from 'fastify'
import { html } from 'hono/html'
import type { Act } from '#kernel/access/index.ts'
import { dayOf } from '#kernel/calendar/index.ts'
import { registerPage, show } from '#kernel/http/index.ts'
import type { Kernel } from '#kernel/kernel.ts'
import {
  buttons,
  type Content,
  definitions,
  emptyState,
  entries,
  face,
  figure,
  type Markup,
  notice,
} from '#kernel/pages/index.ts'
import { type Language, t } from '#kernel/words/index.ts'
import { type PublicCounts, publicCounts } from '#listen/requests/index.ts'
import { belongingTo, type PlaceShown, placeOfPage, raisedEntry, readRaised } from '#listen/requests/pages/index.ts'
import { type Serving, whoServes } from '#organise/bodies/index.ts'
import { children, depthOf, depths, spokenName } from '#organise/places/index.ts'
import { noticeAt } from '#organise/settings/index.ts'

export function placePages(app: FastifyInstance, kernel: Kernel): void {
  registerPage(app, kernel, {
    method: 'GET',
    url: '/places/:place',
    limit: 'read',
    plansKept: true,
    fromReplica: true,
    handler: async (act, input) => {
      const { language } = input.reader
      const say = t(language)
      const place = await placeOfPage(act, input.params.place ?? '')
      const [serving, raised, said, counts, below] = await Promise.all([
        whoServes(act.sql, place.path),
        readRaised(act, { path: place.path, limit: 5 }),
        noticeAt(act.sql, place.path, language),
        countsAt(act, place.path),
        placesBelow(act, place),
      ])
      const main = html`<h1>${say('home.place-title')}</h1><p class="lead">${say('home.place-lead')}</p>
${said ? notice('plain', { title: say('home.notice'), text: html`<p class="asit">${said}</p>` }) : ''}
${buttons([
  { text: say('home.tell'), href: `${place.href}/tell` },
  { text: say('home.follow'), href: '/follow', kind: 'plain' },
])}
${below.length > 0 ? html`<h2>${say('home.below')}</h2><ul class="places">${below.map((each) => html`<li><a href="${each.href}">${each.name}</a></li>`)}</ul>` : ''}
<h2>${say('home.who')}</h2>${whoShown(language, place, serving)}
<h2>${say('home.raised')}</h2>${
        raised.length > 0
          ? html`${entries(raised.map((each) => raisedEntry(act, each)))}<p><a href="${`${place.href}/raised`}">${say('home.all-raised')}</a></p>`
          : emptyState({ title: say('home.nothing-raised'), text: say('home.nothing-raised-text') })
      }
${counts ? countsShown(language, place, counts, act.now) : ''}
<p><a href="${`${place.href}/data`}">${say('opendata.title')}</a></p>`
      return show(kernel, act, input, { title: say('home.place-title'), main, ...belongingTo(place) })
    },
  })
}

/** Of a subdistrict or town: the communities of which one is perhaps looking for one's own. */
async function placesBelow(act: Act, place: PlaceShown): Promise<{ href: string; name: string }[]> {
  if (depthOf(place.path) !== depths.subdistrict) return []
  const below = await children(act.sql, place.id)
  return below
    .filter((each) => each.kind === 'community')
    .slice(0, 200)
    .map((each) => ({
      href: `/places/${each.code ?? each.id}`,
      name: (act.language === 'en' && each.name_en) || spokenName(each.name, each.kind),
    }))
}

/** Who is at the door comes first, with names and faces; offices further up stand folded together below. */
function whoShown(language: Language, place: PlaceShown, serving: readonly Serving[]): Markup {
  const say = t(language)
  if (serving.length === 0) return emptyState({ title: say('home.nobody'), text: say('home.nobody-text') })
  const near = Math.min(depths.community, depthOf(place.path))
  const atTheDoor = serving.filter((body) => depthOf(body.path) >= near)
  const above = serving.filter((body) => !atTheDoor.includes(body))
  // Where a community takes no part yet, the office above is the one at the door.
  const [shown, folded] = atTheDoor.length > 0 ? [atTheDoor, above] : [above.slice(0, 1), above.slice(1)]
  return html`${shown.map((body) => bodyShown(language, body))}${
    folded.length > 0
      ? html`<details><summary>${say('home.above', { count: folded.length })}</summary>${definitions(
          folded.map((body): [Content, Content] => [nameOf(language, body), briefly(language, body)]),
        )}</details>`
      : ''
  }`
}

const nameOf = (language: Language, body: Serving): string => (language === 'en' && body.nameEn) || body.name

const telephone = (number: string): Markup => html`<a href="${`tel:${number.replace(/[^\d+]/g, '')}`}">${number}</a>`

/** One line: who, under which post, and the telephone. */
function briefly(language: Language, body: Serving): Content {
  const people = body.posts.flatMap((post) =>
    post.holders.map((holder) => `${holder.name} ${(language === 'en' && post.titleEn) || post.title}`),
  )
  return html`${people.join(language === 'en' ? ', ' : '、')}${body.telephone ? html` ${telephone(body.telephone)}` : ''}`
}

/** Names first, each with a post; bodies with nobody shown give their telephone alone. */
function bodyShown(language: Language, body: Serving): Markup {
  const say = t(language)
  const faces = body.posts.flatMap((post) =>
    post.holders.map((holder) => face({ name: holder.name, about: (language === 'en' && post.titleEn) || post.title })),
  )
  const facts: [Content, Content][] = []
  if (body.telephone) facts.push([say('home.telephone'), telephone(body.telephone)])
  if (body.address) facts.push([say('home.address'), body.address])
  if (body.hours) facts.push([say('home.hours'), body.hours])
  return html`<section><h3>${nameOf(language, body)}</h3>${faces.length > 0 ? html`<div class="grid">${faces}</div>` : ''}${
    facts.length > 0 ? definitions(facts) : ''
  }</section>`
}

/** Counted for a subdistrict and what lies below: higher up it is the dashboards that count. */
async function countsAt(act: Act, path: string): Promise<PublicCounts | null> {
  return depthOf(path) < depths.subdistrict ? null : publicCounts(act.sql, path, act.now)
}

/** The month of a moment by the country's clock, so many months on, as an address carries it: 2026-11. */
function monthOf(moment: Date, months: number): string {
  const [year, month] = dayOf(moment).split('-').map(Number)
  return new Date(Date.UTC(year ?? 0, (month ?? 1) - 1 + months, 1)).toISOString().slice(0, 7)
}

function countsShown(language: Language, place: PlaceShown, counts: PublicCounts, now: Date): Markup {
  const say = t(language)
  const raised = `${place.href}/raised`
  return html`<h2>${say('home.month')}</h2><div class="grid">${figure({
    value: counts.told,
    text: say('home.month-told'),
    href: `${raised}?told=${monthOf(now, 0)}`,
  })}${
    counts.median_days === null
      ? figure({ value: '—', text: say('home.month-none-answered') })
      : figure({
          // Tenths of a day say nothing to anybody.
          value: Number(counts.median_days) < 1 ? '<1' : Number(counts.median_days),
          unit: say('home.days'),
          text: say('home.month-median', { count: counts.answered }),
          href: `${raised}?answered=${monthOf(now, 0)}`,
        })
  }${
    counts.judged === null
      ? figure({ value: '—', text: say('home.month-few') })
      : figure({
          value: counts.solved,
          unit: say('home.of', { all: counts.judged }),
          text: html`${say('home.month-solved')}<br><small>${say('home.month-unconfirmed', {
            unconfirmed: counts.unconfirmed,
            all: Number(counts.judged) + Number(counts.unconfirmed),
          })}</small>`,
          href: `${raised}?closed=${monthOf(now, -1)}`,
        })
  }</div><p class="hint">${say('home.month-hint')}</p>`
}
