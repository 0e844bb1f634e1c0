// The wall around the tables that jobs stand in: who puts in what, and who reads it. Every command comes past it, most often beside a
// server that runs, so that nothing is written, and no lock asked for, where it stands already.
import { createHash } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import type pg from 'pg'
import { connect, DatabaseRefusal } from '../database/migrate.ts'
import type { JobQueue } from './index.ts'

const schema = 'pgboss'

/** deadlock_detected and lock_not_available (PostgreSQL, appendix A). */
const heldByOthers = ['40P01', '55P03']

/**
 * Row-level security on the tables that jobs stand in: the role that serves requests puts in what its queues allow, new and not yet
 * tried, and reads back what it has just put in; the role of jobs does all. A plain name is compared before anything is asked.
 * Comes after the migrations, whose tables and functions the conditions name. Repeatable; takes no lock on a table where it stands.
 * @param tries how often it is begun anew where others hold the tables, with growing pauses: 12 are some 20 seconds
 * @throws DatabaseRefusal where they are held still
 */
export async function guardJobs(
  ownerUrl: string,
  queues: readonly Pick<JobQueue, 'name' | 'fromRequests'>[],
  tries = 12,
): Promise<void> {
  const wall = wallOf(queues)
  const digest = createHash('sha256').update(wall).digest('hex')
  await using connection = await connect(ownerUrl, 'linli guard jobs')
  const { client } = connection
  for (let tried = 1; !(await stands(client, digest)); tried += 1) {
    try {
      await build(client, wall, digest)
    } catch (error) {
      await client.query('rollback').catch(() => undefined)
      if (!heldByOthers.includes((error as pg.DatabaseError).code ?? '')) throw error
      if (tried >= tries) throw stillHeld()
      await pause(250 * tried)
    }
  }
}

async function build(client: pg.Client, wall: string, digest: string): Promise<void> {
  await client.query('begin')
  // Shorter than PostgreSQL's deadlock_timeout of a second: where this and a server wait for each other, it is this that gives way.
  await client.query("set local lock_timeout = '400ms'")
  await client.query("select pg_advisory_xact_lock(hashtext('linli.guard jobs'))")
  if (!(await stands(client, digest))) {
    // Both at once and before anything else, in the order in which an insertion takes them: the partition with its table.
    await client.query(`lock table ${schema}.job in access exclusive mode`)
    await client.query(wall)
    const built = await found(client)
    // What a utility statement is given cannot be a parameter; both are hexadecimal.
    await client.query(`comment on function ${askedName} is '${digest} ${built.state}'`)
  }
  await client.query('commit')
}

const askedName = `${schema}.linli_may_put_in(text, jsonb)`

/** Whether the wall is as this program builds it, and as it was when it was built. */
async function stands(client: pg.Client, digest: string): Promise<boolean> {
  const { note, state } = await found(client)
  return note === `${digest} ${state}`
}

/** What the catalogue holds of the wall. Conditions are read as they are stored: to have them written out would lock their tables. */
async function found(client: pg.Client): Promise<{ note: string | null; state: string | null }> {
  const { rows } = await client.query<{ note: string | null; state: string | null }>(
    `with wall as (
       select concat_ws(' ', c.oid, c.relname, c.relrowsecurity) as part
       from pg_class c where c.oid in (to_regclass('${schema}.job'), to_regclass('${schema}.job_common'))
       union all
       select concat_ws(' ', p.polrelid, p.polname, p.polcmd, p.polpermissive, p.polroles::text, p.polqual::text, p.polwithcheck::text)
       from pg_policy p where p.polrelid in (to_regclass('${schema}.job'), to_regclass('${schema}.job_common'))
       union all
       select concat_ws(' ', f.oid, f.prosrc, f.provolatile, f.prosecdef, f.proconfig::text, f.proacl::text)
       from pg_proc f where f.oid = to_regprocedure('${askedName}'))
     select obj_description(to_regprocedure('${askedName}'), 'pg_proc') as note,
       (select md5(string_agg(part, chr(10) order by part)) from wall) as state`,
  )
  return rows[0] ?? { note: null, state: null }
}

function stillHeld(): DatabaseRefusal {
  return new DatabaseRefusal({
    zh: '后台任务的表一直被占用（比如另一个版本的程序正在备份或导出），这一版要改的权限没有改成，别的都没有动：请等它做完，再执行一次。',
    en: 'The tables of the queues are held by others all the time (such as a backup or an export of another version of this program), and the rights that this version needs could not be set; nothing else was touched. Wait until that is done, then run it again.',
  })
}

function wallOf(queues: readonly Pick<JobQueue, 'name' | 'fromRequests'>[]): string {
  const quoted = (text: string) => `'${text.replaceAll("'", "''")}'`
  const plain = queues.filter((queue) => queue.fromRequests === true).map((queue) => quoted(queue.name))
  const conditions = queues.flatMap(({ name, fromRequests }) =>
    typeof fromRequests === 'string' ? [` when name = ${quoted(name)} then (${fromRequests})`] : [],
  )
  // The conditions stand in a function of their own: what they ask is then made ready only for the queues that have one.
  const asked = `
    create or replace function ${schema}.linli_may_put_in(name text, data jsonb) returns boolean
      language plpgsql stable set search_path = pg_catalog, public as $linli$
      begin return case${conditions.join('') || ' when false then false'} else false end; end $linli$;
    grant execute on function ${schema}.linli_may_put_in(text, jsonb) to linli_app;`
  const allowed = `case when name = any (array[${plain.join(', ')}]::text[]) then true else ${schema}.linli_may_put_in(name, data) end`
  const walls = ['job', 'job_common']
    .map(
      (table) => `
      alter table ${schema}.${table} enable row level security;
      drop policy if exists linli_put_in on ${schema}.${table};
      drop policy if exists linli_just_put_in on ${schema}.${table};
      drop policy if exists linli_jobs on ${schema}.${table};
      create policy linli_put_in on ${schema}.${table} for insert to linli_app
        with check (state = 'created' and output is null and dead_letter is null and ${allowed});
      create policy linli_just_put_in on ${schema}.${table} for select to linli_app using (created_on = now());
      create policy linli_jobs on ${schema}.${table} for all to linli_jobs using (true) with check (true);`,
    )
    .join('')
  return asked + walls
}
