import type { Static, TSchema } from 'typebox'

/** One endpoint: validation, types, OpenAPI and the desk's calls all come from this object. */
export interface Endpoint {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  readonly url: string
  /** A POST that only asks, because what is asked for belongs in no address: each time it is answered anew, under no key. */
  readonly asks?: true
  readonly schema: {
    /** What it does, in one plain English sentence: /api/docs and the OpenAPI document show it. */
    readonly summary: string
    readonly tags?: readonly string[]
    readonly params?: TSchema
    readonly querystring?: TSchema
    readonly body?: TSchema
    readonly response: { readonly [status: number]: TSchema }
  }
}

type Part<E extends Endpoint, Name extends 'params' | 'querystring' | 'body'> = E['schema'][Name] extends TSchema
  ? Static<E['schema'][Name]>
  : undefined

export type Params<E extends Endpoint> = Part<E, 'params'>
export type Query<E extends Endpoint> = Part<E, 'querystring'>
export type Body<E extends Endpoint> = Part<E, 'body'>

type Successes<R> = {
  [Status in keyof R]: Status extends 200 | 201 | 202 ? (R[Status] extends TSchema ? Static<R[Status]> : never) : never
}[keyof R]
/** The shape of a successful answer. */
export type Answer<E extends Endpoint> = Successes<E['schema']['response']>
