// `npm run bench -- --scale province`: a whole province, with its figures in bench/results-province.json.
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { prepareDatabase } from '#app/prepare.ts'
import { drill } from '../backup.ts'
import { given, requests, type State, stateFile, wanted, withOwner } from '../context.ts'
import { keepResults, keptFigures, note, ofProvince } from '../figures.ts'
import { intake } from '../intake.ts'
import { messages } from '../messages.ts'
import type { Past } from '../past.ts'
import { places } from '../places.ts'
import { registers } from '../registers.ts'
import { starts } from '../starts.ts'
import { curvesOf, printCurves } from './curve.ts'
import { folding } from './folding.ts'
import { nights, points } from './nights.ts'
import { makeProvince } from './organisation.ts'
import { loadProvince } from './past.ts'
import { readings } from './reading.ts'
import { table } from './table.ts'

/** Measures everything that is asked for. */
export async function province(): Promise<void> {
  ofProvince(requests)
  if (given.only === 'table') return console.log(table(keptFigures()))
  await starts()
  await places()
  const state = await prepared()
  await readings(state)
  await points()
  await folding()
  if (wanted('intake', 'memory', 'ledger')) await intake(state)
  if (wanted('ledger', 'database', 'place.move')) await registers(state)
  if (wanted('import.messages')) await messages()
  if (wanted('backup')) await drill(state)
  // Last, because it changes what was loaded.
  await nights()
  keepResults()
  note(`${table(keptFigures())}\n\n${printCurves(curvesOf(keptFigures()))}`)
}

/** The province with its bodies, its people and its past; made once for a data directory, and filled up where more is asked for. */
async function prepared(): Promise<State> {
  const state: { organisation?: State['organisation']; past?: Past & { requests: number } } = existsSync(stateFile)
    ? JSON.parse(readFileSync(stateFile, 'utf8'))
    : {}
  if (state.organisation && state.past && state.past.requests >= requests) return state as State
  return withOwner(async ({ config, superuserUrl }) => {
    // An installation that was kept may be of an earlier version.
    await prepareDatabase(config, superuserUrl)
    if (!state.organisation) {
      note('making the organisation of the province')
      state.organisation = await makeProvince(config, Number(given.grids))
      writeFileSync(stateFile, JSON.stringify(state))
    }
    note(
      `loading ${requests - (state.past?.requests ?? 0)} requests over ${state.organisation.communities.length} communities`,
    )
    state.past = await loadProvince(config, state.organisation, state.past, requests)
    note(`loaded in ${state.past.seconds.toFixed(0)} s, ${state.past.bytes.toFixed(0)} bytes each`)
    writeFileSync(stateFile, JSON.stringify(state))
    return state as State
  })
}
