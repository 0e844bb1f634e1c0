// A PostgreSQL that is not Linli's to keep alive: a copy of the demonstration, served by PostgreSQL itself on a port that stays.
import { spawn } from 'node:child_process'
import { appendFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { findPrograms, findRunner } from '#kernel/embedded/programs.ts'
import { readSecrets } from '#kernel/secrets/index.ts'
import { freshData, port, postmasterOf, type Role, until } from './site.ts'

export interface OwnPostgres {
  /** Its directory; the keys of the demonstration lie there too. */
  readonly data: string
  /** What a server of Linli is given, so that it uses this PostgreSQL. */
  readonly environment: Readonly<Record<string, string>>
  start(): Promise<void>
  /** Stops it as its administrator would, connections being cut. */
  stop(): Promise<void>
}

/** Starts one. */
export async function ownPostgres(name: string): Promise<OwnPostgres> {
  const postgres = postgresOn(freshData(name), port + 5)
  await postgres.start()
  return postgres
}

function postgresOn(data: string, at: number): OwnPostgres {
  const cluster = join(data, 'postgres')
  const programs = findPrograms()
  const runner = findRunner(cluster, true, programs)
  const secrets = readSecrets(data)
  if (!secrets) throw new Error(`no secrets in ${data}`)
  const address = (role: Role) => `postgres://${role}:${secrets.passwords[role]}@127.0.0.1:${at}/linli`
  let over: Promise<void> = Promise.resolve()
  appendFileSync(join(cluster, 'local.conf'), "unix_socket_directories = ''\n")
  return {
    data,
    environment: {
      DATABASE_URL: address('linli_app'),
      LINLI_OWNER_URL: address('linli_owner'),
      LINLI_JOBS_URL: address('linli_jobs'),
      LINLI_AUTH_URL: address('linli_auth'),
      LINLI_SECRET: secrets.application.toString('hex'),
    },
    async start() {
      rmSync(join(cluster, 'postmaster.pid'), { force: true })
      const { program, args, options } = runner.command(programs.postgres, ['-D', cluster, '-p', String(at)])
      const started = spawn(program, args, { ...options, cwd: data, detached: true, stdio: 'ignore' })
      over = new Promise((resolve) => started.once('exit', () => resolve()))
      const came = await until(async () => {
        const { default: pg } = await import('pg')
        const client = new pg.Client({ connectionString: address('postgres') })
        client.on('error', () => undefined)
        await client.connect()
        await client.end()
        return true
      }, 60)
      if (came === null) throw new Error('PostgreSQL did not come up')
    },
    async stop() {
      const first = postmasterOf(data)
      if (first > 0) process.kill(first, 'SIGINT')
      await over
    },
  }
}
