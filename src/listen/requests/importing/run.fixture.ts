// Imports in a process of its own, so that a test can kill it: jobs address, file, code of the place.
import { systemClock } from '#kernel/clock/index.ts'
import { openDatabase } from '#kernel/database/index.ts'
import { createEncryption } from '#kernel/encryption/index.ts'
import { startJobs } from '#kernel/jobs/index.ts'
import { importConnections, importMessages } from './import-messages.ts'

const [jobsUrl = '', file = '', place = ''] = process.argv.slice(2)
const jobsDatabase = openDatabase(jobsUrl, { connections: importConnections, statementSeconds: 120 })
const jobs = await startJobs(jobsUrl, 1)
const encryption = createEncryption(Buffer.alloc(32, 7))
const result = await importMessages({ jobsDatabase, jobs, encryption, clock: systemClock }, { file, place })
process.stdout.write(
  `${JSON.stringify({ ...result, megabytes: Math.round(process.memoryUsage.rss() / 1e6), peak: Math.round(process.resourceUsage().maxRSS / 1e3) })}\n`,
)
await jobs.stop()
await jobsDatabase.close()
