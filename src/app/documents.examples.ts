// Examples for the OpenAPI document: what is sent and answered, made from the shapes themselves and from words that people really use,
// so that no example can stand beside a shape that it does not fit.
interface Shape {
  readonly type?: string
  readonly const?: unknown
  /** What the shape itself says of what stands in it. */
  readonly examples?: readonly unknown[]
  readonly default?: unknown
  readonly enum?: readonly unknown[]
  readonly anyOf?: readonly Shape[]
  readonly allOf?: readonly Shape[]
  readonly properties?: Readonly<Record<string, Shape>>
  readonly patternProperties?: Readonly<Record<string, Shape>>
  readonly additionalProperties?: boolean | Shape
  readonly items?: Shape | false
  readonly prefixItems?: readonly Shape[]
  readonly format?: string
  readonly pattern?: string
  readonly minLength?: number
  readonly maxLength?: number
  readonly minimum?: number
  readonly maximum?: number
  readonly minItems?: number
}

const someId = '0192f3a4-5b6c-7d8e-9f01-23456789abcd'
const someTime = '2026-11-30T09:00:00.000Z'

/** What stands in a field of this name; the first that fits the shape is taken. */
const byName: Readonly<Record<string, readonly unknown[]>> = {
  title: ['三号楼楼道灯不亮'],
  text: ['三号楼二单元三楼的灯坏了两天，晚上看不见台阶。'],
  body: ['三号楼二单元三楼的灯坏了两天，晚上看不见台阶。'],
  words: ['路灯'],
  q: ['路灯'],
  reason: ['要等配件，已经订货。'],
  basis: ['《物业管理条例》第三十五条'],
  name: ['五里社区居委会'],
  phone: ['13900000000'],
  email: ['office@example.org'],
  spot: ['三号楼二单元'],
  address: ['翠岗路 1 号'],
  telephone: ['0514-80000000'],
  hours: ['周一至周五 8:30–17:30'],
  code: ['321003001003'],
  path: ['32/10/03/001/003/'],
  number: [1_000_015, '1000-015'],
  longitude: [119.4],
  latitude: [32.39],
  // Of a browser's own, as push services take them: a point of P-256 and sixteen bytes.
  p256dh: [`B${'A'.repeat(86)}`],
  auth: ['bGlubGkgYW4gZXhhbXBsZQ'],
  type: ['/problems/not-found'],
  detail: ['没有找到。'],
  // Of requests and of what is beside them. Names that end in At or On are times, in Name names, in By people.
  state: ['accepted'],
  status: [200, 'open'],
  channel: ['web'],
  urgency: ['ordinary'],
  closing: ['solved'],
  verdict: ['solved'],
  step: ['answer'],
  kind: ['committee'],
  recordKind: ['request'],
  usualKind: ['property'],
  stays: ['办事记录里的摘要'],
  role: ['lead'],
  audience: ['reporter'],
  can: ['accept'],
  what: ['request.filed'],
  way: ['link'],
  task: ['换灯泡'],
  answer: ['灯泡已经换好，请您看看。'],
  note: ['上午九点在楼下等。'],
  remedy: ['不同意可以在 15 日内申请复核。'],
  hindrance: ['returned-twice'],
  because: ['路灯'],
  names: ['路灯'],
  category: ['路灯'],
  placeName: ['五里社区'],
  fullName: ['江苏省扬州市广陵区汶河街道五里社区'],
  trail: ['广陵区 / 汶河街道'],
  placeNameEn: ['Wuli Community'],
  nameEn: ['Wuli Community'],
  titleEn: ['Secretary'],
  bodyNameEn: ['Property Management'],
  holderName: ['五里社区居委会'],
  bodyName: ['五里社区居委会'],
  usualBodyName: ['市政养护所'],
  categoryName: ['路灯'],
  person: ['王敏'],
  who: ['王敏'],
  by: ['王敏'],
  responsible: ['王敏'],
  handedBy: ['五里社区居委会'],
  registered: ['王敏'],
  askedFor: ['王敏'],
  post: ['社区书记'],
  label: ['社区书记'],
  bodies: ['五里社区居委会'],
  duties: ['request.dispatch'],
  purpose: ['联系提出诉求的人'],
  level1: ['城乡建设'],
  level2: ['市政设施'],
  level3: ['路灯'],
  level1En: ['Construction'],
  level2En: ['Public works'],
  level3En: ['Street lights'],
  plain: ['物业应当及时维修公共照明。'],
  plainEn: ['The property manager repairs shared lights in good time.'],
  article: ['第三十五条'],
  heading: ['路灯维修'],
  dissolvedBasis: ['汶河街道 2026 年第 3 号文件'],
  query: ['queue=overdue&sort=due'],
  search: ['路灯'],
  language: ['zh-CN'],
  system: ['Android'],
  browser: ['Firefox'],
  transports: ['internal'],
  room: ['301'],
  outerNumber: ['C-77'],
  csv: ['level1,level2,level3\n城乡建设,市政设施,路灯\n'],
  value: ['9:00–17:30'],
  url: ['/files/0192f3a4-5b6c-7d8e-9f01-23456789abcd'],
  preview: ['/files/0192f3a4-5b6c-7d8e-9f01-23456789abcd/preview'],
  link: ['https://example.org/r/kq3p9XbW2t'],
  line: ['— witness.example.org AAAAAIb0kQ'],
  hash: ['47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU'],
  root: ['47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='],
  next: ['eyJhZnRlciI6IjE3In0'],
  after: ['eyJhZnRlciI6IjE3In0'],
  // Of Open311.
  jurisdiction_id: ['321003'],
  service_request_id: ['1000015'],
  service_code: ['GENERAL'],
  file: ['1000015.json'],
  start_date: ['2026-11-01T00:00:00+08:00'],
  end_date: ['2026-11-30T00:00:00+08:00'],
  updated_after: ['2026-11-24T00:00:00+08:00'],
  updated_before: ['2026-11-25T00:00:00+08:00'],
  extensions: ['true'],
  page: ['1'],
  page_size: ['100'],
  mail: ['resident@example.org'],
  password: ['correct horse battery staple'],
  id: [someId],
  place: [someId],
  record: [someId],
  request: [someId],
  tenure: [someId],
  replacement: [someId],
  inheritedFrom: [someId],
  at: [someTime],
  since: [someTime],
  month: ['2026-10'],
  from: ['2026-10', '2026-11-30T09:00:00+08:00'],
  until: ['2026-11', '2026-11-30T11:00:00+08:00'],
}

