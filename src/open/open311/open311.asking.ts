// What a client sent: fields of a query, a form or a form with files, read strictly, and what is wrong with them in words.
import type { FastifyRequest } from 'fastify'
import type { Prepared } from '#kernel/files/index.ts'
import { readerOf } from '#kernel/http/index.ts'
import { Refusal } from '#kernel/http/refusal.ts'
import type { Kernel } from '#kernel/kernel.ts'
import { asWritten } from '#kernel/written/index.ts'
import { parseNumber } from '#listen/requests/index.ts'
import { deepest, mostAtOnce, readMoment } from './open311.rules.ts'

/** Fields as they came; one that is given several times has several values. */
export type Fields = ReadonlyMap<string, readonly string[]>

export interface Sent {
  readonly fields: Fields
  readonly pictures: readonly Prepared[]
}

/** Most pictures of one request. */
const mostPictures = 9

const bad = (key: string, field: string, values: Record<string, string | number> = {}) =>
  new Refusal(400, 'invalid-field', key, { field, values: { field, ...values } })

/** One field's text, null where it is missing or blank. @throws Refusal 400 where it is longer than a person's text of this kind */
export function textOf(fields: Fields, name: string, most: number): string | null {
  const text = fields.get(name)?.at(-1)?.trim() ?? ''
  if (text === '') return null
  if ([...text].length > most) throw bad('open311.too-long', name, { most })
  return text
}

/** Bytes as text. @throws Refusal 400 for what is no UTF-8 */
function utf8(bytes: Uint8Array, field: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    throw bad('open311.not-utf8', field)
  }
}

