-- Up Migration

-- What came in by Open311, and by which key: its holder follows it by its number and adds to it, and reads nothing personal of it.
create table open311_request (
  request uuid primary key references request,
  key uuid not null references api_key,
  at timestamptz not null default now()
);
create index open311_request_key on open311_request (key);
alter table open311_request enable row level security;
create policy open311_request_read on open311_request for select to linli_app using (
  key = (select access.api_key()) or exists (select from request r where r.id = open311_request.request));
-- In the transaction that files it, by the key that is shown.
create policy open311_request_made on open311_request for insert to linli_app with check (
  key = (select access.api_key()) and at = now() and access.is_new(request));
create policy open311_request_jobs on open311_request for select to linli_jobs using (true);
grant select, insert on open311_request to linli_app;
grant select on open311_request to linli_jobs;

-- Port filled: whoever brought a request in tells more of it.
create or replace function access.key_holds(key uuid, record uuid) returns boolean
  language sql stable security definer set search_path = pg_catalog, public as $$
    select exists (select from public.open311_request o where o.request = record and o.key = key_holds.key)
  $$;

-- Steps of requests that others may follow: of what is released, and of what came in by a key. By their time, since that is how they are
-- asked for; no words stand here, and none of who did it.
create table open311_update (
  id uuid primary key,
  request uuid not null references request,
  at timestamptz not null,
  kind text not null check (kind in ('accepted', 'dispatched', 'redispatched', 'answered', 'explained', 'closed', 'reopened', 'withdrawn',
    'merged', 'unmerged', 'transferred'))
);
create index open311_update_at on open311_update (at, id);
create index open311_update_request on open311_update (request, at);
alter table open311_update enable row level security;
create policy open311_update_read on open311_update for select to linli_app using (
  exists (select from publication p where p.request = open311_update.request and p.withdrawn_at is null)
  or exists (select from open311_request o where o.request = open311_update.request and o.key = (select access.api_key())));
create policy open311_update_jobs on open311_update for select to linli_jobs using (true);
grant select on open311_update to linli_app, linli_jobs;

create function open311_update_kept() returns trigger
  language plpgsql security definer set search_path = pg_catalog, public as $$
  begin
    if exists (select from public.publication p where p.request = new.request)
       or exists (select from public.open311_request o where o.request = new.request) then
      insert into public.open311_update (id, request, at, kind) values (new.id, new.request, new.at, new.kind) on conflict do nothing;
    end if;
    return null;
  end $$;
revoke all on function open311_update_kept() from public;
-- The line of filing is none of these: intake pays nothing for it.
create trigger open311_update_kept after insert on request_entry for each row
  when (not new.internal and new.kind in ('accepted', 'dispatched', 'redispatched', 'answered', 'explained', 'closed', 'reopened', 'withdrawn', 'merged',
    'unmerged', 'transferred'))
  execute function open311_update_kept();

-- What is released brings along what was done before.
create function open311_update_released() returns trigger
  language plpgsql security definer set search_path = pg_catalog, public as $$
  begin
    insert into public.open311_update (id, request, at, kind)
      select e.id, e.request, e.at, e.kind from public.request_entry e
      where e.request = new.request and not e.internal and e.kind in ('accepted', 'dispatched', 'redispatched', 'answered', 'explained', 'closed',
        'reopened', 'withdrawn', 'merged', 'unmerged', 'transferred')
      on conflict do nothing;
    return null;
  end $$;
revoke all on function open311_update_released() from public;
create trigger open311_update_released after insert on publication for each row execute function open311_update_released();

insert into open311_update (id, request, at, kind)
  select e.id, e.request, e.at, e.kind from publication p join request_entry e on e.request = p.request
  where not e.internal and e.kind in ('accepted', 'dispatched', 'redispatched', 'answered', 'explained', 'closed', 'reopened', 'withdrawn', 'merged',
    'unmerged', 'transferred');

-- Released requests are asked for by number, and by when they were told.
create index publication_number on publication (number);
create index publication_filed on publication (filed_at, request) where withdrawn_at is null;

-- How requests stand that came in by the key that is shown: no words, no place below the community, nobody's name, and not what the
-- resident said of the answer.
create function open311_own(numbers bigint[]) returns table (request uuid, number bigint, path text, category uuid, state text, result text,
    filed_at timestamptz, promised_at timestamptz)
  language sql stable security definer set search_path = pg_catalog, public as $$
    select r.id, r.number, substring(r.path from '^(?:[^/]*/){1,5}'), r.category, r.state,
      case when r.result in ('solved', 'partly', 'unsolved') then null else r.result end, r.filed_at, r.promised_at
    from public.request r join public.open311_request o on o.request = r.id
    where r.number = any (numbers) and o.key = access.api_key()
  $$;
revoke all on function open311_own(bigint[]) from public;
grant execute on function open311_own(bigint[]) to linli_app;

-- Number and community of one of them, for its steps.
create function open311_own_at(of_request uuid) returns table (number bigint, path text)
  language sql stable security definer set search_path = pg_catalog, public as $$
    select r.number, substring(r.path from '^(?:[^/]*/){1,5}')
    from public.request r join public.open311_request o on o.request = r.id
    where r.id = of_request and o.key = access.api_key()
  $$;
revoke all on function open311_own_at(uuid) from public;
grant execute on function open311_own_at(uuid) to linli_app;
