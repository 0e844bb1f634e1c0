// The JSON API of requests: thin. Limit → who → validate → transaction → act → answer.
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { type Act, allow, signedIn } from '#kernel/access/index.ts'
import { timeOfId } from '#kernel/database/identifiers.ts'
import { violatedConstraint } from '#kernel/database/index.ts'
import { type Endpoint, register } from '#kernel/http/index.ts'
import { Refusal } from '#kernel/http/refusal.ts'
import type { Kernel } from '#kernel/kernel.ts'
import { doing } from './acts/asked.ts'
import { type Earlier, findByPhone, readContact, readEarlier } from './acts/contact.ts'
import { complainTold, fileTold, type Told } from './acts/told.ts'
import { attachDraftFiles, draftFilesRoutes, filesRoutes } from './drafts.files.routes.ts'
import { dropDraftOf, listDraftsOf, saveDraftOf } from './drafts.store.ts'
import { formatNumber } from './number.ts'
import { listCallBacksOf } from './reading/callbacks.ts'
import { countRequests as countList } from './reading/count.ts'
import { csvOf } from './reading/csv.ts'
import { countQueues, listRequests as readList } from './reading/list.ts'
import { similarToRequest, similarToTold } from './reading/similar.ts'
import { usualFor } from './reading/usual.ts'
import { viewRequest } from './reading/view.ts'
import { suggestRedactions as findRedactions } from './redaction.ts'
import { type AskedAct, dropDraft, listCallBacks, listDrafts, saveDraft } from './requests.acts.api.ts'
import {
  complainFor,
  deskActs,
  fileRequest,
  findAlike,
  findByPhone as findByPhoneEndpoint,
  findSimilar,
  findUsual,
  readRequest,
  showContact,
  showEarlier,
  suggestRedactions,
} from './requests.desk.api.ts'
import {
  countFound,
  countQueues as countQueuesEndpoint,
  countRequests,
  listRequests,
  searchRequests,
} from './requests.lists.api.ts'
import { isSeen, loadRequest, readSentAnswer } from './requests.store.ts'

export function requestsRoutes(app: FastifyInstance, kernel: Kernel): void {
  register(app, kernel, fileRequest, {
    limit: 'intake',
    status: 201,
    // Anonymous means it: whoever is signed in is not even asked of the database.
    credentials: (request) =>
      (request.body as { anonymous?: boolean; channel?: string } | undefined)?.anonymous === true &&
      ['web', 'card'].includes((request.body as { channel?: string }).channel ?? '')
        ? {}
        : { session: kernel.sessions.sessionToken(request.headers) },
    handler: async (act, { body, request }) => {
      kernel.floods.count()
      if (!act.actor.person) await needProof(kernel, request.headers['linli-proof'])
      // Ids follow time, and lists follow ids: one of another time would stand where nobody looks.
      if (body.id !== undefined && !isOfNow(body.id))
        throw new Refusal(422, 'request-id', 'requests.id-wrong', { field: 'id' })
      const filed = await fileTold(act, kernel, body).catch((error: unknown) => {
        const violated = violatedConstraint(error)
        // What another system sends again, under a number that it gave before, stands already.
        if (violated === 'request_outer')
          throw new Refusal(409, 'request-outer-number', 'requests.outer-number-exists', { field: 'outerNumber' })
        if (violated !== 'request_pkey') throw error
        // The id stands already: the telephone that made it has to know that what it sent has arrived. Said to whoever sends it, since
        // its 74 random bits are not guessed: it tells of no request that its sender did not know.
        throw new Refusal(409, 'request-exists', 'requests.id-exists', { field: 'id' })
      })
      if (body.files?.length) await attachDraftFiles(act, kernel, filed.id, body.files, filed.id)
      return answerOf(filed)
    },
  })
  register(app, kernel, complainFor, {
    limit: 'intake',
    status: 201,
    handler: async (act, { params, body }) => {
      staffOnly(act)
      return answerOf(await complainTold(act, kernel, params.id, body))
    },
  })
  register(app, kernel, listRequests, {
    limit: 'read',
    // One plan serves every reader of a queue; what else narrows a list decides by its values which index is best.
    plansKept: ({ query }) => Object.keys(query as object).every((name) => name === 'queue' || name === 'limit'),
    handler: async (act, { query, request, reply }) => {
      signedIn(act)
      const page = await readList(act, query)
      if (wantsTable(request)) await sendTable(act, reply, page, (next) => nextQuery(request.url, next))
      return page
    },
  })
  register(app, kernel, countRequests, {
    limit: 'read',
    handler: async (act, { query }) => {
      signedIn(act)
      return countList(act, query)
    },
  })
  register(app, kernel, searchRequests, {
    limit: 'read',
    handler: async (act, { body, request, reply }) => {
      signedIn(act)
      const page = await readList(act, body)
      // Only where to go on: the rest of the question is the body, sent again.
      if (wantsTable(request)) await sendTable(act, reply, page, (after) => String(new URLSearchParams({ after })))
      return page
    },
  })
  register(app, kernel, countFound, {
    limit: 'read',
    handler: async (act, { body }) => {
      signedIn(act)
      return countList(act, body)
    },
  })
  register(app, kernel, countQueuesEndpoint, {
    limit: 'read',
    plansKept: true,
    handler: async (act) => {
      signedIn(act)
      return countQueues(act)
    },
  })
  register(app, kernel, readRequest, {
    limit: 'read',
    plansKept: true,
    handler: async (act, { params }) => {
      staffOnly(act)
      return viewRequest(act, kernel, params.id)
    },
  })
  register(app, kernel, findSimilar, {
    limit: 'read',
    handler: async (act, { params }) => {
      staffOnly(act)
      return { items: await similarToRequest(act, params.id) }
    },
  })
  register(app, kernel, findUsual, {
    limit: 'read',
    handler: (act, { params }) => {
      staffOnly(act)
      return usualFor(act, params.id)
    },
  })
  register(app, kernel, showContact, {
    limit: 'write',
    handler: (act, { params }) => {
      staffOnly(act)
      return readContact(act, kernel, params.id)
    },
  })
  register(app, kernel, showEarlier, {
    limit: 'write',
    handler: async (act, { params }) => {
      staffOnly(act)
      return { items: (await readEarlier(act, params.id)).map(brief) }
    },
  })
  register(app, kernel, findByPhoneEndpoint, {
    limit: 'write',
    handler: async (act, { body }) => {
      staffOnly(act)
      return { items: (await findByPhone(act, kernel, body.phone)).map(brief) }
    },
  })
  register(app, kernel, findAlike, {
    limit: 'read',
    handler: async (act, { body }) => {
      staffOnly(act)
      return { items: await similarToTold(act, body) }
    },
  })
  register(app, kernel, suggestRedactions, {
    limit: 'read',
    handler: async (act, { params }) => {
      staffOnly(act)
      const { row, facts } = await loadRequest(act, params.id)
      allow(act, 'request.publish', facts.path)
      const answer = await readSentAnswer(act.sql, row.id)
      return {
        title: row.title,
        text: row.body,
        found: findRedactions(row.body),
        answer: answer === null ? null : { text: answer, found: findRedactions(answer) },
      }
    },
  })
  for (const [name, endpoint] of Object.entries(deskActs))
    registerAct(app, kernel, name as keyof typeof deskActs, endpoint)
  registerDrafts(app, kernel)
  draftFilesRoutes(app, kernel)
  filesRoutes(app, kernel)
  register(app, kernel, listCallBacks, { limit: 'read', handler: (act, { query }) => listCallBacksOf(act, query) })
}

