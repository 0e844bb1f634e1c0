// Jobs and timers: pg-boss on the same database, so that a job is enqueued in the transaction that needs it.
import type pg from 'pg'
import { type JobResult, type JobWithMetadata, PgBoss } from 'pg-boss'
import { openDatabase, statementName } from '../database/index.ts'

export { guardJobs } from './wall.ts'

/** A queue that a room declares: its handler gets ids only, never words. */
export interface JobQueue {
  readonly name: string
  /** @throws to be tried again, `retries` times with growing pauses. */
  readonly handle: (ids: Readonly<Record<string, string>>, job: { id: string; retryCount: number }) => Promise<void>
  readonly retries?: number
  readonly secondsPerTry?: number
  /** Cron in Asia/Shanghai, for what is due nightly or hourly. */
  readonly cron?: string
  /**
   * Whether the role that serves requests puts jobs here: always, or where this SQL condition on the job's `data` holds (its
   * parts are of the queue's own room). Without it only jobs do, so that who finds a way to run SQL starts nothing of theirs.
   */
  readonly fromRequests?: true | string
  /** How many are fetched at once by this process; they are done one after the other. */
  readonly concurrency?: number
}

export interface Jobs {
  /**
   * Enqueues within the caller's transaction: nothing is started before it commits.
   * @param options.at not before this moment
   */
  enqueue(
    transaction: { client: pg.ClientBase },
    queue: string,
    ids: Record<string, string>,
    options?: { at?: Date },
  ): Promise<void>
  /** The same for many at once, in one statement. */
  enqueueMany(
    transaction: { client: pg.ClientBase },
    queue: string,
    jobs: readonly { ids: Record<string, string>; at?: Date }[],
  ): Promise<void>
  /** Begins to work the queues in this process. */
  work(queues: readonly JobQueue[], onError: (queue: string, error: unknown) => void): Promise<void>
  stop(): Promise<void>
}

const schema = 'pgboss'

/** What the tables of the queues are made from. */
export type QueueSettings = Pick<JobQueue, 'name' | 'retries' | 'secondsPerTry' | 'fromRequests'>

/** The queues' own tables, made and upgraded as owner; other roles get what they need. Repeatable. */
export async function migrateJobs(ownerUrl: string, queues: readonly QueueSettings[]): Promise<void> {
  const boss = new PgBoss({ connectionString: ownerUrl, schema, max: 2, supervise: false, schedule: false })
  boss.on('error', () => undefined)
  await boss.start()
  try {
    const known = new Map((await boss.getQueues()).map((queue) => [queue.name, queue]))
    for (const queue of queues) {
      const options = {
        retryLimit: queue.retries ?? 5,
        retryDelay: 5,
        retryBackoff: true,
        expireInSeconds: queue.secondsPerTry ?? 300,
        // What a killed process held is given back when it has not been heard of for so long, not only when its time is up.
        heartbeatSeconds: 30,
        retentionSeconds: 400 * 24 * 3_600,
        deleteAfterSeconds: 24 * 3_600,
      }
      const before = known.get(queue.name) as Partial<Record<string, unknown>> | undefined
      if (!before) await boss.createQueue(queue.name, options)
      else if (Object.entries(options).some(([name, value]) => before[name] !== value)) {
        await boss.updateQueue(queue.name, options)
      }
    }
  } finally {
    await boss.stop({ graceful: false })
  }
  const database = openDatabase(ownerUrl, { connections: 1, name: 'linli migrate jobs' })
  try {
    await database.pool.query(`
      grant usage on schema ${schema} to linli_app, linli_jobs;
      grant select, insert, update, delete on all tables in schema ${schema} to linli_jobs;
      grant execute on all functions in schema ${schema} to linli_app, linli_jobs;
      -- Queues without a partition of their own share job_common, into which pg-boss inserts by name.
      grant insert on ${schema}.job, ${schema}.job_common to linli_app;
      grant select (id, start_after) on ${schema}.job, ${schema}.job_common to linli_app;
      grant select on ${schema}.version to linli_app;
      -- What inserting asks of a queue, and not how much waits in it.
      revoke select on ${schema}.queue from linli_app;
      grant select (name, policy, retry_limit, retry_delay, retry_backoff, retry_delay_max, expire_seconds, retention_seconds,
        deletion_seconds, dead_letter, partition, table_name, heartbeat_seconds, notify) on ${schema}.queue to linli_app;`)
  } finally {
    await database.close()
  }
}

/**
 * Starts the job queues of this process.
 * @param jobsUrl signs in as linli_jobs
 * @param connections of the jobs role
 */
export async function startJobs(jobsUrl: string, connections = 4): Promise<Jobs> {
  const boss = new PgBoss({
    connectionString: jobsUrl,
    schema,
    max: connections,
    migrate: false,
    createSchema: false,
    reindex: false,
    monitorVacuum: false,
    application_name: 'linli jobs',
  })
  let report: (queue: string, error: unknown) => void = () => undefined
  boss.on('error', (error) => report('pg-boss', error))
  await boss.start()
  const within = (transaction: { client: pg.ClientBase }) => ({
    async executeSql(text: string, values?: unknown[]) {
      // pg-boss's text is long and the same for each queue: named, it is parsed and planned once for each connection.
      const result = await transaction.client.query({ name: statementName(text), text, values: values as unknown[] })
      return { rows: result.rows }
    },
  })
  return {
    async enqueue(transaction, queue, ids, options = {}) {
      const db = within(transaction)
      const id = await boss.send(queue, ids, { db, ...(options.at ? { startAfter: options.at } : {}) })
      if (id === null) throw new Error(`the queue ${queue} took no job`)
    },
    async enqueueMany(transaction, queue, jobs) {
      if (jobs.length === 0) return
      await boss.insert(
        queue,
        jobs.map(({ ids, at }) => ({ data: ids, ...(at ? { startAfter: at } : {}) })),
        { db: within(transaction) },
      )
    },
    async work(queues, onError) {
      report = onError
      for (const queue of queues) {
        await boss.work(
          queue.name,
          {
            // What is due nightly or hourly waits a little longer than what somebody has just caused.
            pollingIntervalSeconds: queue.cron && !queue.fromRequests ? 20 : 1,
            batchSize: queue.concurrency ?? 1,
            includeMetadata: true,
            // Each job ends for itself: one that fails must not have its neighbours done a second time.
            perJobResults: true,
            // While whole batches come there is a backlog: go on at once instead of one batch a second.
            burstWhenBatchFull: true,
          },
          async (batch: JobWithMetadata<Record<string, string>>[]): Promise<JobResult[]> => {
            const results: JobResult[] = []
            for (const job of batch) {
              try {
                await queue.handle(job.data ?? {}, { id: job.id, retryCount: job.retryCount })
                results.push({ id: job.id, status: 'completed' })
              } catch (error) {
                onError(queue.name, error)
                // Only the error's name is kept with the job: its words may quote what somebody wrote.
                results.push({ id: job.id, status: 'failed', output: { error: (error as Error)?.name ?? 'unknown' } })
              }
            }
            return results
          },
        )
        if (queue.cron) await boss.schedule(queue.name, queue.cron, {}, { tz: 'Asia/Shanghai' })
      }
    },
    async stop() {
      await boss.stop({ graceful: true, timeout: 5_000 })
    },
  }
}
