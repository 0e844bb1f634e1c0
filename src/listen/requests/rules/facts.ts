/** What the rules of a request know and say. The store turns rows into these facts, and a decision back into rows. */
import type { Allowance } from '#kernel/calendar/index.ts'
import type {
  Act,
  AnswerKind,
  Audience,
  Closing,
  DueKind,
  EntryKind,
  ExplanationKind,
  LinkKind,
  OverdueStage,
  PartRole,
  PartState,
  ReceiverKind,
  RequestDuty,
  State,
  Supervision,
  Urgency,
  Verdict,
} from '../requests.api.ts'
import type { Who } from './table.ts'
import type { Listener } from './told.ts'

/** A span of working time, as the calendar counts it. */
export type Amount = Allowance

/** The calendar of a place, handed in: when a span of working time is over, and whether a year not yet announced was used. */
export interface WorkingCalendar {
  addWorkingTime(from: Date, amount: Amount): { at: Date; provisional: boolean }
}

/** Settings of a place that the rules need. Defaults stand in deadlines.ts. */
export interface RequestSettings {
  readonly accept: Amount
  readonly dispatch: Amount
  readonly acknowledge: Amount
  /** The answer to an urgent request. */
  readonly urgent: Amount
  /** Share of the time until a deadline after which it counts as due soon, 0 to 1. */
  readonly dueSoonShare: number
  readonly farOverdue: Amount
  readonly farOverdueUrgent: Amount
  readonly longestExtension: Amount
  /** Calendar days in which the resident is asked before a call back or an unconfirmed closing. */
  readonly judgeDays: number
  /** Calendar days in which whoever was drawn must have been called. */
  readonly callBackDays: number
  readonly callBackTries: number
  /** Calendar days after closing in which the resident may reopen. */
  readonly reopenDays: number
  readonly reopenLimit: number
}

export interface BodyAt {
  readonly body: string
  /** Path of the place where the body stands. */
  readonly path: string
}

export interface Part extends BodyAt {
  readonly id: string
  readonly receiver: ReceiverKind
  readonly role: PartRole
  readonly state: PartState
}

export interface Due {
  readonly kind: DueKind
  /** ISO 8601, as in the database. */
  readonly at: string
  readonly provisional: boolean
}

export interface VisitFacts {
  readonly state: 'proposed' | 'agreed'
  readonly by: 'unit' | 'resident'
  /** The unit that proposed it, leading or assisting; null where the resident did. */
  readonly body: string | null
}

/** Everything about a request on which a rule depends. Times are ISO 8601. */
export interface RequestFacts {
  readonly id: string
  readonly state: State
  readonly result: Closing | null
  readonly urgency: Urgency
  /** Working days promised by its category. */
  readonly promisedDays: number
  /** Where the matter is. */
  readonly path: string
  /** The district, above which no request is sent of itself. */
  readonly ceiling: string
  /** The body that accepts and dispatches; its place is the level at which the request is handled. */
  readonly holder: BodyAt
  /** Stays responsible whatever is returned. The holder until an authority has received it. */
  readonly firstReceiver: BodyAt
  readonly parts: readonly Part[]
  /** Returns by lead units since filing, transfer or reopening. */
  readonly returns: number
  readonly transfers: number
  readonly reopenings: number
  readonly filedAt: string
  /** Filing, or the last reopening: the promise counts from here. */
  readonly roundAt: string
  /** When the step began that is due now. */
  readonly stepAt: string
  /** When it last went to a unit; before `roundAt` where that was an earlier round. */
  readonly dispatchedAt: string | null
  readonly answeredAt: string | null
  readonly closedAt: string | null
  readonly extendedAt: string | null
  readonly due: Due | null
  /** The date promised to the resident; kept when closed, for the figures. */
  readonly promisedAt: string
  readonly promisedProvisional: boolean
  readonly overdueStage: OverdueStage | null
  /** A proposed explanation that waits for a second person. */
  readonly explanation: {
    readonly kind: ExplanationKind
    readonly by: string | null
    /** The body in whose post it was proposed. */
    readonly body: string | null
  } | null
  readonly answerKind: AnswerKind | null
  /** The answer of this round has been judged. */
  readonly judged: boolean
  readonly callBack: {
    readonly drawnAt: string
    readonly tries: number
    /** When nobody answered last. */
    readonly triedAt?: string | null
  } | null
  readonly supervised: Supervision | null
  readonly publicationPermitted: boolean
  readonly published: boolean
  readonly visit: VisitFacts | null
  readonly mergedInto: string | null
  /** When the reporter of a merged request heard the answer to the one that stayed. */
  readonly heardAt: string | null
  /** Until when it may be taken up again: written down with the closing, so that no later setting shortens it. */
  readonly reopenUntil: string | null
  /** Bodies that transferred it to another place: they go on seeing where it went and how it was answered. */
  readonly senders: readonly string[]
  readonly excludedPeople: readonly string[]
  readonly excludedBodies: readonly string[]
  /** Places below the district of those bodies, and of the posts of those people: at and beneath them nobody receives it. */
  readonly barredPlaces: readonly string[]
}