/** What stands in a field whose name ends so. */
const byEnding: readonly (readonly [RegExp, readonly unknown[]])[] = [
  [/(?:At|On)$/, [someTime]],
  [/Id$/, [someId]],
]

/** Texts of every form that a shape asks for; the first that fits is taken. */
const texts: readonly string[] = [
  '示例',
  '2026-11-30T09:00:00.000Z',
  '2026-11-30',
  '2026-11',
  '0192f3a4-5b6c-7d8e-9f01-23456789abcd',
  '32/10/03/001/003/',
  'office@example.org',
  'https://example.org/',
  'bGlubGkgZXhhbXBsZQ',
  'bGlubGkgZXhhbXBsZSBvZiBhIHNlY3JldCB0b2tlbiE',
  '13900000000',
  '321003001003',
  '123456',
  '1',
  'a',
]

const formats: Readonly<Record<string, string>> = {
  date: '2026-11-30',
  'date-time': '2026-11-30T09:00:00.000Z',
  uuid: '0192f3a4-5b6c-7d8e-9f01-23456789abcd',
  uri: 'https://example.org/',
  email: 'office@example.org',
}

/**
 * An example of a shape.
 * @param name the field in which it stands
 * @throws Error where no text that is known fits
 */
export function exampleOf(shape: Shape, name = ''): unknown {
  if (shape.const !== undefined) return shape.const
  if (shape.examples?.[0] !== undefined) return shape.examples[0]
  if (shape.enum) return shape.enum[0]
  // Beside a type it narrows what is there already: one of some fields has to stand, and in an example all do.
  if (shape.anyOf && !shape.type)
    return exampleOf(shape.anyOf.find(({ type }) => type !== 'null') ?? shape.anyOf[0] ?? {}, name)
  if (shape.allOf) return Object.assign({}, ...shape.allOf.map((each) => exampleOf(each, name)))
  switch (shape.type) {
    case 'object':
      return Object.fromEntries(
        Object.entries(shape.properties ?? {}).map(([key, value]) => [key, exampleOf(value, key)]),
      )
    case 'array':
      if (shape.prefixItems) return shape.prefixItems.map((each) => exampleOf(each, name))
      return Array.from({ length: Math.max(1, shape.minItems ?? 0) }, () => exampleOf(shape.items || {}, name))
    case 'string':
      return textOf(shape, name)
    case 'integer':
    case 'number':
      return numberOf(shape, name)
    case 'boolean':
      return true
    case 'null':
      return null
    default:
      return byName[name]?.[0] ?? (name === '' ? '示例' : exampleOf({ type: 'string' }, name))
  }
}

