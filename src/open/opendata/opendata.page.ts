// The page of a place's open data: what there is, as files for people and for programs.
import { html } from 'hono/html'
import type { OpenDocument, OpenTable } from '#kernel/opendata/index.ts'
import { type Content, definitions, emptyState, type Markup } from '#kernel/pages/index.ts'
import { type Language, spokenMonth, t } from '#kernel/words/index.ts'
import type { PlaceShown } from '#organise/places/index.ts'

/** So many months stand there at once; older ones unfold. */
const shown = 6

export function opendataPage(
  language: Language,
  given: {
    readonly place: PlaceShown
    readonly tables: readonly { readonly table: OpenTable; readonly months: readonly string[] }[]
    readonly documents: readonly OpenDocument[]
    readonly licence: { readonly name: string }
  },
): { title: string; main: Markup } {
  const say = t(language)
  const folder = `${given.place.href}/data`
  const link = (file: string, text: string): Markup => html`<a href="${`${folder}/${file}`}">${text}</a>`
  const month = (name: string, at: string): [Content, Content] => [
    spokenMonth(at, language),
    html`${link(`${name}-${at}.csv?spreadsheet`, say('opendata.spreadsheet'))} · ${link(`${name}-${at}.csv`, 'CSV')} · ${link(`${name}-${at}.json`, 'JSON')}`,
  ]
  const title = say('opendata.title')
  const main = html`<h1>${title}</h1><p class="lead">${say('opendata.lead')}</p>
<p>${say('opendata.licence', { licence: given.licence.name })} ${link('datapackage.json', say('opendata.package'))} <a href="/programmers">${say('opendata.programmers')}</a></p>
${
  given.tables.length === 0
    ? emptyState({ title: say('opendata.nothing'), text: say('opendata.nothing-text') })
    : given.tables.map(
        ({ table: { name, columns }, months }) => html`<section><h2>${say(`opendata.${name}.title`)}</h2>
<p>${say(`opendata.${name}.about`)}</p>
${definitions(months.slice(0, shown).map((at) => month(name, at)))}
${
  months.length > shown
    ? html`<details><summary>${say('opendata.older', { count: months.length - shown })}</summary>${definitions(
        months.slice(shown).map((at) => month(name, at)),
      )}</details>`
    : ''
}
<details><summary>${say('opendata.columns')}</summary>${definitions(
          columns.map((column): [Content, Content] => [
            html`<code>${column.name}</code>`,
            say(`opendata.${name}.column.${column.name}`),
          ]),
        )}</details></section>`,
      )
}${given.documents.map(
  ({ name }) => html`<section><h2>${say(`opendata.${name}.title`)}</h2><p>${say(`opendata.${name}.about`)}</p>
<p>${link(`${name}.json`, 'JSON')}</p></section>`,
)}`
  return { title, main }
}
