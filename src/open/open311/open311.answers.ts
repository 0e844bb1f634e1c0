// What is answered, in both formats: bare arrays in JSON with null for what is not there, XML as the standard names its elements.
import type { FastifyReply } from 'fastify'
import type { Language } from '#kernel/http/index.ts'
import { t } from '#kernel/words/index.ts'
import { type Element, type Node, xmlDocument } from '#kernel/xml/index.ts'
import { ancestorPaths, fullName, type PlaceRow } from '#organise/places/index.ts'
import { extendedStatus, standardStatus, statusAfter, w3cMoment } from './open311.rules.ts'
import type { RequestRow, ServiceRow, UpdateRow } from './open311.store.ts'

export type Format = 'xml' | 'json'
type Value = string | number | boolean | null | readonly Value[] | { readonly [name: string]: Value }
/** One record, its fields in the order of the standard. */
type Fact = { readonly [name: string]: Value }

/** What elements of a list are called, by the list. */
const one: Readonly<Record<string, string>> = {
  endpoints: 'endpoint',
  formats: 'format',
  attributes: 'attribute',
  values: 'value',
}

function nodeOf(value: Value, name: string): Node {
  if (value === null || typeof value !== 'object') return value
  if (Array.isArray(value))
    return (value as readonly Value[]).map((each): Element => [one[name] ?? 'item', nodeOf(each, '')])
  return Object.entries(value as Fact).map(([inner, content]): Element => [inner, nodeOf(content, inner)])
}

/** A record, or a list of them, with the names of their elements. */
export type Answered =
  | { readonly root: string; readonly fact: Fact }
  | { readonly root: string; readonly item: string; readonly facts: readonly Fact[] }

/** Sends a record, or a list of them under its names. */
export function send(reply: FastifyReply, format: Format, status: number, answer: Answered): FastifyReply {
  reply.status(status).header('Cache-Control', 'no-store').header('Vary', 'Accept-Language')
  const list = 'facts' in answer
  if (format === 'json')
    return reply
      .type('application/json; charset=utf-8')
      .serializer(JSON.stringify)
      .send(list ? answer.facts : answer.fact)
  const content = list
    ? answer.facts.map((fact): Element => [answer.item, nodeOf(fact, answer.item)])
    : (nodeOf(answer.fact, answer.root) as readonly Element[])
  return reply.type('text/xml; charset=utf-8').send(xmlDocument([answer.root, content]))
}

/** The service that every place has: whatever fits none of its categories. In capitals, as no code of a category is. */
export const generalCode = 'GENERAL'

export function serviceFacts(rows: readonly ServiceRow[], language: Language): Fact[] {
  const say = t(language)
  const english = language === 'en'
  const listed = rows.map((row) => {
    const name = (english && row.name_en) || row.name
    const group = (english && row.group_en) || row.group
    const subject = (english && row.subject_en) || row.subject
    return {
      service_code: row.code,
      service_name: name,
      description: say('open311.about', { subject, group, name, days: row.promised_days }),
      metadata: true,
      type: 'realtime',
      keywords: [...new Set([subject, group])].join(','),
      group: subject,
    }
  })
  const general = {
    service_code: generalCode,
    service_name: say('open311.other'),
    description: say('open311.other-about'),
    metadata: true,
    type: 'realtime',
    keywords: null,
    group: say('open311.other'),
  }
  return [...listed, general]
}

/** Every service has one attribute: whether its reporter lets it be seen. Nobody's permission is taken for granted. */
export function definitionFact(code: string, language: Language): Fact {
  const say = t(language)
  return {
    service_code: code,
    attributes: [
      {
        variable: true,
        code: 'publication',
        datatype: 'singlevaluelist',
        required: false,
        datatype_description: null,
        order: 1,
        description: say('open311.attribute-publication'),
        values: [
          { key: 'yes', name: say('open311.yes') },
          { key: 'no', name: say('open311.no') },
        ],
      },
    ],
  }
}

export function requestFacts(
  rows: readonly RequestRow[],
  places: ReadonlyMap<string, PlaceRow>,
  language: Language,
  extended: boolean,
): Fact[] {
  const english = language === 'en'
  return rows.map((row) => {
    const chain = ancestorPaths(row.path)
      .slice(0, 5)
      .flatMap((path) => places.get(path) ?? [])
    return {
      service_request_id: String(row.number),
      status: standardStatus(row.state),
      status_notes: row.answer,
      service_name: (english && row.service_name_en) || row.service_name || t(language)('open311.other'),
      service_code: row.service_code ?? generalCode,
      description: row.body,
      agency_responsible: null,
      service_notice: null,
      requested_datetime: w3cMoment(row.filed_at),
      updated_datetime: w3cMoment(row.updated_at),
      expected_datetime: row.promised_at && w3cMoment(row.promised_at),
      address: chain.length > 0 ? fullName(chain, language, 'city') : null,
      address_id: chain.at(-1)?.code ?? null,
      zipcode: null,
      lat: row.latitude,
      long: row.longitude,
      media_url: null,
      ...(extended
        ? {
            extended_attributes: {
              status: extendedStatus(row.state, row.result),
              title: row.title,
              me_too: row.me_too,
            },
          }
        : {}),
    }
  })
}

export function updateFacts(rows: readonly UpdateRow[], language: Language): Fact[] {
  const say = t(language)
  return rows.map((row) => ({
    update_id: row.id,
    service_request_id: String(row.number),
    status: statusAfter[row.kind],
    updated_datetime: w3cMoment(row.at),
    description: row.answer ?? say(`open311.update.${row.kind}`),
    media_url: null,
  }))
}

/** Where everything stands (Open311 Service Discovery). @param contact whom developers ask; null where nobody is named */
export function discoveryFact(publicUrl: string, contact: string | null, since: string, language: Language): Fact {
  const say = t(language)
  const base = publicUrl.replace(/\/$/, '')
  const formats = ['text/xml', 'application/json']
  const endpoint = (type: string, path: string) => ({
    specification: 'http://wiki.open311.org/GeoReport_v2',
    url: `${base}${path}`,
    changeset: since,
    type,
    formats,
  })
  return {
    changeset: since,
    contact: contact ?? say('open311.contact'),
    key_service: [say('open311.key-service'), contact].filter((part) => part !== null).join(' '),
    endpoints: [endpoint('production', '/open311/v2/'), endpoint('test', '/open311/test/v2/')],
  }
}
