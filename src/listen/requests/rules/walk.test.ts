import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { requestDuties, states } from '../requests.api.ts'
import { decide, isHeld, responsibilityFaults, responsible } from '../requests.rules.ts'
import { requestRefusalsWords } from '../words/refusals.words.ts'
import { printLifecycle } from './print.ts'
import {
  actorWho,
  commandActs,
  commandFor,
  conditions,
  requestIn,
  type Scene,
  stranger,
  surroundings,
} from './scenes.ts'
import { guardNames, lifecycle, rowsFor, type Who, whoKinds } from './table.ts'

const everyWho: Who[] = [...whoKinds, ...requestDuties, ...requestDuties.map((duty) => `${duty} above` as const)]
const rowNames = lifecycle.flatMap((row) =>
  row.from === 'none' ? [] : row.from.flatMap((state) => row.who.map((who) => [row, state, who] as const)),
)

function sceneOf(row: (typeof lifecycle)[number], state: (typeof states)[number], who: Who): Scene {
  let scene: Scene = { request: requestIn(state), command: commandFor(row.act), actor: actorWho(who) }
  for (const guard of row.guards) scene = { ...scene, ...conditions[guard].holds(scene, who) }
  return scene
}
const outcome = ({ request, command, actor }: Scene) => decide(request, command, actor, surroundings)

test('the table names every act, every state and every condition', () => {
  expect(new Set(lifecycle.map((row) => row.act))).toEqual(new Set(['file', ...commandActs]))
  expect(new Set(lifecycle.flatMap((row) => row.guards))).toEqual(new Set(guardNames))
  for (const state of states) expect(lifecycle.some((row) => row.next === state)).toBe(true)
})

describe('every state, every act, every kind of actor', () => {
  test.each(states.flatMap((state) => commandActs.map((act) => [state, act] as const)))('%s: %s', (state, act) => {
    const rows = rowsFor(act, state)
    for (const who of everyWho) {
      const decision = outcome({ request: requestIn(state), command: commandFor(act), actor: actorWho(who) })
      const mine = rows.filter((row) => row.who.includes(who) || (row.who.includes('anyone') && who !== 'system'))
      if (rows.length === 0) expect(decision).toMatchObject({ refused: true, status: 409, type: 'request-state' })
      else if (mine.length === 0) {
        // A plain note by the unit that answered is the one case in which a part that is over still counts.
        expect(decision, who).toMatchObject({ refused: true })
        if (decision.refused) expect(decision.type).toBe('request-forbidden')
      } else if (decision.refused) {
        if (who === 'lead' || who === 'assistant') {
          const held = requestIn(state).parts.some(isHeld)
          if (!held && decision.type === 'request-forbidden') continue
        }
        expect(mine.flatMap((row) => row.guards).map((guard) => `request-${guard}`)).toContain(decision.type)
      } else {
        expect(mine.map((row) => (row.next === 'same' ? state : row.next))).toContain(decision.next.state)
      }
    }
  })
})

describe('every row', () => {
  test.each(rowNames)('%o from %s by %s is carried out when its conditions hold', (row, state, who) => {
    const scene = sceneOf(row, state, who)
    const decision = outcome(scene)
    // No unit holds a part before dispatch or after the answer, except for notes.
    if ((who === 'lead' || who === 'assistant') && decision.refused) {
      expect(row.act).toBe('note')
      expect(scene.request.parts).toEqual([])
      return
    }
    if (decision.refused) expect.fail(`${row.act} from ${state} by ${who}: ${decision.type}`)
    const { next } = decision
    expect(next.state).toBe(row.next === 'same' ? state : row.next)
    expect(next.state === 'closed').toBe(next.due === null)
    expect(next.state === 'closed').toBe(next.result !== null)
    expect(decision.acts.map((act) => act.kind)).toEqual([`request.${row.act}`])
    expect(responsible(next).body).not.toBe('')
    const faults = responsibilityFaults(next, responsible(next).body, () => true)
    expect(faults).toEqual([])
  })

  test.each(rowNames.filter(([row]) => row.guards.length > 0))(
    '%o from %s by %s is refused when one fails',
    (row, state, who) => {
      for (const guard of row.guards) {
        const whole = sceneOf(row, state, who)
        const scene = { ...whole, ...conditions[guard].fails(whole, who) }
        const decision = outcome(scene)
        // Another row of the same act may allow it: a unit whose lead part is not the one offered may hold an assisting one.
        expect(decision.refused, guard).toBe(true)
        if (decision.refused) {
          expect(decision.type).toMatch(/^request-[a-z-]+$/)
          expect(decision.key).toBe(decision.type.replace('request-', 'requests.refusal.'))
          expect(
            rowsFor(row.act, state)
              .flatMap((each) => each.guards)
              .map((each) => `request-${each}`),
          ).toContain(decision.type)
        }
      }
    },
  )
})

test('whoever is excluded learns nothing, whatever they hold', () => {
  for (const state of states) {
    for (const act of commandActs) {
      for (const who of everyWho) {
        const decision = outcome({
          request: requestIn(state),
          command: commandFor(act),
          actor: { ...actorWho(who), excluded: true },
        })
        expect(decision).toEqual({
          refused: true,
          status: 404,
          type: 'request-not-found',
          key: 'requests.refusal.not-found',
        })
      }
    }
  }
})

test('a stranger changes nothing but their own "me too"', () => {
  for (const state of states) {
    for (const act of commandActs) {
      const published = { ...requestIn(state), published: true }
      const decision = decide(published, commandFor(act), stranger, surroundings)
      if (!decision.refused) expect(act).toBe('me-too')
    }
  }
})

test('the document is what the table prints', () => {
  // The formatter aligns the columns of tables; what is said must be the same.
  const said = (text: string) => text.replaceAll(/ +/g, ' ').replaceAll(/-{3,}/g, '---')
  const document = readFileSync(new URL('../../../../docs/request-lifecycle.md', import.meta.url), 'utf8')
  expect(said(document)).toBe(said(printLifecycle()))
})

test('there is a sentence for every refusal, in both languages', () => {
  const keys = ['not-found', 'state', 'forbidden', 'holes', ...guardNames]
    .map((name) => `requests.refusal.${name}`)
    .toSorted()
  expect(Object.keys(requestRefusalsWords['zh-CN']).toSorted()).toEqual(keys)
  expect(Object.keys(requestRefusalsWords.en).toSorted()).toEqual(keys)
})
