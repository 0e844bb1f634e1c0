// `node scripts/release.ts VERSION DATA`: keeps a small archive of this release's schema with rows in every table, for the test that every
// later version can be upgraded to from it (src/app/upgrade.http.test.ts). Run once, when a release is made, on its own commit, upon a data
// directory with its demonstration, of which little is left.
import { createHash } from 'node:crypto'
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import pg from 'pg'
import sharp from 'sharp'
import { takeBackup, writeKeys } from '#kernel/backup/index.ts'
import { readConfig } from '#kernel/config/index.ts'
import { newId } from '#kernel/database/identifiers.ts'
import { openForCommand } from '#kernel/embedded/index.ts'
import { folderOf, openFileStore } from '#kernel/files/index.ts'

const [, , version = '', data] = process.argv
if (data === undefined)
  throw new Error('node scripts/release.ts VERSION DATA, with the demonstration in DATA; its rows are let go')
const target = fileURLToPath(new URL(`../src/testing/releases/${version}.linli`, import.meta.url))

/** Few matters, with all that hangs on them; the register is put in order anew for what is left. */
const shrink = `
  create temporary table kept as
    select distinct id from (
      select request as id from visit union all select request from request_version union all select request from request_hand
      where request in (select request from request_version)
      union all (select request from call_back limit 3) union all (select request from judgement order by id limit 6)
      union all (select request from publication order by request limit 6) union all (select id from request order by id desc limit 12)) few;
  insert into kept select about_request from request where id in (select id from kept) and about_request is not null;
  insert into kept select merged_into from request where id in (select id from kept) and merged_into is not null;
  insert into kept select split_from from request where id in (select id from kept) and split_from is not null;
  set session_replication_role = replica;
  delete from me_too where request not in (select id from kept);
  delete from request where id not in (select id from kept);
  delete from access.token where record not in (select id from kept);
  delete from outbox where id not in (select id from outbox order by id limit 5);
  delete from ledger.entry;
  delete from ledger.pending;
  delete from ledger.salt where act in (select id from ledger.act where kind like 'request.%' and record not in (select id from kept));
  delete from ledger.act where kind like 'request.%' and record not in (select id from kept);
  delete from ledger.tile;
  update ledger.head set place = 0, root = sha256(''::bytea), peaks = '{}';
  set session_replication_role = origin;
  insert into ledger.pending select id from ledger.act order by at, id offset 1;
  select ledger.sequence(100000);
  insert into ledger.pending select id from ledger.act order by at, id limit 1;
`

/** What the demonstration leaves empty: one row each, of nobody. */
const fill = `
  insert into access.log (reader, subject_record, record_kind, what)
    select (select id from person order by id limit 1), id, 'request', 'contact' from kept limit 1;
  insert into api_key (id, name, secret_hash, scopes, created_at, revoked_at)
    values (gen_random_uuid(), '示例', sha256('key'), '{open311}', now(), now());
  insert into api_key_use (key, hour, what, status) select id, date_trunc('hour', now()), 'GET /open311/v2/requests.json', 200 from api_key limit 1;
  insert into open311_request (request, key) select kept.id, api_key.id from kept, api_key limit 1;
  insert into calendar_feed (person, token_hash, language, created_at) select id, sha256('calendar'), 'zh-CN', now() from person limit 1;
  insert into form_draft values (sha256('form'), '\\x00', now() + interval '1 day');
  insert into idempotency (key_hash, body_hash, status, answer, at) values (sha256('key'), sha256('body'), 201, '\\x00', now());
  insert into invitation (id, post, name, mail_encrypted, token_hash, expires_at)
    select gen_random_uuid(), id, '示例·受邀人', '\\x00', sha256('invitation'), now() + interval '7 days' from post limit 1;
  insert into auth.invitation values ('example', 'example', 'example', null, now() + interval '7 days', now());
  insert into mail_returned values (sha256('mail'), now(), '5.1.1');
  insert into place_history (id, place_id, at, kind, before, after)
    select gen_random_uuid(), id, now(), 'renamed', '{"name": "示例旧名"}', '{"name": "示例新名"}' from place limit 1;
  insert into request_contact_before select request, phone_encrypted, now() from request_contact where phone_encrypted is not null limit 1;
  insert into request_draft select gen_random_uuid(), id, '\\x00', now() from person limit 1;
  insert into saved_filter select gen_random_uuid(), id, '示例', 'state=filed', now() from person limit 1;
  insert into telling_choice select 'work', id, 'daily', now() from person limit 1;
  insert into telling_held (purpose, owner, record, what, at) select 'work', person.id, kept.id, 'news', now() from person, kept limit 1;
  insert into webhook (id, url, kinds, path, secret_sealed, created_at, revoked_at)
    values (gen_random_uuid(), 'https://example.org/told', '{request.released}', '', '\\x00', now(), now());
  insert into webhook_delivery (webhook, kind, record, subject, data, state, next_attempt_at, created_at, ended_at)
    select id, 'request.released', gen_random_uuid(), 'raised/1', '{}', 'dead', now(), now(), now() from webhook limit 1;
  insert into forwarding (id, name, url, service, format, place, path, category, outline, steps, again, language, created_at, heard_until, hear_at)
    select gen_random_uuid(), '示例市 311', 'https://311.example.org/open311/v2/', '7', 'xml', place.id, place.path, category.id, false, false, 'look',
      'zh-CN', now(), now(), now() from place, category limit 1;
  insert into forwarding_delivery (forwarding, request, kind, state, next_attempt_at, created_at, ended_at, number)
    select forwarding.id, kept.id, 'request', 'delivered', now(), now(), now(), 'C-1' from forwarding, kept limit 1;
  insert into forwarding_heard (forwarding, request, news, at) select forwarding, request, '1', now() from forwarding_delivery limit 1;
`

