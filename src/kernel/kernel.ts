// What every room's routes and jobs are given. The roof puts it together; there is nothing of the field in it.
import type { Logger } from 'pino'
import type { Clock } from './clock/index.ts'
import type { Config } from './config/index.ts'
import type { Database } from './database/index.ts'
import type { Encryption } from './encryption/index.ts'
import type { Files } from './files/index.ts'
import type { Floods } from './floods/index.ts'
import type { LayOut } from './http/layout.ts'
import type { ProblemPage } from './http/problem.ts'
import type { Jobs } from './jobs/index.ts'
import type { Publishing } from './ledger/index.ts'
import type { Limits } from './limits/index.ts'
import type { Outbox } from './outbox/index.ts'
import type { Push } from './push/index.ts'
import type { Replica } from './replica/index.ts'
import type { Sessions } from './sessions/index.ts'

export interface Kernel {
  readonly config: Config
  /** Serves requests beneath row-level security. */
  readonly database: Database
  /** Runs jobs and timers. */
  readonly jobsDatabase: Database
  readonly clock: Clock
  readonly log: Logger
  readonly encryption: Encryption
  readonly files: Files
  readonly floods: Floods
  readonly jobs: Jobs
  readonly limits: Limits
  readonly outbox: Outbox
  /** What the register of acts signs: promises, checkpoints, receipts. */
  readonly publishing: Publishing
  readonly push: Push
  /** Reads what everybody may read; null where there is none. */
  readonly replica: Replica | null
  readonly sessions: Sessions
  /** Port filled by the roof: what a room has to show, in the public layout. */
  readonly layOut: LayOut
  /** Port filled by the roof: a refusal as a page in the public layout. */
  readonly problemPage: ProblemPage
}
