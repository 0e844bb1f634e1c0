// The fault campaign: `npm run bench -- --faults`, or some of it with `--only name,…`. One JSON line a fault, and all of them in
// bench/faults.json; docs/faults.md is the table of a whole run.
import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { wanted } from '../context.ts'
import { note } from '../figures.ts'
import { bombs } from './bombs.ts'
import { clockJumps, weekMissed } from './clock.ts'
import { databaseAway, databaseEnds, databaseHangs } from './database.ts'
import { diskFull, readOnly } from './disk.ts'
import { type Fault, play, type Told } from './fault.ts'
import { fuzz } from './fuzz.ts'
import { kills } from './kills.ts'
import { idleConnections, largeBody, slowLoris } from './network.ts'
import { twoProcesses } from './processes.ts'
import { providers } from './providers.ts'
import { endAll, prepareOriginal } from './site.ts'
import { migrationInterrupted, portTaken, twoServers } from './starts.ts'
import { withTable } from './table.ts'

/** In the order in which they are played. */
const faults: readonly Fault[] = [
  kills,
  databaseAway,
  databaseEnds,
  databaseHangs,
  diskFull,
  readOnly,
  migrationInterrupted,
  portTaken,
  twoServers,
  twoProcesses,
  slowLoris,
  idleConnections,
  largeBody,
  bombs,
  clockJumps,
  weekMissed,
  providers,
  fuzz,
]

const file = fileURLToPath(new URL('../faults.json', import.meta.url))
const document = fileURLToPath(new URL('../../docs/faults.md', import.meta.url))

function before(): Told[] {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Told[]
  } catch {
    return []
  }
}

/** Plays what is asked for. A run of a part replaces that part and leaves the rest. @returns how many did not hold */
export async function playFaults(): Promise<number> {
  await prepareOriginal({ hold() {}, saw() {}, limited() {}, again() {}, memory() {} })
  const played: Told[] = []
  for (const fault of faults) {
    if (!wanted(fault.name)) continue
    note(fault.what)
    const told = await play(fault)
    await endAll()
    played.push(told)
    process.stdout.write(`${JSON.stringify(told)}\n`)
    const known = new Map([...before(), ...played].map((each) => [each.fault, each]))
    const all = faults.flatMap(({ name }) => known.get(name) ?? [])
    writeFileSync(file, `[\n${all.map((each) => `  ${JSON.stringify(each)}`).join(',\n')}\n]\n`)
    writeFileSync(document, withTable(readFileSync(document, 'utf8'), all))
  }
  const broken = played.filter(({ ok }) => !ok)
  for (const { fault, held } of broken)
    for (const each of held.filter(({ ok }) => !ok)) note(`does not hold: ${fault}: ${each.what}: ${each.value}`)
  return broken.length
}
