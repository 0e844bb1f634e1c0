-- Up Migration

-- The ground floor: who is asking (access), what was done (ledger), repeated requests (idempotency).
-- Roles are made before the first migration: linli_app serves requests beneath row-level security,
-- linli_jobs runs timers and deliveries, linli_auth belongs to sign-in alone. None of them owns a table.

create extension if not exists pgcrypto;
create extension if not exists btree_gist;
create extension if not exists pg_trgm;

revoke create on schema public from public;
grant usage on schema public to linli_app, linli_jobs;

------------------------------------------------------------------------------- access

create schema access;
grant usage on schema access to linli_app, linli_jobs;

-- The key of the seal on a transaction's context. Only security definer functions of the owner read it.
create table access.key (
  only_one boolean primary key default true check (only_one),
  secret bytea not null
);
insert into access.key (secret) values (gen_random_bytes(32));
alter table access.key enable row level security;

-- Secret links (≥ 128 bits, only their SHA-256 is kept) and what each opens.
create table access.token (
  hash bytea primary key check (octet_length(hash) = 32),
  kind text not null check (kind in ('follow', 'judge', 'consent', 'card')),
  record uuid not null,
  created_at timestamptz not null default now(),
  expires_at timestamptz,
  used_at timestamptz,
  -- The tenure through which the link reached its holder, where it was not given to the holder alone.
  handed_by uuid,
  -- By a message: ended when it turns out that the message went to somebody else.
  sent boolean not null default false
);
create index token_record on access.token (record, kind);
alter table access.token enable row level security;

-- Port: what a person holds, filled by the room of bodies (a later migration replaces this function).
create function access.standing(person uuid) returns jsonb
  language sql stable as $$ select '{"tenures": [], "bodies": [], "reach": {}}'::jsonb $$;
revoke all on function access.standing(uuid) from public;

-- Port: the person behind a sign-in, filled by the room of people.
create function access.person_of(auth_user text) returns uuid
  language sql stable as $$ select null::uuid $$;
revoke all on function access.person_of(text) from public;

-- The seal binds a context to this backend and this transaction, so that it can neither be forged by SQL nor carried to another
-- transaction: SHA-256 over key, backend, time, context and key again.
create function access.seal(payload text) returns text
  language plpgsql stable security definer set search_path = pg_catalog, public as $$
  declare key bytea;
  begin
    select k.secret into key from access.key k;
    return sha256(key || int4send(pg_backend_pid()) || timestamptz_send(transaction_timestamp()) || convert_to(payload, 'UTF8') || key)::text;
  end $$;
revoke all on function access.seal(text) from public;

-- Writes a context into the transaction, sealed. Policies ask for one fact of it many times, so it is kept as plain text,
-- `|name:value,value|name:value|`, of which a fact is cut out without reading the rest.
create function access.settle(context jsonb) returns void
  language plpgsql volatile security definer set search_path = pg_catalog, public as $$
  declare
    sealed text := '|person:' || coalesce(context ->> 'person', '') || '|session:' || coalesce(context ->> 'session', '')
      || '|link:' || coalesce(context ->> 'link', '') || '|handed_by:' || coalesce(context ->> 'handed_by', '')
      || '|judge:' || coalesce(context ->> 'judge', '') || '|judge_used:' || coalesce(context ->> 'judge_used', '') || '|';
    several text;
  begin
    if context -> 'tenures' <> '[]' then
      select string_agg(value ->> 'tenure', ',') into several from jsonb_array_elements(context -> 'tenures');
      sealed := sealed || 'tenures:' || several || '|';
      select string_agg((value ->> 'body') || ' ' || (value ->> 'path') || ' '
          || coalesce((select string_agg(duty, '+') from jsonb_array_elements_text(value -> 'duties') duty), ''), ',')
        into several from jsonb_array_elements(context -> 'tenures');
      sealed := sealed || 'held:' || coalesce(several, '') || '|';
    end if;
    if context -> 'bodies' <> '[]' then
      select string_agg(value, ',') into several from jsonb_array_elements_text(context -> 'bodies');
      sealed := sealed || 'bodies:' || several || '|';
    end if;
    if context -> 'reach' <> '{}' then
      select string_agg('reach ' || duty || ':' || (select string_agg(path, ',') from jsonb_array_elements_text(paths) path), '|')
        into several from jsonb_each(context -> 'reach') as each_duty (duty, paths);
      sealed := sealed || several || '|';
    end if;
    perform set_config('linli.context', sealed, true), set_config('linli.seal', access.seal(sealed), true);
  end $$;
