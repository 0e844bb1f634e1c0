-- Up Migration

-- Other cities' Open311 servers to which requests of a category are sent on. `path`: of which place and below.
create table forwarding (
  id uuid primary key,
  name text not null check (length(name) between 1 and 100),
  url text not null check (length(url) <= 1000 and url like '%/'),
  -- Whether it may lie within the operator's own network.
  inner_network boolean not null default false,
  jurisdiction text check (length(jurisdiction) between 1 and 100),
  service text not null check (length(service) between 1 and 100),
  key_sealed bytea,
  format text not null check (format in ('xml', 'json')),
  place uuid not null references place,
  path text collate "C" not null,
  category uuid not null references category,
  -- Whether what is accepted and not released goes out too: its category and community, and no word of it.
  outline boolean not null,
  -- Whether our own steps are told there.
  steps boolean not null,
  -- What is done after an attempt whose answer was lost.
  again text not null check (again in ('look', 'listed', 'same')),
  language text not null check (language in ('zh-CN', 'en')),
  created_at timestamptz not null,
  revoked_at timestamptz,
  -- How its news are followed, up to when, and how that goes.
  heard_by text not null default 'updates' check (heard_by in ('updates', 'requests')),
  heard_until timestamptz not null,
  hear_at timestamptz not null,
  hear_failures integer not null default 0,
  hear_reason text,
  claimed_until timestamptz
);
create index forwarding_category on forwarding (category) where revoked_at is null;
create index forwarding_place on forwarding (place);
insert into place_path_column (table_name, column_name) values ('forwarding', 'path');

-- What is sent there: requests, and steps of requests that went there; in order for each request.
create table forwarding_delivery (
  id uuid primary key default uuidv7(),
  position bigint generated always as identity,
  forwarding uuid not null references forwarding,
  request uuid not null references request,
  kind text not null check (kind in ('request', 'step')),
  step uuid,
  state text not null default 'waiting' check (state in ('waiting', 'delivered', 'dead')),
  attempts integer not null default 0,
  next_attempt_at timestamptz not null,
  claimed_until timestamptz,
  -- What is sent, word for word the same each time; nothing stands here once it has ended.
  form jsonb,
  -- Since when it may stand there although nobody said so: written down before it is sent.
  unsure_since timestamptz,
  posted_at timestamptz,
  token text,
  reason text,
  created_at timestamptz not null,
  ended_at timestamptz,
  -- Its number there, and how it stands there.
  number text,
  status text,
  status_at text,
  asked_at timestamptz,
  unique nulls not distinct (forwarding, request, step)
);
create index forwarding_delivery_due on forwarding_delivery (forwarding, position) where state = 'waiting';
create index forwarding_delivery_waiting on forwarding_delivery (forwarding, request, position) where state = 'waiting';
create index forwarding_delivery_newest on forwarding_delivery (forwarding, position desc);
create index forwarding_delivery_request on forwarding_delivery (request);
create index forwarding_delivery_number on forwarding_delivery (forwarding, number) where number is not null;
create index forwarding_delivery_asked on forwarding_delivery (forwarding, asked_at nulls first) where kind = 'request' and state = 'delivered';
create index forwarding_delivery_ended on forwarding_delivery (ended_at) where kind = 'step' and ended_at is not null;

-- What was heard of a request that went there: each is entered once.
create table forwarding_heard (
  forwarding uuid not null references forwarding,
  request uuid not null references request,
  news text not null check (length(news) <= 200),
  at timestamptz not null,
  primary key (forwarding, request, news)
);
create index forwarding_heard_request on forwarding_heard (request);
create index forwarding_heard_at on forwarding_heard (at);

-- No samples of what goes by itself.
alter table forwarding_delivery alter column form set statistics 0;
alter table forwarding enable row level security;
alter table forwarding_delivery enable row level security;
alter table forwarding_heard enable row level security;
create policy forwarding_jobs on forwarding for all to linli_jobs using (true) with check (true);
create policy forwarding_delivery_jobs on forwarding_delivery for all to linli_jobs using (true) with check (true);
create policy forwarding_heard_jobs on forwarding_heard for all to linli_jobs using (true) with check (true);
grant select, update on forwarding to linli_jobs;
grant select, update, delete on forwarding_delivery to linli_jobs;
grant select, insert, delete on forwarding_heard to linli_jobs;

-- What goes where, in the transaction that releases or accepts it. What came in by Open311 is not sent on by it: whoever sent it can
-- send it there, and no two servers pass a request back and forth.
create function forwarding_wanted(of_request uuid, at_path text, of_category uuid, released boolean) returns void
  language sql volatile security definer set search_path = pg_catalog, public as $$
    insert into public.forwarding_delivery (forwarding, request, kind, next_attempt_at, created_at)
    select f.id, of_request, 'request', now(), now() from public.forwarding f
    where f.category = of_category and f.revoked_at is null and starts_with(at_path, f.path) and (released or f.outline)
      and not exists (select from public.open311_request o where o.request = of_request)
    on conflict do nothing
  $$;
revoke all on function forwarding_wanted(uuid, text, uuid, boolean) from public;

create function forwarding_released() returns trigger
  language plpgsql security definer set search_path = pg_catalog, public as $$
  begin
    if new.withdrawn_at is null then
      perform public.forwarding_wanted(new.request, new.path, new.category, true);
    else
      -- What was never tried does not go any more.
      delete from public.forwarding_delivery d using public.forwarding f
        where f.id = d.forwarding and d.request = new.request and d.state = 'waiting' and d.attempts = 0 and not f.outline;
    end if;
    return null;
  end $$;
revoke all on function forwarding_released() from public;
create trigger forwarding_released after insert or update of withdrawn_at, category on publication for each row
  when (new.category is not null and new.state <> 'closed') execute function forwarding_released();

-- Without a word of it, once somebody has looked at it; never what is about somebody who works here.
create function forwarding_accepted() returns trigger
  language plpgsql security definer set search_path = pg_catalog, public as $$
  begin
    perform public.forwarding_wanted(new.id, new.path, new.category, false);
    return null;
  end $$;
revoke all on function forwarding_accepted() from public;
create trigger forwarding_accepted after update on request for each row
  when (new.category is not null and new.state not in ('received', 'closed')
    and (old.state = 'received' or old.category is distinct from new.category)
    and new.excluded_people = '{}' and new.excluded_bodies = '{}')
  execute function forwarding_accepted();

-- Steps that everybody may follow, of what went there; those that came along with its release are old news.
create function forwarding_stepped() returns trigger
  language plpgsql security definer set search_path = pg_catalog, public as $$
  begin
    insert into public.forwarding_delivery (forwarding, request, kind, step, next_attempt_at, created_at)
    select f.id, d.request, 'step', new.id, now(), now()
    from public.forwarding_delivery d join public.forwarding f on f.id = d.forwarding
    where d.request = new.request and d.kind = 'request' and d.state <> 'dead' and d.created_at < now()
      and f.steps and f.revoked_at is null
      and exists (select from public.publication p where p.request = new.request and p.withdrawn_at is null)
    on conflict do nothing;
    return null;
  end $$;
revoke all on function forwarding_stepped() from public;
create trigger forwarding_stepped after insert on open311_update for each row execute function forwarding_stepped();

-- Two rooms asked for the same index.
drop index publication_filed;
