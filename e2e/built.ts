import { buildDesk } from '#app/commands/desk-build.ts'

/** Before a run of journeys: the desk as it is served, built where its sources have changed. */
export default (): Promise<void> => buildDesk()
