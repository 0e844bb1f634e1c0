import { type Static, Type } from 'typebox'
import { closed, Id, maybe, Text } from '#kernel/http/shapes.api.ts'

/** One night's learning, and how often suggestions were right for matters that had not been learned from. Shares from 0 to 1. */
const Night = Type.Object({
  at: Type.String(),
  /** Closed matters to which staff had given a category. */
  rows: Type.Integer(),
  /** The first suggestion had the right first level; one of three had. */
  levelFirst: Type.Number(),
  levelThree: Type.Number(),
  /** The same of the category itself. */
  categoryFirst: maybe(Type.Number()),
  categoryThree: maybe(Type.Number()),
})

/** What was learned for a place, at the place itself or the nearest above it that learns; the newest night first. */
export const readLearned = {
  method: 'GET',
  url: '/api/suggestions/learned',
  schema: {
    summary: 'How suggestions of categories are learned at a place, and how often they are right',
    tags: ['suggestions'],
    querystring: Type.Object({ place: Type.Optional(Id) }, closed),
    response: {
      200: Type.Object({
        /** Whether suggestions are made by what was learned; else by the names of the categories alone. */
        standing: Type.Boolean(),
        /** The place above whose matters are learned from; null for the place itself. */
        from: maybe(Type.String()),
        nights: Type.Array(Night),
      }),
    },
  },
} as const

/**
 * Below this chance, and without a word that led there, a category is not offered to be tapped: so seldom it is right
 * (docs/suggestions.md).
 */
export const leastOffered = 0.05

/** The categories that a text most likely belongs to, three at most. Nothing is done by asking, and nothing of what is asked is kept. */
export const suggestFor = {
  method: 'POST',
  url: '/api/suggestions',
  asks: true,
  schema: {
    summary: 'Which categories a text most likely belongs to, and the words that led there',
    tags: ['suggestions'],
    body: Type.Object({ place: Type.Optional(Id), title: Type.Optional(Text(500)), text: Text(8000) }, closed),
    response: {
      200: Type.Object({
        items: Type.Array(
          Type.Object({
            /** Id of the category. */
            category: Type.String(),
            /** Its three names as the reader has them. */
            names: Type.Array(Type.String()),
            /** The chance that this is it, 0 to 1. */
            score: Type.Number(),
            /** Words of the text that led there, the weightiest first; none where nothing in it speaks for this one. */
            because: Type.Array(Type.String()),
          }),
        ),
      }),
    },
  },
} as const
export type Learnt = Static<(typeof readLearned)['schema']['response'][200]>
