// Atom (RFC 4287) and JSON Feed 1.1: the same feed in two dresses. Pure; what is the same in the database is the same to the octet.
import type { FeedEntry } from '#kernel/feeds/index.ts'
import type { Language } from '#kernel/words/index.ts'
import { escaped } from '#kernel/xml/index.ts'

export interface Feed {
  readonly id: string
  readonly title: string
  readonly description: string
  readonly author: string
  readonly language: Language
  /** The page that shows the same to people. */
  readonly page: string
  /** Where this feed is, without its extension, and what narrows it. */
  readonly self: { readonly atom: string; readonly json: string }
  readonly entries: readonly FeedEntry[]
}

/** Of a feed in which nothing stands yet: no moment in which it changed, and one is asked for. */
const never = '1970-01-01T00:00:00.000Z'

/** When a feed last changed: with its newest entry, whichever place that has. */
export function updatedAt({ entries }: Pick<Feed, 'entries'>): string {
  const last = entries.map(({ updated }) => Date.parse(updated)).reduce((one, other) => Math.max(one, other), 0)
  return last > 0 ? new Date(last).toISOString() : never
}

export function writeAtom(feed: Feed): string {
  const entries = feed.entries.map(
    (entry) => `<entry>
<id>${escaped(entry.id)}</id>
<title>${escaped(entry.title)}</title>
<link rel="alternate" type="text/html" href="${escaped(entry.url)}"/>
<published>${entry.published}</published>
<updated>${entry.updated}</updated>
${entry.categories.map((each) => `<category term="${escaped(each)}"/>\n`).join('')}<content type="text">${escaped(entry.text)}</content>
</entry>
`,
  )
  return `<?xml version="1.0" encoding="UTF-8"?>
<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="${feed.language}">
<id>${escaped(feed.id)}</id>
<title>${escaped(feed.title)}</title>
<subtitle>${escaped(feed.description)}</subtitle>
<updated>${updatedAt(feed)}</updated>
<author><name>${escaped(feed.author)}</name></author>
<link rel="self" type="application/atom+xml" href="${escaped(feed.self.atom)}"/>
<link rel="alternate" type="text/html" href="${escaped(feed.page)}"/>
${entries.join('')}</feed>
`
}

export function writeJsonFeed(feed: Feed): string {
  const document = {
    version: 'https://jsonfeed.org/version/1.1',
    title: feed.title,
    description: feed.description,
    home_page_url: feed.page,
    feed_url: feed.self.json,
    language: feed.language,
    authors: [{ name: feed.author }],
    items: feed.entries.map((entry) => ({
      id: entry.id,
      url: entry.url,
      title: entry.title,
      content_text: entry.text,
      date_published: entry.published,
      date_modified: entry.updated,
      ...(entry.categories.length > 0 ? { tags: entry.categories } : {}),
    })),
  }
  return `${JSON.stringify(document, null, 1)}\n`
}