revoke all on function access.settle(jsonb) from public;

-- Begins a transaction's work: who is asking (a session token), or which secret link is held (its SHA-256).
-- Returns the context so that the application knows it without a second question.
create function access.enter(session_token text, follow_hash bytea default null, judge_hash bytea default null) returns jsonb
  language plpgsql volatile security definer set search_path = pg_catalog, public as $$
  declare
    user_id text;
    session_id text;
    expiry timestamptz;
    who uuid;
    standing jsonb := '{"tenures": [], "bodies": [], "reach": {}}'::jsonb;
    link uuid;
    link_handed_by uuid;
    judge uuid;
    judge_used boolean;
    context jsonb;
  begin
    if session_token is not null then
      select s."userId", s.id, s."expiresAt" into user_id, session_id, expiry
        from auth.session s where s.token = session_token and s."expiresAt" > clock_timestamp();
      if user_id is not null then
        who := access.person_of(user_id);
        if who is not null then standing := access.standing(who); end if;
      end if;
    end if;
    if follow_hash is not null then
      select t.record, t.handed_by into link, link_handed_by from access.token t
        where t.hash = follow_hash and t.kind = 'follow' and (t.expires_at is null or t.expires_at > clock_timestamp());
    end if;
    if judge_hash is not null then
      select t.record, t.used_at is not null into judge, judge_used from access.token t
        where t.hash = judge_hash and t.kind = 'judge'
          -- Used up by use_token, it judges no more: its holder reads the page on which they judged, and may ask from there,
          -- within thirty days, that the matter be taken up again. Rooms hold `judge_used` against anything else.
          and (t.used_at is null or t.used_at > clock_timestamp() - interval '30 days')
          and (t.expires_at is null or t.expires_at > clock_timestamp());
    end if;
    context := standing || jsonb_build_object('person', who, 'session', session_id, 'expires', expiry, 'user', user_id, 'link', link, 'handed_by', link_handed_by,
      'judge', judge, 'judge_used', coalesce(judge_used, false));
    perform access.settle(context);
    return context;
  end $$;
revoke all on function access.enter(text, bytea, bytea) from public;
grant execute on function access.enter(text, bytea, bytea) to linli_app;

-- One fact of this transaction's verified context; null where it has none, where nobody entered, or where the setting was forged.
create function access.fact(name text) returns text
  language plpgsql stable security definer set search_path = pg_catalog, public as $$
  declare
    payload text := current_setting('linli.context', true);
  begin
    if payload is null or payload = '' or current_setting('linli.seal', true) is distinct from access.seal(payload) then
      return null;
    end if;
    return nullif(split_part(split_part(payload, '|' || name || ':', 2), '|', 1), '');
  end $$;

-- Bodies in the standard's form are bound when they are made, so that no search_path of a caller changes their meaning, and the
-- planner puts them in place of the call.
create function access.reach(duty text) returns text[]
  language sql stable return coalesce(string_to_array(access.fact('reach ' || duty), ','), '{}'::text[]);
create function access.person() returns uuid
  language sql stable return access.fact('person')::uuid;
create function access.bodies() returns uuid[]
  language sql stable return coalesce(string_to_array(access.fact('bodies'), ',')::uuid[], '{}'::uuid[]);
create function access.tenures() returns uuid[]
  language sql stable return coalesce(string_to_array(access.fact('tenures'), ',')::uuid[], '{}'::uuid[]);
create function access.link() returns uuid
  language sql stable return access.fact('link')::uuid;
create function access.judge() returns uuid
  language sql stable return access.fact('judge')::uuid;
-- The tenure that handed out the link which is held, and whether the judge token that is held was used before.
create function access.handed_by() returns uuid
  language sql stable return access.fact('handed_by')::uuid;
create function access.judge_used() returns boolean
  language sql stable return coalesce(access.fact('judge_used')::boolean, false);
-- What is held, tenure by tenure.
create function access.held() returns table (body uuid, path text, duties text[])
  language sql stable as $$
    select split_part(one, ' ', 1)::uuid, split_part(one, ' ', 2), string_to_array(split_part(one, ' ', 3), '+')
    from string_to_table(access.fact('held'), ',') one
  $$;
create function access.session() returns text
  language sql stable return access.fact('session');

-- True where the path lies under one of the prefixes. Text comparison under collation C is leak-proof,
-- so that policies made of it still use the b-tree on the path.
create function access.covers(prefixes text[], path text) returns boolean
  language sql immutable parallel safe as $$
    select exists (select from unnest(prefixes) p where path collate "C" >= p and path collate "C" < p || '~')
  $$;