const open = await openForCommand(
  readConfig({ ...process.env, DATABASE_URL: undefined }, { dataDirectory: data, empty: '1' }),
)
try {
  const superuser = new pg.Client({ connectionString: (open.superuserUrl ?? '').replace('/postgres?', '/linli?') })
  superuser.on('error', () => undefined)
  await superuser.connect()
  await superuser.query(shrink)
  // What hangs on a matter that was let go goes with it, table by table.
  const { rows: parts } = await superuser.query<{ name: string; column: string }>(`
    select conrelid::regclass::text as name, a.attname as column from pg_constraint c
      join pg_attribute a on a.attrelid = c.conrelid and a.attnum = c.conkey[1]
    where contype = 'f' and confrelid = 'request'::regclass and conrelid <> confrelid`)
  await superuser.query('set session_replication_role = replica')
  for (const { name, column } of parts)
    await superuser.query(`delete from ${name} where ${column} not in (select id from kept)`)
  await superuser.query('set session_replication_role = origin')
  await superuser.query(fill)
  const store = await openFileStore(open.config)
  const id = newId()
  const picture = await sharp({ create: { width: 8, height: 8, channels: 3, background: '#3f6b57' } })
    .webp()
    .toBuffer()
  await store.put(`${folderOf(id)}original.webp`, picture)
  await store.put(`${folderOf(id)}thumbnail.webp`, picture)
  await superuser.query(
    `insert into file (id, sha256, kind, media_type, bytes, width, height, thumbnail, purpose, position, record, created_at)
     select $1, sha256($2), 'picture', 'image/webp', $3, 8, 8, true, 'request', 0, id, now() from kept limit 1`,
    [id, picture, picture.length],
  )
  await superuser.end()
  mkdirSync(dirname(target), { recursive: true })
  const { ownerUrl, secret } = open.config
  const silent = (): void => undefined
  await takeBackup({
    file: target,
    ownerUrl,
    key: secret,
    program: version,
    store,
    report: silent,
    reportCheck: silent,
  })
  writeKeys(`${target}.keys`, secret)
  const migrations = fileURLToPath(new URL('../migrations/', import.meta.url))
  const lines = readdirSync(migrations)
    .sort()
    .map(
      (name) =>
        `${createHash('sha256')
          .update(readFileSync(join(migrations, name)))
          .digest('hex')}  ${name}\n`,
    )
  writeFileSync(target.replace(/\.linli$/, '.migrations'), lines.join(''))
  store.close()
} finally {
  await open.stop()
}
