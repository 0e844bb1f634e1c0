// `npm run bench`: measures the real program on a data directory of its own. Options: --only figure,… (prefixes), --data DIR (kept and
// used again), --requests N, --entries N, --seconds N. See docs/performance.md for what each figure means. With --faults what can go wrong is made to
// go wrong instead, and nothing is measured: docs/faults.md.
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { loadavg } from 'node:os'
import { buildDesk } from '#app/commands/desk-build.ts'
import { drill } from './backup.ts'
import {
  given,
  kept,
  requests,
  root,
  type State,
  stateFile,
  wanted,
  wantedAlone,
  wholeProvince,
  withOwner,
} from './context.ts'
import { longRegister } from './entries.ts'
import { keepResults, missed, note } from './figures.ts'
import { intake } from './intake.ts'
import { messages } from './messages.ts'
import { makeOrganisation, type Organisation } from './organisation.ts'
import { loadPast, type Past } from './past.ts'
import { places } from './places.ts'
import { forget } from './program.ts'
import { registers } from './registers.ts'
import { pages } from './served.ts'
import { starts } from './starts.ts'
import { offeredSuggestions } from './suggest.offered.ts'
import { suggestions } from './suggest.ts'

/** The district with its bodies and its past; made once for a data directory. */
async function prepared(): Promise<State> {
  const state: { organisation?: Organisation; past?: Past } = existsSync(stateFile)
    ? JSON.parse(readFileSync(stateFile, 'utf8'))
    : {}
  if (state.organisation && state.past) return state as State
  return withOwner(async ({ config }) => {
    if (!state.organisation) {
      note('making the organisation of the district')
      state.organisation = await makeOrganisation(config)
      writeFileSync(stateFile, JSON.stringify(state))
    }
    note(`loading ${requests} requests over ${state.organisation.communities.length} communities`)
    state.past = await loadPast(config.ownerUrl, config.secret, state.organisation, requests)
    note(`loaded in ${state.past.seconds.toFixed(0)} s`)
    writeFileSync(stateFile, JSON.stringify(state))
    return state as State
  })
}

note(
  `load average at the start: ${loadavg()
    .map((each) => each.toFixed(1))
    .join(' ')}`,
)
// The desk is built once for each version, not at each start.
await buildDesk()
if (given.faults) {
  const { playFaults } = await import('./faults/run.ts')
  try {
    if ((await playFaults()) > 0) process.exitCode = 1
  } finally {
    if (!kept) forget(root)
  }
  process.exit()
}
try {
  if (wholeProvince) {
    const { province } = await import('./province/run.ts')
    await province()
  } else await district()
} finally {
  keepResults()
  if (!kept) forget(root)
}
for (const { figure, value, unit, target, good } of missed())
  note(`missed: ${figure} is ${value} ${unit}, ${good} ${target}`)

/** What is measured unless a province is asked for. */
async function district(): Promise<void> {
  // Needs no server, and so no data directory either.
  if (wantedAlone('suggest.offered')) return offeredSuggestions()
  if (wantedAlone('suggest')) return suggestions()
  if (wantedAlone('ledger.tree')) return longRegister()
  await starts()
  await places()
  if (wanted('page', 'intake', 'memory', 'ledger', 'database', 'place.move', 'backup')) {
    const state = await prepared()
    if (wanted('page')) await pages(state)
    if (wanted('intake', 'memory', 'ledger')) await intake(state)
    if (wanted('ledger', 'database', 'place.move')) await registers(state)
    if (wanted('backup')) await drill(state)
  }
  if (wanted('import.messages')) await messages()
  if (wanted('suggest')) await suggestions()
  if (wanted('suggest.offered')) offeredSuggestions()
}