-- A secret link for a record, made by a job and sent to what stands in the record: nobody who serves or asks seizes one. What a
-- filing makes for whoever is asking is made by the function that files.
create function access.grant_token(token_hash bytea, token_kind text, token_record uuid, expiry timestamptz) returns void
  language sql volatile security definer set search_path = pg_catalog, public as $$
    insert into access.token (hash, kind, record, expires_at, sent) values (token_hash, token_kind, token_record, expiry, true)
  $$;

-- Port: whether a record was made in this transaction (rooms replace it).
create function access.is_new(record uuid) returns boolean language sql stable as $$ select false $$;
revoke all on function access.is_new(uuid) from public;
revoke all on function access.grant_token(bytea, text, uuid, timestamptz) from public;
grant execute on function access.grant_token(bytea, text, uuid, timestamptz) to linli_jobs;

-- The same token may be asked for twice (a job that is tried again): false where it stands already. Jobs alone make these.
create function access.grant_token_once(token_hash bytea, token_kind text, token_record uuid, expiry timestamptz) returns boolean
  language plpgsql volatile security definer set search_path = pg_catalog, public as $$
  begin
    insert into access.token (hash, kind, record, expires_at, sent) values (token_hash, token_kind, token_record, expiry, true) on conflict (hash) do nothing;
    return found;
  end $$;
revoke all on function access.grant_token_once(bytea, text, uuid, timestamptz) from public;
grant execute on function access.grant_token_once(bytea, text, uuid, timestamptz) to linli_jobs;

-- A single-use token is used up by whoever entered with it.
create function access.use_token(token_hash bytea) returns boolean
  language plpgsql volatile security definer set search_path = pg_catalog, public as $$
  begin
    update access.token set used_at = now() where hash = token_hash and used_at is null;
    return found;
  end $$;
revoke all on function access.use_token(bytea) from public;
grant execute on function access.use_token(bytea) to linli_app;

-- Who read whose personal data: written by every reading of another person's contact or case data; that person sees it.
create table access.log (
  id uuid primary key default uuidv7(),
  at timestamptz not null default now(),
  reader uuid,
  tenure uuid,
  subject_person uuid,
  subject_record uuid not null,
  record_kind text not null,
  what text not null,
  purpose text
);
create index log_subject on access.log (subject_person, at desc) where subject_person is not null;
create index log_record on access.log (subject_record, at desc);
create index log_reader on access.log (reader, at desc);
alter table access.log enable row level security;
create policy log_write on access.log for insert to linli_app with check (
  reader = (select access.person()) and at = now()
  and (tenure is null or tenure = any ((select access.tenures())::uuid[])));
create policy log_seen_by_subject on access.log for select to linli_app
  using (subject_person = (select access.person()) or subject_record = (select access.link()) or reader = (select access.person()));
create policy log_jobs on access.log for all to linli_jobs using (true) with check (true);
grant select, insert on access.log to linli_app;
grant select, delete, update on access.log to linli_jobs;

------------------------------------------------------------------------------- ledger

create schema ledger;
grant usage on schema ledger to linli_app, linli_jobs;

-- An act: a fact without words. `leaf` digests the plain facts and the salted digest of personal content,
-- so that the facts stay provable after the salt (and with it the tie to any words) has gone.
create table ledger.act (
  id uuid primary key,
  kind text not null,
  record uuid not null,
  path text collate "C",
  category text,
  at timestamptz not null,
  result text,
  times jsonb not null default '{}',
  facts jsonb not null default '{}',
  actor uuid,
  tenure uuid,
  personal_digest bytea,
  leaf bytea not null check (octet_length(leaf) = 32)
);
create index act_record on ledger.act (record, at);
create index act_path on ledger.act (path, at);
-- Salts stand apart: erasing a person's content erases the salt and leaves the act.
create table ledger.salt (
  act uuid primary key references ledger.act on delete cascade,
  salt bytea not null
);
-- What has committed and waits for its place. Never "id > last": a late committer would be skipped.
create table ledger.pending (act uuid primary key references ledger.act);
-- The chain: place, leaf and hash of every committed act.
create table ledger.entry (
  place bigint primary key,
  act uuid not null unique references ledger.act,
  leaf bytea not null,
  hash bytea not null,
  sequenced_at timestamptz not null default now()
);
create table ledger.head (
  only_one boolean primary key default true check (only_one),
  place bigint not null default 0,
  hash bytea not null default sha256('linli'::bytea)
);
insert into ledger.head default values;

