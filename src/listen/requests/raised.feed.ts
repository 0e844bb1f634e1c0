// Released requests as a feed: what was raised, with its answer.
import type { OpenFeed } from '#kernel/feeds/index.ts'
import { t } from '#kernel/words/index.ts'
import { formatNumber } from './number.ts'
import { readRaisedNews } from './raised.store.ts'

const iso = (moment: string): string => new Date(moment).toISOString()

export const raisedFeed: OpenFeed = {
  name: 'raised',
  async read(act, { address, ...asked }) {
    const say = t(act.language)
    const { hostname } = new URL(address)
    const news = await readRaisedNews(act, asked)
    return news.map((each) => ({
      id: `tag:${hostname},2026:raised:${each.number}`,
      url: `${address}/raised/${each.number}`,
      title: `${each.title} (${formatNumber(each.number)})`,
      text: each.answer ? `${each.body}\n\n${say('feeds.raised-answer')}\n${each.answer}` : each.body,
      published: iso(each.released_at),
      updated: iso(each.changed_at),
      categories: each.category ? [each.category] : [],
    }))
  },
}
