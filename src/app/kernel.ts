// Puts the ground floor together for one process.
import { enter } from '#kernel/access/index.ts'
import type { Clock } from '#kernel/clock/index.ts'
import { systemClock } from '#kernel/clock/index.ts'
import type { Config } from '#kernel/config/index.ts'
import { openDatabase } from '#kernel/database/index.ts'
import { createDailyHash, createEncryption, passwordProblem } from '#kernel/encryption/index.ts'
import { createFiles, openFileStore } from '#kernel/files/index.ts'
import { createFloods, createLoad } from '#kernel/floods/index.ts'
import { startJobs } from '#kernel/jobs/index.ts'
import type { Kernel } from '#kernel/kernel.ts'
import { createPublishing } from '#kernel/ledger/index.ts'
import { createLimits } from '#kernel/limits/index.ts'
import { openLog } from '#kernel/log/index.ts'
import { createOutbox } from '#kernel/outbox/index.ts'
import { createPush, pushSender, vapidKeys } from '#kernel/push/index.ts'
import { openReplica } from '#kernel/replica/index.ts'
import { createSessions } from '#kernel/sessions/index.ts'
import { personForUser, tellSecurityChange } from '#organise/people/index.ts'
import { layOut, problemPage } from './pages.ts'

export interface RunningKernel extends Kernel {
  stop(): Promise<void>
}

/** Opens pools, queues and adapters. `stop` closes them in the reverse order. */
export async function startKernel(config: Config, clock: Clock = systemClock): Promise<RunningKernel> {
  const log = openLog(config.logLevel)
  const database = openDatabase(config.databaseUrl, { connections: config.connections })
  // What is counted apart from any transaction has connections of its own: a request that holds one of the others while it asks for
  // a count would wait for its neighbours, and they for it.
  // Every request is counted first: where the database hangs, the count is what says so, and soon.
  const aside = openDatabase(config.databaseUrl, {
    connections: 4,
    statementSeconds: 5,
    name: 'linli aside',
    keepsPlans: true,
  })
  const jobsDatabase = openDatabase(config.jobsUrl, { connections: 4, name: 'linli jobs', keepsPlans: true })
  const encryption = createEncryption(config.secret)
  const limits = createLimits(aside.sql, createDailyHash(jobsDatabase.sql), config.limitFactor)
  const push = config.push && {
    push: pushSender({
      database: jobsDatabase.sql,
      encryption,
      clock,
      vapid: vapidKeys(encryption),
      // By mail where there is mail, else by the address that visitors see: push services want to know whom to write to.
      contact: config.smtp
        ? `mailto:${/[^\s<>]+@[^\s<>]+/.exec(config.smtp.from)?.[0]}`
        : config.publicUrl.replace('http:', 'https:'),
      ...config.push,
    }),
  }
  const outbox = createOutbox({
    config,
    encryption,
    jobsDatabase: jobsDatabase.sql,
    clock,
    ...(push ? { senders: push } : {}),
  })
  const load = createLoad(aside.sql)
  const floods = createFloods({
    database: aside.sql,
    encryption,
    load,
    threshold: Math.round(300 * config.limitFactor),
    now: () => clock.now(),
  })
  const jobs = await startJobs(config.jobsUrl)
  const doors = { database, jobsDatabase: jobsDatabase.sql, encryption, outbox, publicUrl: config.publicUrl }
  const sessions = createSessions({
    authUrl: config.authUrl,
    secret: config.secret,
    publicUrl: config.publicUrl,
    clock,
    takeLimit: (name, key) => limits.take(name, key),
    giveBackLimit: (name, key) => limits.giveBack(name, key),
    // Written in a transaction of nobody: the code goes out only if it was stored.
    sendCode: outbox.channels.sms
      ? async ({ to, code, language }) => {
          await enter(database, {}, { now: clock.now(), language }, async (act) => {
            await outbox.queueMessage(act, {
              channel: 'sms',
              to,
              template: 'sessions.code-message',
              values: { code },
              language,
              goodUntil: new Date(clock.now().getTime() + 10 * 60_000),
            })
          })
        }
      : null,
    async onUserCreated({ userId, phone, email }) {
      await personForUser(jobsDatabase.sql, encryption, { userId, phone: phone ?? null, mail: email ?? null })
    },
    passwordProblem: (password) => passwordProblem(password),
    provider: config.oidc,
    onSecurityChange: (notice) => tellSecurityChange(doors, notice),
    log: (level, message) => log.debug({ level, message }, 'sign-in'),
  })
  const publishing = createPublishing({ jobsDatabase, encryption, witnesses: config.witnesses })
  const kernel: Kernel = {
    config,
    database,
    jobsDatabase,
    clock,
    log,
    encryption,
    files: createFiles(await openFileStore(config)),
    floods,
    jobs,
    limits,
    outbox,
    publishing,
    push: createPush({ config, encryption }),
    replica: config.replicaUrl
      ? openReplica({
          url: config.replicaUrl,
          primary: database,
          aside,
          connections: config.connections,
          lagSeconds: config.replicaLag,
          log,
        })
      : null,
    sessions,
    layOut: async (content, to) => {
      const now = clock.now()
      return layOut(config, content, to, now, await publishing.newest(now))
    },
    problemPage: (problem, reader) => problemPage(config, problem, reader),
  }
  return {
    ...kernel,
    async stop() {
      await outbox.stop()
      await jobs.stop()
      await sessions.close()
      await load.stop()
      kernel.files.close()
      await kernel.replica?.stop()
      await Promise.all([database.close(), aside.close(), jobsDatabase.close()])
    },
  }
}
