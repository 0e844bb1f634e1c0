// Open data of a place: the page that says what there is, its description for programs, and the files.
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Act } from '#kernel/access/index.ts'
import { dayOf } from '#kernel/calendar/index.ts'
import { writeCsv } from '#kernel/csv/index.ts'
import { Refusal, readAct, readerOf, registerPage, sendUnlessKnown, show, takeLimit } from '#kernel/http/index.ts'
import type { Kernel } from '#kernel/kernel.ts'
import { type OpenCell, type OpenPart, type OpenTable, openDocuments, openTables } from '#kernel/opendata/index.ts'
import { t } from '#kernel/words/index.ts'
import { belongingTo, type PlaceShown, placeOfPage } from '#organise/places/index.ts'
import { opendataPage } from './opendata.page.ts'
import { dataPackage, monthsBetween } from './package.ts'
import { sendPieces } from './pieces.ts'

export function opendataRoutes(app: FastifyInstance, kernel: Kernel): void {
  registerPage(app, kernel, {
    method: 'GET',
    url: '/places/:place/data',
    limit: 'read',
    fromReplica: true,
    handler: async (act, input) => {
      const place = await placeOfPage(act, input.params.place ?? '')
      const { title, main } = opendataPage(input.reader.language, {
        place,
        tables: await openedAt(act, place.path),
        documents: openDocuments(),
        licence: kernel.config.openDataLicence,
      })
      return show(kernel, act, input, { title, main, ...belongingTo(place) })
    },
  })
  app.get(
    '/places/:place/data/:file',
    { config: { page: true, limit: 'search' }, schema: { hide: true } as object },
    async (request, reply) => {
      await takeLimit(kernel, request, 'search')
      const { place: key = '', file = '' } = request.params as { place?: string; file?: string }
      // Spreadsheets take a file for UTF-8 by its mark alone; a program that reads by the description would take the mark for a letter.
      const bom = 'spreadsheet' in (request.query as object)
      const place = await readAct(kernel, request, (act) => placeOfPage(act, key))
      if (file === 'datapackage.json') return sendPackage(kernel, request, reply, place)
      const document = openDocuments().find(({ name }) => file === `${name}.json`)
      if (document) {
        const asked = { path: place.path, address: kernel.config.publicUrl }
        const read = await readAct(kernel, request, (act) => document.read(act, asked))
        head(reply, file).type(`${document.mediaType}; charset=utf-8`)
        return sendUnlessKnown(request, reply, JSON.stringify(read, null, 1))
      }
      const [, name, month = '', format] = /^([a-z]+)-(\d{4}-\d{2})\.(csv|json)$/.exec(file) ?? []
      const table = openTables().find((each) => each.name === name)
      const opened =
        table && (await readAct(kernel, request, (act) => monthsOf(act, table, place.path))).includes(month)
      if (!opened) throw new Refusal(404, 'not-found', 'opendata.no-file')
      const rows = rowsOf(kernel, request, table, { path: place.path, month })
      head(reply, file)
      return format === 'csv'
        ? sendPieces(request, reply.type('text/csv; charset=utf-8'), asCsv(table, rows, bom))
        : sendPieces(request, reply.type('application/json; charset=utf-8'), asJson(table, rows))
    },
  )
}

/** For everybody and from anywhere: programs on other sites may fetch it. */
function head(reply: FastifyReply, file: string): FastifyReply {
  return (
    reply
      .header('Access-Control-Allow-Origin', '*')
      // Asked for anew each time: what is withdrawn is gone at once, also where others keep answers.
      .header('Cache-Control', 'public, no-cache')
      .header('Content-Disposition', `inline; filename="${file}"`)
  )
}

async function sendPackage(kernel: Kernel, request: FastifyRequest, reply: FastifyReply, place: PlaceShown) {
  const { language } = readerOf(request)
  const say = t(language)
  const tables = await readAct(kernel, request, (act) => openedAt(act, place.path))
  const described = dataPackage({
    place: { name: place.full, key: place.href.split('/').at(-1) ?? '' },
    tables,
    documents: openDocuments(),
    title: say('opendata.title-of', { place: place.full }),
    description: `${say('opendata.lead')} ${say('opendata.made')}`,
    say,
    address: `${kernel.config.publicUrl}${place.href}/data`,
    licence: kernel.config.openDataLicence,
  })
  head(reply, 'datapackage.json')
    .header('Vary', 'Accept-Language, Cookie')
    .header('Content-Language', language)
    .type('application/json; charset=utf-8')
  return sendUnlessKnown(request, reply, JSON.stringify(described, null, 2))
}

/** The tables that have anything of a place, with their months, newest first. */
async function openedAt(act: Act, path: string): Promise<{ table: OpenTable; months: string[] }[]> {
  const opened: { table: OpenTable; months: string[] }[] = []
  for (const table of openTables()) {
    const months = await monthsOf(act, table, path)
    if (months.length > 0) opened.push({ table, months })
  }
  return opened
}

async function monthsOf(act: Act, table: OpenTable, path: string): Promise<string[]> {
  const first = table.tells(path) ? await table.first(act) : null
  if (!first) return []
  const present = dayOf(act.now).slice(0, 7)
  return monthsBetween(first, present).filter((month) => table.untilNow || month < present)
}

/** The rows in parts: each is read in a transaction of its own, so that a slow reader holds none. */
async function* rowsOf(
  kernel: Kernel,
  request: FastifyRequest,
  table: OpenTable,
  asked: { readonly path: string; readonly month: string },
): AsyncGenerator<OpenCell[][]> {
  const times = table.columns.map(({ type }) => type === 'datetime')
  const address = kernel.config.publicUrl
  let after: string | null = null
  do {
    const from: string | null = after
    const part: OpenPart = await readAct(kernel, request, (act) => table.read(act, { ...asked, after: from, address }))
    yield part.rows.map((row) =>
      row.map((cell, at) => (times[at] && typeof cell === 'string' ? wholeSeconds(cell) : cell)),
    )
    after = part.next
  } while (after !== null)
}

/** The default form of a time in Frictionless Table Schema: ISO 8601 in UTC, whole seconds. */
const wholeSeconds = (time: string): string => time.replace(/\.\d+Z$/, 'Z')

async function* asCsv(table: OpenTable, parts: AsyncIterable<OpenCell[][]>, bom: boolean): AsyncGenerator<string> {
  yield writeCsv([table.columns.map(({ name }) => name)], { bom })
  for await (const rows of parts)
    if (rows.length > 0)
      yield writeCsv(
        rows.map((row) => row.map((cell) => cell ?? '')),
        { bom: false },
      )
}

async function* asJson(table: OpenTable, parts: AsyncIterable<OpenCell[][]>): AsyncGenerator<string> {
  let before = '['
  for await (const rows of parts)
    for (const row of rows) {
      yield `${before}\n${JSON.stringify(Object.fromEntries(table.columns.map(({ name }, at) => [name, row[at] ?? null])))}`
      before = ','
    }
  yield before === '[' ? '[]\n' : '\n]\n'
}
