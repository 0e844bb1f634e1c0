// What each role gets of what is no JSON of an endpoint; who the roles are stands in refusals.table.ts.

/** Asked for with GET, and this is what comes. */
interface OtherAnswer {
  readonly url: string
  readonly accept: string
  /** Statuses in the order of `roles`. */
  readonly answers: string
  /** The media type of what is given with a 200. */
  readonly gives: string
}

const everybody = '200 200 200 200 200 200 200 200 200 200 200 200'
const signedIn = '401 401 200 200 200 200 200 200 200 200 200 200'

/** Open311 answers everybody alike: a session is nothing to it, and what is released is for all. */
const open311: readonly OtherAnswer[] = [
  ...['/open311', '/open311/v2', '/open311/test/v2'].map((base) => `${base}/discovery`),
  ...['/open311/v2', '/open311/test/v2'].flatMap((base) =>
    ['services', 'requests', 'servicerequestupdates'].map((path) => `${base}/${path}`),
  ),
].flatMap((path) => [
  { url: `${path}.xml`, accept: 'text/xml', answers: everybody, gives: 'text/xml' },
  { url: `${path}.json`, accept: 'application/json', answers: everybody, gives: 'application/json' },
])
const open311Named: readonly OtherAnswer[] = ['/open311/v2', '/open311/test/v2'].flatMap((base) =>
  ['services', 'requests', 'tokens'].map((path) => ({
    url: `${base}/${path}/:id`,
    accept: 'text/xml',
    answers: everybody.replaceAll('200', '404'),
    gives: 'text/xml',
  })),
)

export const otherAnswers: readonly OtherAnswer[] = [
  ...open311,
  ...open311Named,
  { url: '/api/events', accept: 'text/event-stream', answers: signedIn, gives: 'text/event-stream' },
  { url: '/api/requests', accept: 'text/csv', answers: signedIn, gives: 'text/csv' },
  {
    url: '/api/register',
    accept: 'text/csv',
    answers: '401 401 403 403 403 403 403 200 403 200 403 200',
    gives: 'text/csv',
  },
  { url: '/api/openapi.json', accept: 'application/json', answers: everybody, gives: 'application/json' },
  { url: '/api/docs', accept: 'text/html', answers: everybody, gives: 'text/html' },
  {
    url: '/api/requests/:id/files/:id',
    accept: 'image/webp',
    answers: '401 401 404 404 404 404 404 404 404 404 404 404',
    gives: 'image/webp',
  },
  {
    url: '/api/requests/:id/files/:id/preview',
    accept: 'image/webp',
    answers: '401 401 404 404 404 404 404 404 404 404 404 404',
    gives: 'image/webp',
  },
  {
    url: '/api/requests/drafts/:id/files/:id',
    accept: 'image/webp',
    answers: '401 401 404 404 404 404 404 404 404 404 404 404',
    gives: 'image/webp',
  },
] // prettier-ignore