alter table ledger.act enable row level security;
alter table ledger.salt enable row level security;
alter table ledger.pending enable row level security;
alter table ledger.entry enable row level security;
alter table ledger.head enable row level security;
-- Port: whether an act of this kind about a record is kept from whoever asks (the room of requests replaces it). Asked last, because
-- it looks the record up.
create function access.withheld(record uuid, kind text) returns boolean language sql stable cost 10000 as $$ select false $$;
revoke all on function access.withheld(uuid, text) from public;
grant execute on function access.withheld(uuid, text) to linli_app;
create policy act_read on ledger.act for select to linli_app
  using (exists (select from unnest((select access.reach('ledger.read'))) p where path >= p and path < p || '~')
    and not access.withheld(record, kind));
create policy salt_append on ledger.salt for insert to linli_app with check (true);
create policy pending_append on ledger.pending for insert to linli_app with check (true);
create policy entry_read on ledger.entry for select to linli_app using (true);
create policy head_read on ledger.head for select to linli_app using (true);
create policy act_jobs on ledger.act for select to linli_jobs using (true);
create policy act_jobs_append on ledger.act for insert to linli_jobs with check (true);
create policy salt_jobs on ledger.salt for all to linli_jobs using (true) with check (true);
create policy pending_jobs on ledger.pending for all to linli_jobs using (true) with check (true);
create policy entry_jobs on ledger.entry for select to linli_jobs using (true);
create policy head_jobs on ledger.head for select to linli_jobs using (true);
grant select, insert on ledger.act to linli_jobs;
grant insert on ledger.act to linli_app;
-- What was done where, when and under which post. Not which person: of a resident that would be the name of a reporter. Not what came
-- of it either: a verdict is kept from those who handled the matter.
grant select (id, kind, record, path, at, tenure) on ledger.act to linli_app;
grant insert on ledger.salt, ledger.pending to linli_app;
grant select on ledger.entry, ledger.head to linli_app, linli_jobs;
grant select, insert, delete on ledger.salt to linli_jobs;
grant select, insert on ledger.pending to linli_jobs;

-- Appends acts as the program made them. Not for the application's own hand: rooms' functions call it once they have checked whose
-- acts they are.
create function ledger.append(acts jsonb) returns void
  language sql volatile security definer set search_path = pg_catalog, ledger, public as $$
    with given as materialized (
      select * from jsonb_to_recordset(acts) as g(id uuid, kind text, record uuid, path text, category text, at timestamptz, result text,
        times jsonb, facts jsonb, actor uuid, tenure uuid, "personalDigest" text, leaf text, salt text)
    ), act as (
      insert into ledger.act (id, kind, record, path, category, at, result, times, facts, actor, tenure, personal_digest, leaf)
      select id, kind, record, path, category, at, result, times, facts, actor, tenure, decode("personalDigest", 'hex'), decode(leaf, 'hex')
      from given
    ), salt as (
      insert into ledger.salt (act, salt) select id, decode(salt, 'hex') from given where salt is not null
    )
    insert into ledger.pending (act) select id from given
  $$;
revoke all on function ledger.append(jsonb) from public;
-- Jobs append in bulk what they bring in.
grant execute on function ledger.append(jsonb) to linli_jobs;

-- Whether an act of this kind about a record stands in the register, alone or with others of its moment: no more is said of it.
create function ledger.stands(act uuid, of_record uuid, of_kind text) returns boolean
  language sql stable security definer set search_path = pg_catalog, ledger, public as $$
    select exists (select from ledger.act a join ledger.act b on b.record = a.record and b.at = a.at
      where a.id = stands.act and a.record = of_record and b.kind = of_kind)
  $$;
revoke all on function ledger.stands(uuid, uuid, text) from public;
grant execute on function ledger.stands(uuid, uuid, text) to linli_app;

