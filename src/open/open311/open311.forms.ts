// What the description of the API says of what is posted: the forms of GeoReport v2, with and without pictures.
import { saidStatuses } from './open311.rules.ts'

interface Field {
  readonly description: string
  readonly example: string
  readonly enum?: readonly string[]
  /** It may stand several times. */
  readonly many?: true
}
type Form = Readonly<Record<string, Field>>

const key: Form = { api_key: { description: 'the key that was given; in the address too', example: 'linli_…' } }
const who: Form = {
  first_name: { description: 'of the reporter; who leaves nothing is anonymous', example: '小路' },
  last_name: { description: 'of the reporter', example: '王' },
  email: { description: 'of the reporter: where the link to follow it goes', example: 'reporter@example.org' },
}
const media: Form = {
  media_url: {
    description: 'of a picture elsewhere; kept as an address',
    example: 'https://example.org/1.jpg',
    many: true,
  },
}

/** POST Service Request. */
export const requestForm = {
  required: ['api_key', 'service_code', 'description'],
  fields: {
    ...key,
    jurisdiction_id: { description: 'code of a place', example: '321003' },
    service_code: { description: 'of the list of services', example: 'GENERAL' },
    description: { description: 'what is told; 15,000 characters at most', example: '楼下路灯不亮，晚上走路看不清。' },
    lat: { description: 'WGS 84; with long', example: '32.39' },
    long: { description: 'WGS 84; with lat', example: '119.42' },
    address_string: { description: 'where, in words; alone only with a jurisdiction', example: '三号楼东侧' },
    address_id: { description: 'where, by the code of a place', example: '321003001001' },
    ...who,
    phone: { description: 'of the reporter', example: '13900000000' },
    device_id: { description: 'taken, and kept nowhere', example: 'example' },
    account_id: { description: 'taken, and kept nowhere', example: '7' },
    ...media,
    'attribute[publication]': {
      description: 'whether the reporter agrees that it is published without personal details',
      example: 'yes',
      enum: ['yes', 'no'],
    },
  } as Form,
} as const

/** POST servicerequestupdates (FixMyStreet's extension). */
export const updateForm = {
  required: ['api_key', 'service_request_id'],
  fields: {
    ...key,
    service_request_id: { description: 'one that the same key filed', example: '1000015' },
    status: {
      description: 'as it is said elsewhere; told in words, and changes nothing here. In any case of letters',
      example: 'open',
      enum: [...saidStatuses, ...saidStatuses.map((status) => status.toUpperCase())],
    },
    updated_datetime: { description: 'W3C date and time with zone', example: '2026-11-24T08:15:30+08:00' },
    description: { description: 'what is added; needed unless a status or a picture is', example: '今晚还是不亮。' },
    update_id: { description: 'its number elsewhere; kept nowhere', example: '90' },
    update_id_ext: { description: 'the same under its older name', example: '90' },
    service_request_id_ext: { description: 'number of the request elsewhere; kept nowhere', example: '17' },
    ...who,
    ...media,
  } as Form,
} as const

function shapeOf({ required, fields }: typeof requestForm | typeof updateForm, pictures: boolean) {
  const properties = Object.fromEntries(
    Object.entries(fields).map(([name, { description, example, enum: words, many }]) => {
      const text = { type: 'string', ...(words ? { enum: [...words] } : {}), examples: [example] }
      return [name, many ? { type: 'array', description, items: text, maxItems: 9 } : { ...text, description }]
    }),
  )
  const files = {
    photo: {
      type: 'array',
      description: 'pictures themselves, under any name (photo1, photo2 …); nine at most',
      items: { type: 'string', contentMediaType: 'image/jpeg', examples: ['(the bytes of a picture)'] },
      maxItems: 9,
    },
  }
  return { type: 'object', required: [...required], properties: { ...properties, ...(pictures ? files : {}) } }
}

/** The body of a form, as OpenAPI tells it: by both kinds in which a form is posted. */
export const bodyOf = (form: typeof requestForm | typeof updateForm) => ({
  content: {
    'application/x-www-form-urlencoded': { schema: shapeOf(form, false) },
    'multipart/form-data': { schema: shapeOf(form, true) },
  },
})
