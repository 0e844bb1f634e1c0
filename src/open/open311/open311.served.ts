// The resources of GeoReport v2, one after the other: what each takes and answers.
import type { FastifyRequest } from 'fastify'
import type { Act } from '#kernel/access/index.ts'
import { Refusal } from '#kernel/http/refusal.ts'
import type { Kernel } from '#kernel/kernel.ts'
import type { KeyShown } from '#kernel/keys/index.ts'
import {
  type Answered,
  definitionFact,
  discoveryFact,
  generalCode,
  requestFacts,
  serviceFacts,
  updateFacts,
} from './open311.answers.ts'
import { type Fields, numbersOf, pageOf, type Sent, textOf } from './open311.asking.ts'
import { addFromElsewhere, fileFromElsewhere, jurisdictionOf, type Shown } from './open311.filing.ts'
import { requestForm, updateForm } from './open311.forms.ts'
import { listRequests, oneRequest, placesOf, timeOf } from './open311.reading.ts'
import { readServices, readUpdates } from './open311.store.ts'

/** Since when this server speaks as it does (Open311 Service Discovery, changeset). */
const changeset = '2026-11-24T00:00:00+08:00'

interface Asking {
  readonly act: Act
  readonly kernel: Kernel
  readonly fields: Fields
  /** The last part of the address without its format: a code, a number. */
  readonly named: string
  readonly key: KeyShown | null
}

interface Posting {
  readonly kernel: Kernel
  readonly request: FastifyRequest
  readonly shown: Shown
  readonly sent: Sent
  readonly trial: boolean
}

interface Resource {
  /** Below the base; `:file` stands for a name with its format. */
  readonly path: string
  readonly summary: string
  readonly parameters?: Readonly<Record<string, string>>
}

const jurisdiction = { jurisdiction_id: 'code of a place' }
const paging = { page: 'from 1', page_size: '1000 at most' }

/** What is asked for with GET. */
export const asked: readonly (Resource & { readonly answer: (asking: Asking) => Promise<Answered> })[] = [
  {
    path: '/discovery',
    summary: 'Open311: where the endpoints stand and who gives keys',
    answer: async ({ act, kernel }) => ({
      root: 'discovery',
      fact: discoveryFact(kernel.config.publicUrl, kernel.config.contact, changeset, act.language),
    }),
  },
  {
    path: '/services',
    summary: 'Open311: what can be told, by category',
    parameters: jurisdiction,
    answer: async ({ act, fields, key }) => {
      const place = await jurisdictionOf(act, fields, key)
      const facts = serviceFacts(await readServices(act.sql, place?.path ?? null), act.language)
      return { root: 'services', item: 'service', facts }
    },
  },
  {
    path: '/services/:file',
    summary: 'Open311: the attributes of one service, by its code and a format',
    parameters: jurisdiction,
    answer: async ({ act, fields, named, key }) => {
      const place = await jurisdictionOf(act, fields, key)
      if (named !== generalCode && (await readServices(act.sql, place?.path ?? null, named)).length === 0)
        throw new Refusal(404, 'not-found', 'open311.no-service', { values: { code: named } })
      return { root: 'service_definition', fact: definitionFact(named, act.language) }
    },
  },
  {
    path: '/tokens/:file',
    summary: 'Open311: the number behind a token; here the number itself',
    parameters: jurisdiction,
    answer: async ({ act, fields, named, key }) => {
      const row = await oneRequest(act, named, fields, key)
      const facts = [{ service_request_id: String(row.number), token: named }]
      return { root: 'service_requests', item: 'request', facts }
    },
  },
  {
    path: '/requests',
    summary: 'Open311: released requests, by number, time, service or status',
    parameters: {
      ...jurisdiction,
      service_request_id: 'numbers with commas',
      service_code: 'codes with commas',
      start_date: 'told since, W3C date and time with zone',
      end_date: 'told until; 90 days at most',
      status: 'open, closed or both',
      updated_after: 'changed since',
      updated_before: 'changed until',
      extensions: 'true for extended_attributes',
      ...paging,
    },
    answer: async ({ act, fields, key }) => {
      const rows = await listRequests(act, fields, key)
      const facts = requestFacts(rows, await placesOf(act, rows), act.language, isExtended(fields))
      return { root: 'service_requests', item: 'request', facts }
    },
  },
  {
    path: '/requests/:file',
    summary: 'Open311: one released request, by its number and a format',
    parameters: { ...jurisdiction, extensions: 'true for extended_attributes' },
    answer: async ({ act, fields, named, key }) => {
      const rows = [await oneRequest(act, named, fields, key)]
      const facts = requestFacts(rows, await placesOf(act, rows), act.language, isExtended(fields))
      return { root: 'service_requests', item: 'request', facts }
    },
  },
  {
    path: '/servicerequestupdates',
    summary: 'Open311: steps of released requests and of the key’s own, by time',
    parameters: {
      ...jurisdiction,
      service_request_id: 'numbers with commas',
      start_date: 'done since',
      end_date: 'done until; 90 days at most',
      ...paging,
    },
    answer: async ({ act, fields }) => {
      const place = await jurisdictionOf(act, fields, null)
      const rows = await readUpdates(act, {
        path: place?.path ?? null,
        within: timeOf(fields, act.now),
        numbers: numbersOf(fields),
        ...pageOf(fields),
      })
      return { root: 'service_request_updates', item: 'request_update', facts: updateFacts(rows, act.language) }
    },
  },
]

/** What is posted, as a form with or without pictures. */
export const posted: readonly (Resource & {
  readonly form: typeof requestForm | typeof updateForm
  readonly answer: (posting: Posting) => Promise<Answered>
})[] = [
  {
    path: '/requests',
    summary: 'Open311: file a request, with a key',
    form: requestForm,
    answer: async ({ kernel, request, shown, sent, trial }) => ({
      root: 'service_requests',
      item: 'request',
      facts: [{ ...(await fileFromElsewhere(kernel, request, shown, sent, trial)) }],
    }),
  },
  {
    path: '/servicerequestupdates',
    summary: 'Open311: add to a request that the same key filed',
    form: updateForm,
    answer: async ({ kernel, request, shown, sent, trial }) => ({
      root: 'service_request_updates',
      item: 'request_update',
      facts: [{ ...(await addFromElsewhere(kernel, request, shown, sent, trial)) }],
    }),
  },
]

const isExtended = (fields: Fields): boolean => textOf(fields, 'extensions', 20)?.toLowerCase() === 'true'