/** What happens next and by when, for whoever has just told something. */
const answerOf = (filed: Told) => ({
  id: filed.id,
  number: filed.spoken,
  link: filed.link,
  linkSentBy: filed.linkSentBy,
  responsible: filed.holderName,
  nextStep: 'accept' as const,
  by: filed.dueAt,
  promisedAt: filed.promisedAt,
  registered: filed.registered,
})

/**
 * Under a flood, and only then, whoever has not signed in brings a solved challenge in the header `Linli-Proof`.
 * @throws Refusal 429
 */
async function needProof(kernel: Kernel, proof: string | string[] | undefined): Promise<void> {
  const judged = await kernel.floods.judge({ altcha: proof })
  if (!judged.accepted)
    throw new Refusal(429, 'proof-needed', judged.key, { values: { seconds: judged.retryAfterSeconds ?? 60 } })
}

function brief({ id, number, title, state, filed_at: filedAt }: Earlier) {
  return { id, number: formatNumber(number), title, state, filedAt }
}

/** Whether a list is asked for as a table for a spreadsheet. */
const wantsTable = (request: FastifyRequest): boolean => request.headers.accept?.startsWith('text/csv') ?? false

/** The same list for a spreadsheet; the query of the next page stands in the Link header (RFC 8288). */
async function sendTable(
  act: Act,
  reply: FastifyReply,
  page: Awaited<ReturnType<typeof readList>>,
  query: (after: string) => string,
): Promise<void> {
  if (page.next) reply.header('Link', `<?${query(page.next)}>; rel="next"`)
  await reply.type('text/csv; charset=utf-8').header('Cache-Control', 'no-store').send(csvOf(page.items, act.language))
}

function nextQuery(url: string, after: string): string {
  const query = new URLSearchParams(url.split('?')[1] ?? '')
  query.set('after', after)
  return query.toString()
}

/** The desk's view is for those who hold a post; a reporter follows their own request on its page. */
function staffOnly(act: Act): void {
  signedIn(act)
  if (act.actor.tenures.length === 0) throw new Refusal(403, 'not-allowed', 'http.not-allowed')
}

function registerAct(
  app: FastifyInstance,
  kernel: Kernel,
  name: AskedAct & keyof typeof deskActs,
  endpoint: Endpoint,
): void {
  register(app, kernel, endpoint, {
    limit: 'write',
    needsVersion: true,
    handler: async (act, { params, body, reply, ifMatch }) => {
      staffOnly(act)
      const { id } = params as unknown as { id: string }
      await doing[name](act, kernel, id, body as never, ifMatch)
      const seen = await isSeen(act.sql, id)
      // A transfer or a return may have taken it out of the actor's sight: done, and nothing more to show.
      if (seen) return (await viewRequest(act, kernel, id)) as never
      reply.status(204)
      return null as never
    },
  })
}

function registerDrafts(app: FastifyInstance, kernel: Kernel): void {
  register(app, kernel, listDrafts, {
    limit: 'read',
    handler: async (act) => ({ items: await listDraftsOf(act, kernel, signedIn(act)) }),
  })
  register(app, kernel, saveDraft, {
    limit: 'read',
    handler: async (act, { params, body }) => saveDraftOf(act, kernel, signedIn(act), params.id, body),
  })
  register(app, kernel, dropDraft, {
    limit: 'write',
    handler: async (act, { params, reply }) => {
      if (!(await dropDraftOf(act, signedIn(act), params.id))) throw new Refusal(404, 'not-found', 'http.not-found')
      reply.status(204)
      return undefined as never
    },
  })
}

/** Whether an id made on a device tells a time at which it can have been made: at most sixty days kept there, its clock at most a day ahead. */
function isOfNow(id: string): boolean {
  const made = timeOfId(id)
  const day = 24 * 3_600_000
  return made !== null && made > Date.now() - 60 * day && made < Date.now() + day
}