/** `%E4%BD%A0+%E5%A5%BD` as text, byte by byte, so that what was never UTF-8 is told from what is (URL standard, 5.1). */
function decoded(part: string): string {
  const bytes = part
    .replaceAll('+', ' ')
    .replace(/%([0-9A-Fa-f]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
  return utf8(Buffer.from(bytes, 'latin1'), 'text')
}

/** Reads `a=1&b=2`. @throws Refusal 400 for what is no UTF-8 */
function readPairs(text: string): Map<string, string[]> {
  const fields = new Map<string, string[]>()
  // What stands in it beyond ASCII was not written as an address is, and is taken for what it is: UTF-8.
  const ascii = text.replace(/[^\x20-\x7e]+/g, (wild) => encodeURIComponent(wild.toWellFormed()))
  for (const pair of ascii.split('&')) {
    if (pair === '') continue
    const [name = '', ...rest] = pair.split('=')
    add(fields, decoded(name), decoded(rest.join('=')))
  }
  return fields
}

function add(fields: Map<string, string[]>, name: string, value: string): void {
  // PHP's and Rails' way of saying "several".
  const plain = /^(?:media_url|attribute\[[^\]]+\])\[\]$/.test(name) ? name.slice(0, -2) : name
  fields.set(plain, [...(fields.get(plain) ?? []), value])
}

/** The fields of an address. */
export const queryOf = (request: Pick<FastifyRequest, 'url'>): Map<string, string[]> =>
  readPairs(request.url.split('?').slice(1).join('?'))

/** The form that was posted; fields of the address count where the form has none of that name. @throws Refusal 400, 413 */
export async function readSent(kernel: Pick<Kernel, 'files'>, request: FastifyRequest): Promise<Sent> {
  const fields = queryOf(request)
  if (!request.isMultipart()) {
    const body = request.body
    if (Buffer.isBuffer(body)) for (const [name, values] of readPairs(utf8(body, 'text'))) fields.set(name, values)
    return { fields: written(fields, request), pictures: [] }
  }
  const pictures: Prepared[] = []
  const form = new Map<string, string[]>()
  try {
    for await (const part of request.parts()) {
      if (part.type === 'field') {
        if (part.valueTruncated) throw bad('open311.too-long', part.fieldname, { most: 20_000 })
        if (typeof part.value !== 'string') continue
        // The parser has put this mark where bytes were no UTF-8.
        if (part.value.includes('\ufffd')) throw bad('open311.not-utf8', part.fieldname)
        add(form, part.fieldname, part.value)
      } else if (!part.filename) part.file.resume()
      else {
        if (pictures.length >= mostPictures)
          throw new Refusal(400, 'file-many', 'files.unfit.many', { values: { most: mostPictures } })
        pictures.push(await kernel.files.prepare(part.file, ['picture']))
      }
    }
  } catch (error) {
    await letGo(kernel, pictures)
    if (error instanceof Refusal || (error as { statusCode?: number }).statusCode || (error as { code?: string }).code)
      throw error
    throw new Refusal(400, 'bad-request', 'http.bad-request')
  }
  for (const [name, values] of form) fields.set(name, values)
  return { fields: written(fields, request), pictures }
}

/** Fields as they may be kept. A form is no body that the server reads by itself, so it passes the rule here. */
const written = (fields: Map<string, string[]>, request: FastifyRequest): Fields =>
  new Map([...fields].map(([name, values]) => [name, asWritten(values, readerOf(request).language)]))

/** Pictures of a form that became nothing. */
export async function letGo(kernel: Pick<Kernel, 'files'>, pictures: readonly Prepared[]): Promise<void> {
  await Promise.all(pictures.map((picture) => kernel.files.discard(picture)))
}

/** A W3C date and time. @throws Refusal 400 with what is wrong with it */
export function momentOf(fields: Fields, name: string): Date | null {
  const text = textOf(fields, name, 100)
  if (text === null) return null
  const read = readMoment(text)
  if ('fault' in read) throw bad(`open311.date-${read.fault}`, name, { given: text })
  return read.at
}

/** Numbers of requests, with commas between them. Null where none are asked for; what is no number is simply not there. */
export function numbersOf(fields: Fields): number[] | null {
  const text = textOf(fields, 'service_request_id', 40_000)
  if (text === null) return null
  const given = text.split(',')
  if (given.length > mostAtOnce) throw bad('open311.too-many-ids', 'service_request_id', { most: mostAtOnce })
  return given.flatMap((one) => parseNumber(one.trim()) ?? [])
}

/** Which page, and how large. @throws Refusal 400 for what is no page, or lies too deep */
export function pageOf(fields: Fields): { most: number; skip: number } {
  const whole = (name: string, otherwise: number, most: number): number => {
    const text = textOf(fields, name, 30)
    if (text === null) return otherwise
    if (!/^\d+$/.test(text) || Number(text) < 1 || Number(text) > most) throw bad('open311.page', name, { most })
    return Number(text)
  }
  const size = whole('page_size', mostAtOnce, mostAtOnce)
  const page = whole('page', 1, 1_000_000)
  if ((page - 1) * size >= deepest) throw bad('open311.page-deep', 'page', { most: deepest })
  return { most: size, skip: (page - 1) * size }
}

/** Where a request is, as lat and long (WGS 84). Null where neither is given. @throws Refusal 400 for half of it, or what lies outside */
export function pointOf(fields: Fields): { latitude: number; longitude: number } | null {
  const lat = textOf(fields, 'lat', 40)
  const long = textOf(fields, 'long', 40)
  if (lat === null && long === null) return null
  const number = (text: string | null, name: string, least: number, most: number): number => {
    if (text === null) throw bad('open311.half-point', name)
    if (!/^[+-]?\d{1,3}(?:\.\d{1,20})?$/.test(text)) throw bad('open311.no-number', name)
    const value = Number(text)
    if (value < least || value > most) throw bad('open311.outside', name, { least, most })
    return value
  }
  return { latitude: number(lat, 'lat', 3, 54), longitude: number(long, 'long', 73, 136) }
}

/** Addresses of pictures elsewhere, for whoever works on it. @throws Refusal 400 for what is no web address */
export function mediaOf(fields: Fields): string[] {
  const given = (fields.get('media_url') ?? []).map((one) => one.trim()).filter((one) => one !== '')
  if (given.length > mostPictures)
    throw new Refusal(400, 'file-many', 'files.unfit.many', { values: { most: mostPictures } })
  for (const one of given)
    if (one.length > 500 || /\s/.test(one) || !URL.canParse(one) || !/^https?:$/.test(new URL(one).protocol))
      throw bad('open311.media', 'media_url')
  return given
}