/** What matters about whoever asks, computed against one request. */
export interface ActorFacts {
  readonly system: boolean
  readonly person: string | null
  readonly reporter: boolean
  readonly link: boolean
  readonly judge: boolean
  /** Duties that cover the place of the holder. */
  readonly duties: readonly RequestDuty[]
  /** Duties held at a level above whoever is responsible. */
  readonly dutiesAbove: readonly RequestDuty[]
  /** Where their posts dispatch: the paths of the places, for what is sent beyond its district. */
  readonly dispatching: readonly string[]
  /** Bodies in which a post of theirs carries request.handle. */
  readonly handling: readonly string[]
  readonly bodies: readonly string[]
  /** Took part in handling this request. */
  readonly handled: boolean
  /** Wrote this request down for the resident. */
  readonly entered: boolean
  readonly excluded: boolean
}

export interface NewPart extends BodyAt {
  readonly id: string
  readonly receiver: ReceiverKind
}

/** What is asked of an existing request. Words stay with the caller; `reasoned` says that those for the resident say something. */
export type Command = (
  | {
      readonly act: Exclude<Act, Detailed['act'] | 'file'>
      /** Which part, where someone holds several. */
      readonly part?: string
    }
  | Detailed
) & { readonly reasoned?: boolean }

type Detailed =
  | { readonly act: 'dispatch' | 'redispatch' | 'assist'; readonly to: NewPart }
  | { readonly act: 'transfer'; readonly to: BodyAt; readonly path: string; readonly ceiling: string }
  | { readonly act: 'return'; readonly part?: string; readonly belongsTo: string | null }
  | { readonly act: 'explain'; readonly kind: ExplanationKind; readonly repeats?: string | null }
  | {
      readonly act: 'withdraw'
      /** A message reaches the reporter. */
      readonly reachable?: boolean
    }
  | {
      readonly act: 'publish'
      /** The reporter permitted it by their own hand, not only in the words of whoever wrote it down. */
      readonly permittedThemselves: boolean
      /** No answer is shown, or one that was sent, with nothing but redactions. */
      readonly answerSent: boolean
      /** Title and text are those of the reporter, with nothing but redactions. */
      readonly wordsKept: boolean
      /** No number by which somebody is known is left in what is shown: telephone, identity, card, plate, account, mail. */
      readonly numbersRemoved: boolean
    }
  | { readonly act: 'extend'; readonly amount: Amount }
  | {
      readonly act: 'merge'
      /** The request that stays, and every request into which that one was itself merged. */
      readonly into: Pick<
        RequestFacts,
        'id' | 'state' | 'path' | 'holder' | 'filedAt' | 'excludedPeople' | 'excludedBodies'
      >
      readonly chain: readonly string[]
    }
  | {
      readonly act: 'link'
      /** The request beside which it stands. */
      readonly other: Pick<RequestFacts, 'id' | 'excludedPeople' | 'excludedBodies'>
      readonly kind: LinkKind
      /** The link itself: a line names it, and not the other request, which not everybody sees who reads the line. */
      readonly link: string
      /** Whether the two are linked already. */
      readonly linked: boolean
    }
  | { readonly act: 'unlink'; readonly link: string | null; readonly linked: boolean }
  | {
      readonly act: 'unmerge'
      /** The request into which it was merged, as it ended. */
      readonly from: Pick<RequestFacts, 'id' | 'state' | 'result' | 'answeredAt'>
    }
  | {
      readonly act: 'split'
      readonly children: readonly { readonly id: string; readonly parts: readonly string[] }[]
      /** Parts made of it before. */
      readonly already: number
      /** The texts differ from each other and from what is divided. */
      readonly ownWords: boolean
      /** What is to be divided is itself a part. */
      readonly isPart: boolean
    }
  | { readonly act: 'categorise'; readonly promisedDays: number }
  | { readonly act: 'set-urgency'; readonly urgency: Urgency }
  | { readonly act: 'judge' | 'call-back'; readonly verdict: Verdict }
  | { readonly act: 'reopen'; readonly upper: BodyAt }
  | { readonly act: 'complain'; readonly handlers: readonly string[] }
  | {
      readonly act: 'hear'
      /** The service elsewhere says that it has closed it there. */
      readonly closed: boolean
    }

export interface Filing {
  readonly id: string
  readonly path: string
  readonly ceiling: string
  readonly holder: BodyAt
  readonly urgency: Urgency
  readonly promisedDays: number
  readonly publicationPermitted: boolean
  readonly excludedPeople: readonly string[]
  readonly excludedBodies: readonly string[]
}

export interface Entry {
  readonly kind: EntryKind
  readonly audience: Audience
  readonly part: string | null
  readonly facts: Readonly<Record<string, string | number | boolean | null>>
}

/** A line of the ledger: plain facts without words. What a resident said of an answer is not among them. */
export interface LedgerAct {
  readonly kind: `request.${Act}`
  readonly result: Closing | null
  readonly times: Readonly<Record<string, string>>
  readonly facts: Readonly<Record<string, string | number | boolean | null>>
}

/** Where a complaint about handling goes: to a level, past those who handled. */
export interface ComplaintRoute {
  readonly level: string
  readonly excludedPeople: readonly string[]
  readonly excludedBodies: readonly string[]
}

export interface Decision {
  readonly refused: false
  /** As what whoever asked does it. */
  readonly as: Who
  readonly next: RequestFacts
  readonly entries: readonly Entry[]
  readonly acts: readonly LedgerAct[]
  readonly tell: readonly Listener[]
  /** New requests made by a split. */
  readonly children: readonly RequestFacts[]
  readonly complaint: ComplaintRoute | null
}

export interface Refused {
  readonly refused: true
  readonly status: 403 | 404 | 409 | 422
  /** Stable slug for the problem document. */
  readonly type: string
  /** Key of the sentence for the reader. */
  readonly key: string
}
