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

export const otherAnswers: readonly OtherAnswer[] = [
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
