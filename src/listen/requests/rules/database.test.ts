import { expect, test } from 'vitest'
import { testDatabase } from '#testing/database.ts'
import { entryKinds } from '../requests.api.ts'
import { decide } from '../requests.rules.ts'
import { columnsOf } from '../writing.store.ts'
import { saysSomething } from './saying.ts'
import { actorWho, commandFor, conditions, requestIn, type Scene, surroundings } from './scenes.ts'
import { lifecycle } from './table.ts'

// The wall in the database against the rules: the same steps, by the same people, and room for all that the rules change.
const database = await testDatabase()

interface Step {
  act: string
  from_states: string[]
  next: string | null
  who: string[]
  results: string[]
  changes: string[]
  says: string | null
}
const steps = (await database.owner.pool.query<Step>('select * from request_step')).rows

/** Acts that change no request through request_change: filing inserts one, "me too" has a function of its own. */
const apart = ['file', 'me-too']
const asked = lifecycle.filter((row) => !apart.includes(row.act) && row.who.some((who) => who !== 'system'))
const spoken = (act: string, from: readonly string[] | string, who: readonly string[], next: string | null) =>
  `${act}: ${[from].flat().sort().join(' ')} by ${[...who].sort().join(' ')} to ${next ?? 'same'}`

test('the database knows the steps of the table, and no others', () => {
  expect(steps.map((step) => spoken(step.act, step.from_states, step.who, step.next)).sort()).toEqual(
    asked.map((row) => spoken(row.act, row.from, row.who, row.next === 'same' ? null : row.next)).sort(),
  )
})

test.each(asked.map((row) => [spoken(row.act, row.from, row.who, row.next), row] as const))(
  '%s: whatever the rules change, the database lets through, and closes with no other result',
  (_, row) => {
    const step = steps.find(
      (each) =>
        spoken(each.act, each.from_states, each.who, each.next) ===
        spoken(row.act, row.from, row.who, row.next === 'same' ? null : row.next),
    )
    const results = new Set<string>()
    for (const state of row.from === 'none' ? [] : row.from)
      for (const who of row.who)
        for (const verdict of ['solved', 'partly', 'not'] as const) {
          let scene: Scene = { request: requestIn(state), command: commandFor(row.act), actor: actorWho(who) }
          for (const guard of row.guards) scene = { ...scene, ...conditions[guard].holds(scene, who) }
          const command = 'verdict' in scene.command ? { ...scene.command, verdict } : scene.command
          const decision = decide(scene.request, command, scene.actor, surroundings)
          if (decision.refused) continue
          const before = columnsOf(scene.request)
          const after = columnsOf(decision.next)
          const changed = Object.keys(after).filter((key) => JSON.stringify(before[key]) !== JSON.stringify(after[key]))
          expect([...(step?.changes ?? []), 'state', 'result']).toEqual(expect.arrayContaining(changed))
          if (after.result && after.result !== before.result) results.add(String(after.result))
        }
    expect([...results].sort()).toEqual([...(step?.results ?? [])].sort())
  },
)

/** What the resident reads of these stands in an answer and not in the timeline; its own policy sees to it. */
const inAnswer = ['answer-part', 'explain']
test('what has to say something is a line that the database asks for', () => {
  const needed = asked.filter((row) => row.guards.includes('says-something') && !inAnswer.includes(row.act))
  const lines = needed.map((row) => {
    const who = row.who[0] ?? 'anyone'
    const state = row.from === 'none' ? 'received' : row.from[0]
    let scene: Scene = { request: requestIn(state ?? 'received'), command: commandFor(row.act), actor: actorWho(who) }
    for (const guard of row.guards) scene = { ...scene, ...conditions[guard].holds(scene, who) }
    const decision = decide(scene.request, scene.command, scene.actor, surroundings)
    return `${spoken(row.act, row.from, row.who, row.next === 'same' ? null : row.next)}: ${decision.refused ? decision.type : decision.entries[0]?.kind}`
  })
  const found = steps.filter((step) => step.says !== null)
  expect(
    found.map((step) => `${spoken(step.act, step.from_states, step.who, step.next)}: ${step.says}`).sort(),
  ).toEqual(lines.sort())
})

test('what says something is the same on both sides', async () => {
  const texts = [
    '',
    '。',
    '…',
    '是',
    '是。',
    '已修',
    '🙂🙂',
    '12',
    '3 楼',
    '三楼',
    'ok',
    'o',
    'é',
    '１２',
    '㐀𠮷',
    '가나',
    'x²',
    '——',
  ]
  const { rows } = await database.owner.pool.query<{ text: string; says: boolean }>(
    'select text, says_something(text) as says from unnest($1::text[]) text',
    [texts],
  )
  expect(rows).toEqual(texts.map((text) => ({ text, says: saysSomething(text) })))
  expect(texts.filter(saysSomething)).toEqual(['已修', '三楼', 'ok', '㐀𠮷', '가나'])
})

test('who handled is said by lines that the timeline has', async () => {
  const { rows } = await database.owner.pool.query<{ kinds: string[] }>('select request_handling_kinds() as kinds')
  const kinds = rows[0]?.kinds ?? []
  expect(kinds).toContain('answered')
  expect(kinds.filter((kind) => !(entryKinds as readonly string[]).includes(kind))).toEqual([])
})
