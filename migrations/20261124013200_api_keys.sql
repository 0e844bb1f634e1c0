-- Up Migration

-- Keys of other people's software. The key itself is shown once, when it is made; what stands here is its SHA-256.
create table api_key (
  id uuid primary key,
  name text not null check (length(name) between 1 and 100),
  secret_hash bytea not null unique check (length(secret_hash) = 32),
  -- From a closed list that the rooms declare in the program.
  scopes text[] not null check (cardinality(scopes) between 1 and 20),
  -- Bound to a place, it is good there and below; it goes along where the place is moved.
  place uuid references place,
  per_minute integer not null default 60 check (per_minute between 1 and 6000),
  created_at timestamptz not null default now(),
  expires_at timestamptz,
  -- To ten minutes: not written at every call.
  last_used_at timestamptz,
  revoked_at timestamptz
);
create index api_key_place on api_key (place) where place is not null;
alter table api_key enable row level security;
create policy api_key_jobs on api_key for select to linli_jobs using (true);
grant select on api_key to linli_jobs;

-- What a key was used for: how often in an hour, at which address's pattern, with which status. Nothing of what was sent or by whom.
create table api_key_use (
  key uuid not null references api_key on delete cascade,
  hour timestamptz not null,
  what text not null check (length(what) between 1 and 200),
  status smallint not null,
  times integer not null default 1 check (times > 0),
  primary key (key, hour, what, status)
);
create index api_key_use_hour on api_key_use (hour);
alter table api_key_use enable row level security;
create policy api_key_use_jobs on api_key_use for all to linli_jobs using (true) with check (true);
grant select, delete on api_key_use to linli_jobs;

-- The key of a digest, whether it still holds or not, so that whoever shows it is told what is wrong with it. The serving role finds
-- a key by its digest alone and reads no list of them.
create function api_key_shown(digest bytea) returns table (id uuid, name text, scopes text[], place uuid, path text, per_minute integer,
    expires_at timestamptz, revoked_at timestamptz)
  language sql stable security definer set search_path = pg_catalog, public as $$
    select k.id, k.name, k.scopes, k.place, p.path, k.per_minute, k.expires_at, k.revoked_at
    from public.api_key k left join public.place p on p.id = k.place where k.secret_hash = digest
  $$;
revoke all on function api_key_shown(bytea) from public;
grant execute on function api_key_shown(bytea) to linli_app;

-- Counts one use of a key.
create function api_key_used(digest bytea, pattern text, answered integer) returns void
  language plpgsql volatile security definer set search_path = pg_catalog, public as $$
  declare
    used uuid;
  begin
    select k.id into used from public.api_key k where k.secret_hash = digest;
    if used is null then return; end if;
    insert into public.api_key_use as u (key, hour, what, status) values (used, date_trunc('hour', now()), left(pattern, 200), answered)
      on conflict (key, hour, what, status) do update set times = u.times + 1;
    update public.api_key k set last_used_at = now()
      where k.id = used and (k.last_used_at is null or k.last_used_at < now() - interval '10 minutes');
  end $$;
revoke all on function api_key_used(bytea, text, integer) from public;
grant execute on function api_key_used(bytea, text, integer) to linli_app;

-- Port: whether a record is one that a key brought in, so that its holder tells more of it (rooms replace it).
create function access.key_holds(key uuid, record uuid) returns boolean language sql stable as $$ select false $$;
revoke all on function access.key_holds(uuid, uuid) from public;

-- As before; by which key whoever is asking came is sealed along.
create or replace function access.settle(context jsonb) returns void
  language plpgsql volatile security definer set search_path = pg_catalog, public as $$
  declare
    sealed text := '|person:' || coalesce(context ->> 'person', '') || '|session:' || coalesce(context ->> 'session', '')
      || '|link:' || coalesce(context ->> 'link', '') || '|handed_by:' || coalesce(context ->> 'handed_by', '')
      || '|judge:' || coalesce(context ->> 'judge', '') || '|judge_used:' || coalesce(context ->> 'judge_used', '') || '|';
    several text;
  begin
    if context ->> 'key' is not null then sealed := sealed || 'key:' || (context ->> 'key') || '|'; end if;
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

-- Begins a transaction's work of other people's software: nobody's session and no post, but a key that holds at this moment, and, where
-- a record is named that came by it, what the holder of that record's link may do. `key` is null where the key does not hold.
create function access.enter_by_key(key_hash bytea, of_record uuid default null) returns jsonb
  language plpgsql volatile security definer set search_path = pg_catalog, public as $$
  declare
    shown uuid;
    context jsonb;
  begin
    select k.id into shown from public.api_key k
      where k.secret_hash = key_hash and k.revoked_at is null and (k.expires_at is null or k.expires_at > clock_timestamp());
    context := jsonb_build_object('tenures', '[]'::jsonb, 'bodies', '[]'::jsonb, 'reach', '{}'::jsonb, 'person', null, 'session', null,
      'expires', null, 'user', null, 'handed_by', null, 'judge', null, 'judge_used', false, 'key', shown,
      'link', case when shown is not null and of_record is not null and access.key_holds(shown, of_record) then of_record end);
    perform access.settle(context);
    return context;
  end $$;
revoke all on function access.enter_by_key(bytea, uuid) from public;
grant execute on function access.enter_by_key(bytea, uuid) to linli_app;

-- The key by which whoever is asking came; null for everybody else.
create function access.api_key() returns uuid
  language sql stable return access.fact('key')::uuid;
revoke all on function access.api_key() from public;
grant execute on function access.api_key() to linli_app;
