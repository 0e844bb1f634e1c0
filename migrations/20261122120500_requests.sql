-- Up Migration

-- Requests (诉求): from a resident's words to the resident's judgement. This file: the record itself, and who sees it.

create sequence request_number start 100001;
grant usage on sequence request_number to linli_app, linli_jobs;

create table request (
  id uuid primary key,
  number bigint not null unique,
  outer_number text,
  place uuid not null references place,
  filed_path text collate "C" not null,
  path text collate "C" not null,
  level_path text collate "C" not null,
  channel text not null check (channel in ('web', 'phone', 'card', 'visit', 'paper', 'letter', 'chat', 'window', 'system')),
  language text not null default 'zh-CN' check (language in ('zh-CN', 'en')),
  title text not null check (length(title) between 1 and 120),
  body text not null check (length(body) between 1 and 20000),
  spot text check (length(spot) <= 200),
  longitude double precision check (longitude between 73 and 136),
  latitude double precision check (latitude between 3 and 54),
  category uuid references category,
  urgency text not null default 'ordinary' check (urgency in ('urgent', 'ordinary')),
  state text not null default 'received' check (state in ('received', 'accepted', 'dispatched', 'acknowledged', 'answered', 'closed')),
  result text check (result in ('solved', 'partly', 'unsolved', 'unconfirmed', 'explained', 'withdrawn', 'merged', 'answered_elsewhere')),
  check ((state = 'closed') = (result is not null)),
  anonymous boolean not null default false,
  reporter uuid references person,
  check (not anonymous or reporter is null),
  entered_by uuid,
  -- Whom its reporter wished to speak to: the tenure whose contact card was read.
  asked_for uuid references tenure (id),
  consent_public boolean not null default false,
  first_receiver uuid not null references body,
  holder uuid not null references body,
  responsible uuid not null references body,
  bodies uuid[] not null default '{}',
  -- Those who transferred it to another place: they still see where it went and what was answered, and no contact.
  senders uuid[] not null default '{}',
  excluded_people uuid[] not null default '{}',
  excluded_bodies uuid[] not null default '{}',
  filed_at timestamptz not null default now(),
  accepted_at timestamptz,
  dispatched_at timestamptz,
  acknowledged_at timestamptz,
  answered_at timestamptz,
  answer_kind text check (answer_kind in ('answer', 'explanation')),
  judged boolean not null default false,
  heard_at timestamptz,
  closed_at timestamptz,
  -- As it was told when the matter closed; what a place sets later neither shortens nor prolongs it.
  reopen_until timestamptz,
  check (state = 'closed' or reopen_until is null),
  due_at timestamptz,
  due_kind text check (due_kind in ('accept', 'dispatch', 'acknowledge', 'answer', 'judge')),
  due_provisional boolean not null default false,
  check (state <> 'closed' or due_at is null),
  promised_at timestamptz,
  promised_provisional boolean not null default false,
  round_at timestamptz not null default now(),
  step_at timestamptz not null default now(),
  overdue_stage text check (overdue_stage in ('due_soon', 'overdue', 'far_overdue')),
  returns integer not null default 0 check (returns >= 0),
  transfers integer not null default 0 check (transfers >= 0),
  extended_at timestamptz,
  reopened integer not null default 0 check (reopened >= 0),
  reopened_at timestamptz,
  supervised_at timestamptz,
  supervised text check (supervised in ('above', 'itself')),
  merged_into uuid references request,
  split_from uuid references request,
  about_request uuid references request,
  faults text[] not null default '{}',
  words tsvector,
  version integer not null default 1
);
alter table request alter column words set statistics 1000;
create index request_path on request (path, id);
create index request_open on request (state, level_path, due_at) where state <> 'closed';
create index request_due on request (due_at, id) where state <> 'closed';
create index request_path_due on request (path, due_at, id) where state <> 'closed';
create index request_supervised on request (path, id) where state <> 'closed' and supervised is not null;
create index request_answered on request (path, answered_at) where answered_at is not null;
create index request_unconfirmed on request (path, closed_at) where result = 'unconfirmed';
create index request_holder on request (holder, state) where state <> 'closed';
create index request_responsible on request (responsible) where state <> 'closed';
create index request_reporter on request (reporter, id) where reporter is not null;
create index request_place on request (place);
create index request_category on request (category) where category is not null;
create index request_first_receiver on request (first_receiver);
create index request_merged_into on request (merged_into) where merged_into is not null;
create index request_split_from on request (split_from) where split_from is not null;
create index request_asked_for on request (asked_for) where asked_for is not null;
create index request_about on request (about_request) where about_request is not null;
create unique index request_outer on request (filed_path, outer_number) where outer_number is not null;
create index request_words on request using gin (words) with (fastupdate = on);
insert into place_path_column (table_name, column_name) values ('request', 'path'), ('request', 'level_path');

-- The same test as the reading policy, for security definer functions, which policies do not bind.
-- Seen or not seen, never unknown: compared with a link or a person that is not there, an answer of null would let a change pass.
create function request_seen(r request) returns boolean
  language sql stable security definer set search_path = pg_catalog, public as $$
    select coalesce(
      not coalesce(access.person() = any (r.excluded_people), false)
      and not (r.excluded_bodies && access.bodies())
      and (access.covers(access.reach('request.read'), r.path)
           or coalesce(r.id = access.link(), false) or coalesce(r.id = access.judge(), false)
           or coalesce(r.reporter = access.person(), false)
           or r.bodies && access.bodies()), false)
  $$;
revoke all on function request_seen(request) from public;

alter table request enable row level security;
create policy request_read on request for select to linli_app using (
  not coalesce((select access.person()) = any (excluded_people), false)
  and not (excluded_bodies && (select access.bodies()))
  and (exists (select from unnest((select access.reach('request.read'))) p where path >= p and path < p || '~')
       or id = (select access.link()) or id = (select access.judge())
       or reporter = (select access.person())
       or bodies && (select access.bodies())));
create policy request_jobs on request for all to linli_jobs using (true) with check (true);
-- Filed by request_file and changed by request_change, which ask more than a policy could: no right to insert or update.
-- `result` says whether a resident was satisfied, which whoever handled it does not read: request_results tells who may.
do $$ begin
  execute (select format('grant select (%s) on request to linli_app', string_agg(quote_ident(attname), ', ' order by attnum))
    from pg_attribute where attrelid = 'request'::regclass and attnum > 0 and not attisdropped and attname <> 'result');
end $$;
grant select, insert, update on request to linli_jobs;

create or replace function access.is_new(record uuid) returns boolean
  language sql stable security definer set search_path = pg_catalog, public as $$
    select exists (select from public.request r where r.id = record and r.filed_at = transaction_timestamp())
  $$;
grant execute on function access.is_new(uuid) to linli_app;

-- Holds a request for the rest of the transaction, so that acts on it follow one another: whoever waited reads it as it then
-- stands. Not `for update`: lines of its timeline refer to it, and two writers would wait for each other for ever.
create function request_hold(request_id uuid) returns void
  language sql volatile security definer set search_path = pg_catalog, public as $$
    select from public.request r
      where r.id = request_id and (session_user <> 'linli_app' or public.request_seen(r)) for no key update
  $$;
revoke all on function request_hold(uuid) from public;
grant execute on function request_hold(uuid) to linli_app, linli_jobs;
