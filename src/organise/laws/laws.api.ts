import { type Static, Type } from 'typebox'
import { Day, IdParams, maybe, Text } from '#kernel/http/shapes.api.ts'
import { itemsOf } from '../settings/settings.api.ts'

/** What an item of the library is: 法律 行政法规 规章 政策文件 标准. */
export const lawKinds = ['law', 'regulation', 'rule', 'policy', 'standard'] as const
export type LawKind = (typeof lawKinds)[number]

/** The library of policies and laws: every refusal or exclusion cites an item of it. */
export const laws = itemsOf(
  'laws',
  {
    kind: Type.Enum(lawKinds),
    name: Text(160),
    nameEn: maybe(Type.String({ maxLength: 200 })),
    article: maybe(Type.String({ maxLength: 60 })),
    /** What it says, in plain words that a resident understands. */
    plain: Text(4000),
    plainEn: maybe(Type.String({ maxLength: 4000 })),
    validFrom: maybe(Day),
  },
  {},
  { search: Type.Optional(Type.String({ maxLength: 80 })) },
)
export type Law = Static<typeof laws.item>

/** One item, retired ones too: what cites it still shows it. Open to everyone, as a cited ground must be. */
export const getLaw = {
  method: 'GET',
  url: '/api/laws/:id',
  schema: {
    summary: 'An item of the library of policies and laws',
    tags: ['settings'],
    params: IdParams,
    response: { 200: Type.Object({ ...laws.item.properties, retiredAt: maybe(Type.String()) }) },
  },
} as const
