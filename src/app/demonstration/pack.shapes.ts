/** What the demonstration's pack holds once it is read: places, bodies, posts, residents, and each request with its whole journey. */
import type {
  Act,
  Channel,
  ExplanationKind,
  LinkKind,
  ServiceFault,
  Urgency,
  Verdict,
} from '#listen/requests/requests.api.ts'
import type { BodyKind, Duty } from '#organise/bodies/index.ts'
import type { SettingValue } from '#organise/settings/index.ts'

export interface PackPlace {
  key: string
  name: string
  name_en: string
  /** Official code; grids and buildings, which are made up, have none. */
  code?: string
  /** Key of the place above; absent for a district and what lies above it. */
  of?: string
  /** Longitude and latitude, roughly. */
  point?: [number, number]
  kind: 'province' | 'city' | 'district' | 'subdistrict' | 'community' | 'grid' | 'building'
}

export interface PackPost {
  key: string
  title: string
  title_en: string
  duties: Duty[]
  seats: number
  head: boolean
  shown: boolean
  holders: string[]
}

export interface PackBody {
  key: string
  kind: BodyKind
  /** Key of its place. */
  at: string
  name: string
  name_en: string
  telephone?: string
  posts: PackPost[]
}

export interface PackCategory {
  code: string
  /** From the widest to the narrowest, [Chinese, English]. */
  names: [string, string][]
  days: 1 | 5 | 10
  unit: BodyKind
}

export interface PackLaw {
  key: string
  kind: 'law' | 'regulation' | 'rule' | 'policy' | 'standard'
  name: string
  name_en: string
  article?: string
  plain: string
  plain_en: string
  valid_from?: string
}

export interface PackTemplate {
  name: string
  text: string
  language?: 'zh-CN' | 'en'
}

export interface PackAccount {
  role: string
  person: string
  name: [string, string]
  mail?: string
  phone?: string
  home?: string
}

export interface PackResident {
  person: string
  phone: string
  language: 'zh-CN' | 'en'
}

/** One act of a journey, complete: who, when and with which words. */
export interface PackAct {
  do: Act
  /** Minutes after the request was told. */
  minutes: number
  /** `body.post`, or who is none of the staff. */
  by: string
  /** The holder of the matter at that moment, before the act. */
  holder: string
  /** Body or place it goes to; for a return, whose it is. */
  to?: string
  /** Key of the request into which it is merged, or the titles of what a split makes. */
  into?: string | string[]
  /** Key of the request beside which it is set, or from which that link is taken, and what the two have in common. */
  beside?: string
  common?: LinkKind
  text?: string
  kind?: ExplanationKind
  law?: string
  remedy?: string
  repeats?: string
  verdict?: Verdict
  satisfied?: number
  words?: string
  days?: number
  urgency?: Urgency
  category?: string
  /** A visit: days from today and the time window. */
  on?: number
  from?: string
  until?: string
}

export interface PackRequest {
  key: string
  title: string
  text: string
  language: 'zh-CN' | 'en'
  place: string
  /** Where exactly, as whoever told it marked it: longitude and latitude. */
  point: [number, number] | null
  category: string
  channel: Channel
  urgency: Urgency
  /** How long ago it was told. */
  minutesAgo: number
  /** `anonymous`, a resident's name, or `contact`: someone who left a number of the fictional range. */
  reporter: string
  /** Post that entered it for them; null when they told it themselves. */
  enteredBy: string | null
  outerNumber: string | null
  public: boolean
  /** The version released for all to read; null when it was not released. */
  published: { title: string; text: string } | null
  meToo: number
  faults: ServiceFault[]
  complainsAbout: string | null
  aboutOfficial: string | null
  acts: PackAct[]
}

export interface Pack {
  places: PackPlace[]
  bodies: PackBody[]
  categories: PackCategory[]
  laws: PackLaw[]
  templates: PackTemplate[]
  hours: Record<string, { days: number[]; spans: [string, string][] }>
  /** Times of a place that differ from those that are built in. */
  deadlines: Record<string, SettingValue<'deadlines'>>
  /** All fictional phone numbers begin with these digits. */
  phones: string
  accounts: PackAccount[]
  residents: PackResident[]
  requests: PackRequest[]
}