function textOf(shape: Shape, name: string): string {
  const pattern = shape.pattern === undefined ? null : new RegExp(shape.pattern, 'u')
  const fits = (text: unknown): text is string =>
    typeof text === 'string' &&
    text.length >= (shape.minLength ?? 0) &&
    text.length <= (shape.maxLength ?? Number.POSITIVE_INFINITY) &&
    (pattern === null || pattern.test(text))
  const named = byName[name] ?? byEnding.find(([ending]) => ending.test(name))?.[1] ?? []
  const found = [...(shape.format ? [formats[shape.format]] : named), ...texts].find(fits)
  if (found === undefined) throw new Error(`no example for ${name || 'a text'} ${JSON.stringify(shape)}`)
  return found
}

function numberOf({ minimum = 0, maximum = Number.MAX_SAFE_INTEGER }: Shape, name: string): number {
  const fits = (value: unknown): value is number => typeof value === 'number' && value >= minimum && value <= maximum
  return [...(byName[name] ?? []), 1, minimum, maximum].find(fits) ?? minimum
}

interface Media {
  readonly schema?: Shape
  example?: unknown
}
interface Operation {
  readonly parameters?: { readonly name: string; readonly schema?: Shape; example?: unknown }[]
  readonly requestBody?: { readonly content?: Readonly<Record<string, Media>> }
  readonly responses?: Readonly<Record<string, { readonly content?: Readonly<Record<string, Media>> }>>
}

/** Puts an example beside every shape of a document. Answers that refuse say the status they stand for. */
export function withExamples<D extends { readonly paths?: object }>(document: D): D {
  const paths = (document.paths ?? {}) as Record<string, Record<string, Operation>>
  for (const operation of Object.values(paths).flatMap((methods) => Object.values(methods))) {
    for (const parameter of operation.parameters ?? [])
      if (parameter.schema) parameter.example ??= exampleOf(parameter.schema, parameter.name)
    for (const media of Object.values(operation.requestBody?.content ?? {}))
      if (media.schema) media.example ??= exampleOf(media.schema)
    for (const [status, { content }] of Object.entries(operation.responses ?? {}))
      for (const media of Object.values(content ?? {})) {
        if (!media.schema || media.example !== undefined) continue
        const example = exampleOf(media.schema)
        media.example =
          example && typeof example === 'object' && 'status' in example && 'type' in example && Number(status) >= 400
            ? { ...example, status: Number(status) }
            : example
      }
  }
  return document
}
