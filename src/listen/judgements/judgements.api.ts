import { type Static, Type } from 'typebox'
import { closed, maybe } from '#kernel/http/shapes.api.ts'
import { verdicts } from '#listen/requests/requests.api.ts'

/** Literals of a judgement, declared here once. */

/** By which way it was given. `call_back`: asked by someone who did not handle it. */
export const judgementWays = ['link', 'paper', 'call_back'] as const
export type JudgementWay = (typeof judgementWays)[number]

/** 1 very dissatisfied to 5 very satisfied. */
export const satisfactions = [1, 2, 3, 4, 5] as const
export type Satisfaction = (typeof satisfactions)[number]

export const callBackStates = ['waiting', 'reached', 'not_reached', 'closed'] as const
export type CallBackState = (typeof callBackStates)[number]

/** One judgement, for supervision; who judged stands nowhere. */
export const JudgementRow = Type.Object({
  id: Type.String(),
  request: Type.String(),
  number: Type.String(),
  title: Type.String(),
  placeName: Type.String(),
  bodies: Type.Array(Type.String()),
  verdict: Type.String(),
  satisfaction: maybe(Type.Integer()),
  words: maybe(Type.String()),
  way: Type.String(),
  at: Type.String(),
})
export type JudgementRow = Static<typeof JudgementRow>

/** Single judgements within the reach of judgement.read, newest first; never to whoever handled the request or their body. */
export const listJudgements = {
  method: 'GET',
  url: '/api/judgements',
  schema: {
    summary: 'Single judgements for supervision, newest first',
    tags: ['judgements'],
    querystring: Type.Object(
      {
        verdict: Type.Optional(Type.Enum(verdicts)),
        after: Type.Optional(Type.String({ pattern: '^[A-Za-z0-9_-]{1,200}$' })),
        limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 100 })),
      },
      closed,
    ),
    response: { 200: Type.Object({ items: Type.Array(JudgementRow), next: maybe(Type.String()) }) },
  },
} as const

export const Totals = Type.Object({
  judgements: Type.Integer(),
  solved: Type.Integer(),
  partly: Type.Integer(),
  not: Type.Integer(),
  satisfaction: maybe(Type.Number()),
})

/** What a unit and its head see of their own month: nothing before it has closed, below five, or where all are alike. */
export const readTotals = {
  method: 'GET',
  url: '/api/judgements/totals',
  schema: {
    summary: 'What residents said of the reader’s own bodies in a month that has closed',
    tags: ['judgements'],
    querystring: Type.Object(
      { month: Type.Optional(Type.String({ pattern: '^20[0-9]{2}-(0[1-9]|1[0-2])$' })) },
      closed,
    ),
    response: {
      200: Type.Object({
        month: Type.String(),
        bodies: Type.Array(Type.Object({ id: Type.String(), name: Type.String(), totals: maybe(Totals) })),
      }),
    },
  },
} as const
