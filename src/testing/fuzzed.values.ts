// Values made from the shape that an endpoint declares: whole ones, ones with one thing wrong in them, and ones that have broken
// programs before.
import fc from 'fast-check'
import type { TSchema } from 'typebox'

/** Ids of records that are there, by what they are of; a field or a part of an address is mostly given one that it could mean. */
export type Ids = Readonly<Record<string, readonly string[]>>

export type Shape = TSchema & {
  readonly type?: string
  readonly const?: unknown
  readonly enum?: readonly unknown[]
  readonly anyOf?: readonly Shape[]
  readonly properties?: Readonly<Record<string, Shape>>
  readonly required?: readonly string[]
  readonly patternProperties?: Readonly<Record<string, Shape>>
  readonly items?: Shape
  readonly pattern?: string
  readonly minLength?: number
  readonly maxLength?: number
  readonly minimum?: number
  readonly maximum?: number
  readonly minItems?: number
  readonly maxItems?: number
}

/** Texts that have broken programs before. */
export const nastyTexts: readonly string[] = [
  '',
  ' ',
  '\u0000',
  'a\u0000b',
  '\ud800',
  '\udfffa',
  '\ufeff',
  '\u202edlrow',
  'e\u0301\u0301\u0301'.repeat(200),
  '👩‍👩‍👧‍👦'.repeat(50),
  '𠀀𪚥',
  "' or '1'='1",
  "'; drop table request; --",
  '$1',
  '%s%s%n',
  '\\',
  '{{number}}',
  '#{7*7}',
  '<script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  'javascript:alert(1)',
  '../../../../etc/passwd',
  '..%2f..%2f',
  '%00',
  '%ff',
  'a\r\nSet-Cookie: x=1',
  '__proto__',
  'constructor',
  'toString',
  'null',
  'undefined',
  'NaN',
  'Infinity',
  '-1',
  '0x10',
  '1e309',
  '９９９',
  '٣',
  '9999-12-31T23:59:59Z',
  '0000-00-00T00:00:00Z',
  '2026-02-30',
  '2026-13-01T25:61:61+99:99',
  '00000000-0000-0000-0000-000000000000',
  'ffffffff-ffff-ffff-ffff-ffffffffffff',
  "a' | !'b",
  '():*&|!<->',
  '% _',
  '第一行\n第二行',
  '长'.repeat(6_000),
  '(('.repeat(2_000),
]

const nastyValues: readonly unknown[] = [
  null,
  true,
  0,
  -0,
  -1,
  1e308,
  2 ** 31,
  1.5,
  [],
  [[]],
  {},
  { a: { b: 1 } },
  Array.from({ length: 3_000 }, () => 'x'),
]

export const nasty: fc.Arbitrary<unknown> = fc.oneof(
  fc.constantFrom<unknown>(...nastyTexts),
  fc.constantFrom<unknown>(...nastyValues),
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.double(),
)

/** A value that a shape takes, as far as its pattern can be met by chance; ids are those of records that are there. */
function shapedOf(shape: Shape, ids: Ids, name = ''): fc.Arbitrary<unknown> {
  if (shape.const !== undefined) return fc.constant(shape.const)
  if (shape.enum) return fc.constantFrom(...shape.enum)
  if (shape.anyOf && !shape.properties) return fc.oneof(...shape.anyOf.map((each) => shapedOf(each, ids, name)))
  switch (shape.type) {
    case 'object':
      return objectOf(shape, ids)
    case 'array':
      return fc.array(shapedOf(shape.items ?? {}, ids, name), {
        minLength: shape.minItems ?? 0,
        maxLength: Math.min(shape.maxItems ?? 4, (shape.minItems ?? 0) + 4),
      })
    case 'integer':
      return fc.integer({ min: shape.minimum ?? -1_000, max: shape.maximum ?? 1_000_000 })
    case 'number':
      return fc.double({ min: shape.minimum ?? -1_000, max: shape.maximum ?? 1_000_000, noNaN: true })
    case 'boolean':
      return fc.boolean()
    case 'null':
      return fc.constant(null)
    case 'string':
      return textOf(shape, ids, name)
    default:
      return nasty
  }
}

/** What a name of a field, or the part of an address before it, means. */
const meant: Readonly<Record<string, string>> = {
  into: 'request',
  repeats: 'request',
  record: 'request',
  requests: 'request',
  under: 'place',
  parent: 'place',
  places: 'place',
  usualBody: 'body',
  belongsTo: 'body',
  bodies: 'body',
  posts: 'post',
  tenures: 'tenure',
  aboutTenure: 'tenure',
  card: 'tenure',
  basis: 'law',
  laws: 'law',
  categories: 'category',
  templates: 'template',
}

export function idOf(ids: Ids, name: string): fc.Arbitrary<string> {
  const any = fc.constantFrom(...Object.values(ids).flat())
  const own = ids[meant[name] ?? name]
  return own && own.length > 0
    ? fc.oneof({ weight: 5, arbitrary: fc.constantFrom(...own) }, { weight: 1, arbitrary: any })
    : any
}

const zones = ['+08:00', 'Z', '-11:30']

function textOf(shape: Shape, ids: Ids, name: string): fc.Arbitrary<string> {
  const { pattern, minLength = 0, maxLength = 200 } = shape
  const fitting = (text: string) => text.slice(0, maxLength).padEnd(minLength, '字')
  const words = fc
    .oneof(
      { weight: 5, arbitrary: fc.constantFrom('路灯不亮', '三号楼下', 'A lamp is dark', '一句话') },
      { weight: 1, arbitrary: fc.constantFrom(...nastyTexts) },
      { weight: 1, arbitrary: fc.string({ maxLength: 60 }) },
    )
    .map(fitting)
  if (!pattern) return words
  if (pattern.includes('[0-9a-f]{8}')) return idOf(ids, name)
  if (pattern.includes('T\\d{2}'))
    return fc
      .tuple(
        fc.date({ min: new Date('1990-01-01'), max: new Date('2200-01-01'), noInvalidDate: true }),
        fc.constantFrom(...zones),
      )
      .map(([date, zone]) => `${date.toISOString().slice(0, 19)}${zone}`)
  // Patterns with look-ahead or of plain text are met by words; others are short and can be made from the pattern itself.
  if (pattern.includes('(?=') || pattern.includes('[^')) return words.map((text) => text || '字')
  try {
    return fc.stringMatching(new RegExp(pattern, 'u'))
  } catch {
    return words
  }
}

export function objectOf(shape: Shape, ids: Ids): fc.Arbitrary<Record<string, unknown>> {
  const properties = Object.entries(shape.properties ?? {})
  const required = shape.required ?? []
  return fc.record(Object.fromEntries(properties.map(([name, part]) => [name, shapedOf(part, ids, name)])), {
    requiredKeys: required as never[],
  }) as fc.Arbitrary<Record<string, unknown>>
}

/** One thing wrong somewhere in a whole body. */
export function wrongIn(whole: fc.Arbitrary<Record<string, unknown>>): fc.Arbitrary<unknown> {
  return fc
    .tuple(whole, fc.nat(), nasty, fc.constantFrom('replace', 'remove', 'add', 'within', 'instead'))
    .map(([body, at, value, how]) => {
      const names = Object.keys(body)
      const name = names[at % Math.max(1, names.length)] ?? 'text'
      if (how === 'instead') return value
      if (how === 'add') return { ...body, [typeof value === 'string' ? value : 'colour']: value }
      if (how === 'remove') return Object.fromEntries(Object.entries(body).filter(([each]) => each !== name))
      return { ...body, [name]: how === 'within' ? [value] : value }
    })
}
