// The list of rooms. A new room is added here: its words, its routes, its jobs.
import type { FastifyInstance } from 'fastify'
import { registerFeed } from '#kernel/feeds/index.ts'
import { takeLimit } from '#kernel/http/index.ts'
import { calendarData } from '#kernel/icalendar/icalendar.personal.ts'
import { icalendarRoutes } from '#kernel/icalendar/icalendar.routes.ts'
import { registerCalendar } from '#kernel/icalendar/index.ts'
import type { JobQueue, QueueSettings } from '#kernel/jobs/index.ts'
import type { Kernel } from '#kernel/kernel.ts'
import { registerOpenDocument, registerOpenTable } from '#kernel/opendata/index.ts'
import { registerPersonalData } from '#kernel/privacy/index.ts'
import { pushData } from '#kernel/push/push.personal.ts'
import { pushRoutes } from '#kernel/push/push.routes.ts'
import { tellingData } from '#kernel/telling/telling.personal.ts'
import { tellingRoutes } from '#kernel/telling/telling.routes.ts'
import { figuresJobs } from '#listen/figures/figures.jobs.ts'
import { openFigures } from '#listen/figures/figures.opendata.ts'
import { figuresRoutes } from '#listen/figures/figures.routes.ts'
import { judgementsRoutes } from '#listen/judgements/judgements.routes.ts'
import { registerRoutes } from '#listen/register/register.routes.ts'
import { filtersRoutes } from '#listen/requests/filters/filters.routes.ts'
import { requestsCalendar, requestsHolding } from '#listen/requests/index.ts'
import { requestPages } from '#listen/requests/pages/index.ts'
import { raisedFeed } from '#listen/requests/raised.feed.ts'
import { releasedRequests } from '#listen/requests/released.opendata.ts'
import { requestsJobs } from '#listen/requests/requests.jobs.ts'
import { requestsData } from '#listen/requests/requests.personal.ts'
import { requestsRoutes } from '#listen/requests/requests.routes.ts'
import { suggestionsJobs } from '#listen/suggestions/suggestions.jobs.ts'
import { suggestionsRoutes } from '#listen/suggestions/suggestions.routes.ts'
import { feedsRoutes } from '#open/feeds/feeds.routes.ts'
import { forwardingJobs } from '#open/forwarding/forwarding.jobs.ts'
import { open311Routes } from '#open/open311/open311.routes.ts'
import { opendataRoutes } from '#open/opendata/opendata.routes.ts'
import { bodiesJobs } from '#organise/bodies/bodies.jobs.ts'
import { openOrganisations } from '#organise/bodies/bodies.opendata.ts'
import { bodiesRoutes } from '#organise/bodies/bodies.routes.ts'
import { registerHolding } from '#organise/bodies/index.ts'
import { lawsRoutes } from '#organise/laws/laws.routes.ts'
import { peopleData } from '#organise/people/index.ts'
import { peoplePages } from '#organise/people/pages/index.ts'
import { peopleJobs } from '#organise/people/people.jobs.ts'
import { peopleRoutes } from '#organise/people/people.routes.ts'
import { placesRoutes } from '#organise/places/places.routes.ts'
import { settingsRoutes } from '#organise/settings/settings.routes.ts'
import { deskRoutes } from './desk.routes.ts'
import { documentApi } from './documents.ts'
import { eventsRoutes } from './events.ts'
import { homePages } from './home/index.ts'
import { houseJobs } from './house.jobs.ts'
import { layoutRoutes } from './layout/index.ts'
import { declareScopes } from './scopes.ts'
import { signInRoutes } from './sign-in.routes.ts'

/** Registers everything; returns what ends it again. */
export async function registerAllRoutes(app: FastifyInstance, kernel: Kernel): Promise<() => Promise<void>> {
  await documentApi(app, kernel)
  layoutRoutes(app, {
    secure: kernel.config.publicUrl.startsWith('https:'),
    limit: (request) => takeLimit(kernel, request, 'write'),
  })
  signInRoutes(app, kernel)
  pushRoutes(app, kernel)
  icalendarRoutes(app, kernel)
  tellingRoutes(app, kernel)
  await deskRoutes(app, kernel)
  placesRoutes(app, kernel)
  bodiesRoutes(app, kernel)
  settingsRoutes(app, kernel)
  lawsRoutes(app, kernel)
  registerHolding(requestsHolding)
  registerPersonalData(peopleData(kernel.encryption))
  registerPersonalData(requestsData(kernel.encryption))
  registerPersonalData(pushData())
  registerPersonalData(calendarData())
  registerPersonalData(tellingData())
  registerCalendar(requestsCalendar)
  peopleRoutes(app, kernel)
  requestsRoutes(app, kernel)
  filtersRoutes(app, kernel)
  judgementsRoutes(app, kernel)
  registerRoutes(app, kernel)
  figuresRoutes(app, kernel)
  suggestionsRoutes(app, kernel)
  registerOpenTable(releasedRequests)
  registerOpenTable(openFigures)
  registerOpenDocument(openOrganisations)
  opendataRoutes(app, kernel)
  requestPages(app, kernel)
  registerFeed(raisedFeed)
  feedsRoutes(app, kernel)
  peoplePages(app, kernel)
  homePages(app, kernel)
  declareScopes()
  await open311Routes(app, kernel)
  const events = await eventsRoutes(app, kernel)
  return async () => {
    await events.stop()
  }
}

export function allJobs(kernel: Kernel): JobQueue[] {
  return [
    ...houseJobs(kernel),
    ...bodiesJobs(kernel),
    ...peopleJobs(kernel),
    ...requestsJobs(kernel),
    ...suggestionsJobs(kernel),
    ...figuresJobs(kernel),
    ...forwardingJobs(kernel),
  ]
}

/** Names and settings of all queues, for making their tables; the handlers made here are never called. */
export function queueSettings(): QueueSettings[] {
  return allJobs({} as Kernel)
}
