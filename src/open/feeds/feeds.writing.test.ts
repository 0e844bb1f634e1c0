import fc from 'fast-check'
import { parseAtomFeed, parseJsonFeed } from 'feedsmith'
import { expect, test } from 'vitest'
import { type Feed, updatedAt, writeAtom, writeJsonFeed } from './feeds.writing.ts'

const entry = {
  id: 'tag:linli.example,2026:raised:100014',
  url: 'https://linli.example/raised/100014',
  title: '路灯不亮 (100 014)',
  text: '三号楼 <b>楼下</b> & 拐角\n\n答复：\n灯泡已换。',
  published: '2026-11-24T02:20:00.000Z',
  updated: '2026-11-25T02:20:00.000Z',
  categories: ['路灯'],
}
const feed: Feed = {
  id: 'tag:linli.example,2026:raised:all:all:zh-CN',
  title: '大家说的事',
  description: '公开的诉求',
  author: '邻里',
  language: 'zh-CN',
  page: 'https://linli.example/raised',
  self: {
    atom: 'https://linli.example/raised.atom?category=1&lang=zh-CN',
    json: 'https://linli.example/raised.json?category=1&lang=zh-CN',
  },
  entries: [entry],
}

test('a reader that we did not write finds in both dresses what was put in', () => {
  const atom = parseAtomFeed(writeAtom(feed))
  expect(atom).toMatchObject({ id: feed.id, title: { value: feed.title }, updated: entry.updated })
  expect(atom.links?.map(({ rel, href }) => [rel, href])).toEqual([
    ['self', feed.self.atom],
    ['alternate', feed.page],
  ])
  expect(atom.entries?.[0]).toMatchObject({ id: entry.id, title: { value: entry.title }, updated: entry.updated })
  const json = parseJsonFeed(JSON.parse(writeJsonFeed(feed)))
  expect(json).toMatchObject({ title: feed.title, feed_url: feed.self.json, language: 'zh-CN' })
  expect(json.items?.[0]).toMatchObject({ id: entry.id, content_text: entry.text, tags: ['路灯'] })
})

test('a feed changed with its newest entry, wherever that stands; an empty one never did', () => {
  const older = { ...entry, updated: '2026-11-01T00:00:00.000Z' }
  expect(updatedAt({ entries: [older, entry] })).toBe(entry.updated)
  expect(updatedAt({ entries: [] })).toBe('1970-01-01T00:00:00.000Z')
  expect(parseAtomFeed(writeAtom({ ...feed, entries: [] })).entries ?? []).toEqual([])
})

test('whatever is said is text to the reader', () => {
  const said = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 200 }),
    fc.constantFrom(
      '</content></entry><entry>',
      ']]>',
      '&amp;',
      '"/><link href="x',
      '\u0000\ud800\uffff',
      '<!ENTITY x "y">',
    ),
  )
  fc.assert(
    fc.property(said, said, (title, text) => {
      const one = { ...feed, entries: [{ ...entry, title: `t${title}`, text: `t${text}` }, entry] }
      const atom = parseAtomFeed(writeAtom(one))
      expect(atom.entries).toHaveLength(2)
      expect(atom.entries?.[1]).toMatchObject({ id: entry.id, title: { value: entry.title } })
      expect(writeAtom(one)).not.toMatch(/<!ENTITY|<b>/)
      expect(parseJsonFeed(JSON.parse(writeJsonFeed(one))).items).toHaveLength(2)
    }),
  )
})