-- Gives committed acts their place and hash. One at a time on a database, whichever process calls.
-- Returns how many were placed. hash = SHA-256(previous hash || leaf).
-- An act that already has its place and is put among the waiting once more is let go: it would stop the chain for ever.
create function ledger.sequence(at_most integer default 5000) returns integer
  -- By index, whatever the statistics of these fast tables say at the moment: a plan that reads them whole grows with history.
  language plpgsql volatile security definer set search_path = pg_catalog, ledger, public
    set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off as $$
  declare
    last_place bigint;
    last_hash bytea;
    waiting record;
    places bigint[] := '{}';
    acts uuid[] := '{}';
    leaves bytea[] := '{}';
    hashes bytea[] := '{}';
    again uuid[] := '{}';
  begin
    -- The head's own row is the lock: an advisory one could be taken, and kept, by any role.
    select place, hash into last_place, last_hash from ledger.head for update skip locked;
    if not found then return 0; end if;
    for waiting in
      select p.act, a.leaf, e.placed is not null as placed
      from ledger.pending p join ledger.act a on a.id = p.act
        left join lateral (select true as placed from ledger.entry where act = p.act limit 1) e on true
      order by a.at, p.act limit at_most
    loop
      if waiting.placed then
        again := again || waiting.act;
        continue;
      end if;
      last_place := last_place + 1;
      last_hash := sha256(last_hash || waiting.leaf);
      places := places || last_place;
      acts := acts || waiting.act;
      leaves := leaves || waiting.leaf;
      hashes := hashes || last_hash;
    end loop;
    if cardinality(again) > 0 then delete from ledger.pending p where p.act = any(again); end if;
    if cardinality(acts) > 0 then
      insert into ledger.entry (place, act, leaf, hash)
        select * from unnest(places, acts, leaves, hashes);
      delete from ledger.pending p where p.act = any(acts);
      update ledger.head set place = last_place, hash = last_hash;
      -- One notice a batch: NOTIFY in every writing transaction would make commits wait for each other.
      perform pg_notify('linli_ledger', last_place::text);
    end if;
    return cardinality(acts) + cardinality(again);
  end $$;
revoke all on function ledger.sequence(integer) from public;
grant execute on function ledger.sequence(integer) to linli_jobs;

------------------------------------------------------------------------------- the installation

-- Written once, at the first start: whether this database holds the demonstration, whose accounts everybody may know.
create table installation (
  only_one boolean primary key default true check (only_one),
  demonstration boolean not null,
  begun_at timestamptz not null default now()
);
alter table installation enable row level security;
create policy installation_read on installation for select to linli_app, linli_jobs using (true);
grant select on installation to linli_app, linli_jobs;

-- Whether the clock of this database is the one that the program goes by. The demonstration and tests live at other times.
create function clock_is_real() returns boolean
  language sql stable security definer set search_path = pg_catalog, public as $$
    select exists (select from public.installation i where not i.demonstration)
  $$;
revoke all on function clock_is_real() from public;
grant execute on function clock_is_real() to linli_app, linli_jobs;
-- Whether a moment that the program names can be the present one.
create function is_present(moment timestamptz) returns boolean
  language sql stable as $$ select moment between now() - interval '1 day' and now() + interval '1 day' or not clock_is_real() $$;

-- Port: whether whoever asks may have done something about a record that lies at a path (the room of requests replaces it).
create function access.concerns(record uuid, path text) returns boolean language sql stable as $$ select access.person() is not null $$;
revoke all on function access.concerns(uuid, text) from public;
grant execute on function access.concerns(uuid, text) to linli_app;

-- An act names a tenure of its actor, never somebody else's; it is of the present, about a record that the actor has before them.
create policy act_append on ledger.act for insert to linli_app with check (
  actor is not distinct from (select access.person())
  and (tenure is null or tenure = any ((select access.tenures())::uuid[]))
  and is_present(at) and access.concerns(record, path));

-- Which migrations have run, for the program to see whether this database fits it. Names of files, nothing else.
create function migrations_run() returns text[]
  language sql stable security definer set search_path = pg_catalog, public as $$
    select coalesce(array_agg(m.name::text), '{}') from public.migration m
  $$;
revoke all on function migrations_run() from public;
grant execute on function migrations_run() to linli_app, linli_jobs;

------------------------------------------------------------------------------- idempotency

-- One row for each POST that carried an Idempotency-Key: bound to the caller and the body. The row is inserted first in
-- the transaction of the work, so that a concurrent repeat waits for it and then finds the answer.
create table idempotency (
  key_hash bytea primary key,
  body_hash bytea not null,
  status integer,
  answer bytea,
  -- The day is enough to forget it by; the moment would say which request it belongs to.
  at timestamptz not null default date_trunc('day', now())
);
create index idempotency_at on idempotency (at);
alter table idempotency enable row level security;
-- The hash covers the caller, so that a row can only be found by who made it; a row cannot be searched for otherwise. Filled in
-- once, in the transaction of the work: an answer that stands is nobody's to change.
create policy idempotency_found on idempotency for select to linli_app using (true);
create policy idempotency_begun on idempotency for insert to linli_app with check (true);
create policy idempotency_done on idempotency for update to linli_app using (status is null) with check (true);
create policy idempotency_jobs on idempotency for all to linli_jobs using (true) with check (true);
grant select, insert, update (status, answer) on idempotency to linli_app;
grant select, delete on idempotency to linli_jobs;
