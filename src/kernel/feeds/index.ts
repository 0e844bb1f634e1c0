// What rooms tell everybody as news, newest first. A port: each room says what it has, the room of feeds serves it as Atom and JSON.
import type { Act } from '../access/index.ts'

/** One entry. Times are ISO 8601 with the zone. */
export interface FeedEntry {
  /** The same as long as the record stands, whatever its address becomes (RFC 4287, 4.2.6). */
  readonly id: string
  readonly url: string
  readonly title: string
  /** Plain text. */
  readonly text: string
  readonly published: string
  readonly updated: string
  readonly categories: readonly string[]
}

/** Which entries are asked for. */
export interface FeedAsked {
  /** Path of a place: its own and those of everything below; empty for the whole installation. */
  readonly path: string
  /** Id of a category; null for all. */
  readonly category: string | null
  readonly limit: number
  /** The public address of this installation, for links and ids. */
  readonly address: string
}

/** A feed of a room. Its words stand under `feeds.<name>`, `feeds.<name>-at` (with `place`) and `feeds.<name>-about`. */
export interface OpenFeed {
  /** As it stands in addresses, where people find the same as a page: `/raised`, `/raised.atom`, `/places/…/raised.json`. */
  readonly name: string
  /** Only what everybody may read, in the language of the act. */
  readonly read: (act: Act, asked: FeedAsked) => Promise<FeedEntry[]>
}

const feeds = new Map<string, OpenFeed>()

/** A room opens a feed. */
export function registerFeed(feed: OpenFeed): void {
  feeds.set(feed.name, feed)
}

export const openFeeds = (): readonly OpenFeed[] => [...feeds.values()]
