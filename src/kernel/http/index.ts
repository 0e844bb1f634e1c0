// The HTTP server: one way to register an endpoint, one way to register a page, one way to refuse.
export type { Act, Language } from '../access/index.ts'
export { credentialsOf, inAct, readAct, readAsNobody, readerOf, takeLimit } from './asking.ts'
export { type Cursor, readCursor, writeCursor } from './cursor.ts'
export { filledIn, switchPressed } from './display.ts'
export type { Answer, Body, Endpoint, Params, Query } from './endpoint.ts'
export { once } from './idempotency.ts'
export { sendUnlessKnown } from './known.ts'
export type { LayOut, PageContent } from './layout.ts'
export {
  one,
  type PageAnswer,
  type PageInput,
  type PageRegistration,
  registerForm,
  registerPage,
  show,
} from './page.ts'
export { type Problem, type ProblemPage, type Reader, refusalOf } from './problem.ts'
export { Refusal } from './refusal.ts'
export { type Input, type Registration, register } from './register.ts'
export { bodyLimit, createServer, routesOf, type ServedRoute } from './server.ts'
