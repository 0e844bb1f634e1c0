-- Up Migration

-- Requests (诉求), judgements and visits: from a resident's words to the resident's judgement.

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

-- The lifecycle as the database guards it: which act leads from which states to which, who may do it, how it may end and what it may
-- change. The rules decide, with all their conditions; this is the wall behind them, and a test holds the two together.
create table request_step (
  act text not null,
  from_states text[] not null,
  -- Null: the state stays as it was.
  next text,
  who text[] not null,
  results text[] not null default '{}',
  changes text[] not null default '{}',
  unique nulls not distinct (act, from_states, who)
);
do $$
  declare
    every text[] := '{received,accepted,dispatched,acknowledged,answered,closed}';
    open text[] := '{received,accepted,dispatched,acknowledged,answered}';
    at_work text[] := '{received,accepted,dispatched,acknowledged}';
    with_unit text[] := '{dispatched,acknowledged}';
    teller text[] := '{reporter,link}';
    both_sides text[] := '{lead,assistant,reporter,link}';
    clock text[] := '{due_at,due_kind,due_provisional,promised_at,promised_provisional,overdue_stage,step_at}';
    hands text[] := '{bodies,responsible,first_receiver}';
    ending text[] := clock || '{closed_at,reopen_until,bodies,responsible}';
    said text[] := '{solved,partly,unsolved}';
  begin
    insert into request_step (act, from_states, next, who, results, changes) values
      ('accept', '{received}', 'accepted', '{request.accept}', '{}', clock || '{accepted_at}'),
      ('dispatch', '{accepted}', 'dispatched', '{request.dispatch}', '{}', clock || hands || '{dispatched_at}'),
      ('redispatch', '{accepted}', 'dispatched', '{request.dispatch}', '{}', clock || hands || '{dispatched_at}'),
      ('transfer', '{received,accepted}', 'received', '{request.dispatch}', '{}', clock || hands || '{path,level_path,holder,transfers,returns,senders}'),
      ('transfer', '{received,accepted}', 'received', '{request.dispatch above}', '{}', clock || hands || '{path,level_path,holder,transfers,returns,senders}'),
      ('consent', '{dispatched}', 'acknowledged', '{lead}', '{}', clock || hands || '{acknowledged_at}'),
      ('consent', with_unit, null, '{assistant}', '{}', '{}'),
      ('decline', '{dispatched}', 'accepted', '{lead}', '{}', clock || hands),
      ('decline', with_unit, null, '{assistant}', '{}', '{}'),
      ('acknowledge', '{dispatched}', 'acknowledged', '{lead}', '{}', clock || hands || '{acknowledged_at}'),
      ('acknowledge', with_unit, null, '{assistant}', '{}', '{}'),
      ('return', with_unit, 'accepted', '{lead}', '{}', clock || hands || '{returns}'),
      ('return', with_unit, null, '{assistant}', '{}', '{bodies}'),
      ('assist', with_unit, null, '{lead,request.dispatch}', '{}', '{bodies}'),
      ('answer-part', with_unit, null, '{assistant}', '{}', '{}'),
      ('draft', '{acknowledged}', null, '{lead}', '{}', '{}'),
      ('answer', '{acknowledged}', 'answered', '{lead}', '{}', clock || hands || '{answered_at,answer_kind,judged}'),
      ('explain', '{received}', null, '{request.accept}', '{}', '{}'),
      ('explain', '{accepted}', null, '{request.dispatch}', '{}', '{}'),
      ('explain', '{acknowledged}', null, '{lead}', '{}', '{}'),
      ('agree-explanation', '{received,accepted,acknowledged}', 'answered', '{request.agree}', '{}', clock || hands || '{answered_at,answer_kind,judged}'),
      ('disagree-explanation', '{received,accepted,acknowledged}', null, '{request.agree}', '{}', '{}'),
      ('extend', with_unit, null, '{request.extend}', '{}', clock || '{extended_at}'),
      ('merge', at_work, 'closed', '{request.dispatch}', '{merged}', ending || '{merged_into}'),
      ('split', '{accepted,acknowledged}', null, '{request.dispatch}', '{}', '{}'),
      ('categorise', at_work, null, '{request.accept,request.dispatch}', '{}', clock || '{category}'),
      ('set-urgency', at_work, null, '{request.accept,request.dispatch}', '{}', clock || '{urgency}'),
      ('supervise', open, null, '{request.supervise above}', '{}', '{supervised,supervised_at}'),
      ('note', every, null, '{lead,assistant,request.accept,request.dispatch,request.supervise,request.callback}', '{}', '{}'),
      ('add', open, null, teller, '{}', '{}'),
      ('add', open, null, '{request.enter}', '{}', '{}'),
      ('correct', at_work, null, teller, '{}', '{title,body,spot,words}'),
      ('correct', at_work, null, '{request.enter}', '{}', '{title,body,spot,words}'),
      ('withdraw', open, 'closed', teller, '{withdrawn}', ending),
      ('withdraw', open, 'closed', '{request.enter}', '{withdrawn}', ending),
      ('judge', '{answered}', 'closed', '{judge,reporter}', said, ending || '{judged}'),
      ('judge', '{closed}', 'closed', '{judge,reporter}', said, ending || '{judged}'),
      ('call-back', '{answered}', 'closed', '{request.callback}', said, ending || '{judged}'),
      ('miss-call-back', '{answered}', null, '{request.callback}', '{}', '{}'),
      ('reopen', '{closed}', 'accepted', '{reporter,link,judge,request.enter,request.callback}', '{}',
        clock || hands || '{level_path,holder,returns,reopened,reopened_at,accepted_at,round_at,answered_at,closed_at,reopen_until,answer_kind,judged,heard_at,merged_into}'),
      ('complain', every, null, teller, '{}', '{}'),
      ('complain', every, null, '{request.enter}', '{}', '{}'),
      ('arrange-visit', with_unit, null, both_sides, '{}', '{}'),
      ('agree-visit', with_unit, null, both_sides, '{}', '{}'),
      ('move-visit', with_unit, null, both_sides, '{}', '{}'),
      ('cancel-visit', with_unit, null, both_sides, '{}', '{}'),
      ('permit-publication', every, null, teller, '{}', '{consent_public}'),
      ('forbid-publication', every, null, teller, '{}', '{consent_public}'),
      ('publish', every, null, '{request.publish}', '{}', '{}'),
      ('unpublish', every, null, teller, '{}', '{}'),
      ('unpublish', every, null, '{request.publish}', '{}', '{}');
  end $$;
alter table request_step enable row level security;

-- The columns that a change would make another. Moments are compared as the application writes them, in milliseconds, and bodies as
-- a set.
create function request_changes(was request, will request, change jsonb) returns text[]
  language plpgsql stable set search_path = pg_catalog, public as $$
  declare
    before jsonb := to_jsonb(was) - 'words';
    after jsonb := to_jsonb(will) - 'words';
    changed text[] := '{}';
    named text;
  begin
    for named in select jsonb_object_keys(before) loop
      if before -> named is distinct from after -> named then
        if named like '%\_at' and date_trunc('milliseconds', (before ->> named)::timestamptz)
            is not distinct from date_trunc('milliseconds', (after ->> named)::timestamptz) then continue; end if;
        if named = 'bodies' and was.bodies @> will.bodies and will.bodies @> was.bodies then continue; end if;
        changed := changed || named;
      end if;
    end loop;
    if change ? 'words' then changed := changed || 'words'::text; end if;
    return array(select c from unnest(changed) c where c not in ('state', 'result'));
  end $$;
revoke all on function request_changes(request, request, jsonb) from public;

-- The only way the application changes a request: within its reader's reach, from the version it saw, and by a step of the lifecycle
-- that is open to whoever asks. A change may take the request out of that reach (a transfer, a return), which a plain UPDATE
-- beneath the policies could not.
-- `change` holds column names and new values. Returns the new version, or null where another was faster.
create function request_change(request_id uuid, expected_version integer, change jsonb) returns integer
  language plpgsql volatile security definer set search_path = pg_catalog, public as $$
  declare
    was public.request;
    will public.request;
    changed text[];
    standing text[];
  begin
    select * into was from public.request where id = request_id for update;
    if was.id is null or (session_user = 'linli_app' and not public.request_seen(was)) then
      raise exception 'no such request' using errcode = 'P0002';
    end if;
    if was.version <> expected_version then return null; end if;
    will := jsonb_populate_record(was, change - array['id', 'number', 'version', 'filed_at', 'filed_path', 'place', 'reporter', 'anonymous', 'entered_by', 'channel', 'words', 'outer_number']);
    -- Whoever may not read how a closed request ended hands in nothing there: it stays as it was, and a guess is not answered.
    if was.state = 'closed' and will.state = 'closed' and (will.result is null or session_user = 'linli_app'
        and not exists (select from public.request_results(array[request_id]) q where q.result is not null)) then
      will.result := was.result;
    end if;
    if session_user = 'linli_app' and not (
      -- What a split has just made takes its parent's state.
      was.version = 1 and was.split_from is not null
      and exists (select from public.request made where made.id = was.id and made.xmin = pg_current_xact_id_if_assigned()::xid)
      and access.covers(access.reach('request.dispatch'), was.level_path)
      and will.state in ('received', 'accepted', 'acknowledged')
      and exists (select from public.request whole where whole.id = was.split_from and public.request_seen(whole)
        and access.covers(access.reach('request.dispatch'), whole.level_path) and (whole.consent_public or not will.consent_public)
          and will.promised_at <= whole.promised_at)) then
      changed := public.request_changes(was, will, change);
      standing := public.request_standing(was, was.state = 'closed' and will.state = 'accepted');
      if not exists (
        select from public.request_step s
        where was.state = any (s.from_states) and coalesce(s.next, was.state) = will.state and changed <@ s.changes
          -- A unit that answered may still write a note.
          and (s.who && standing or s.act = 'note' and exists (select from public.request_part p join access.held() h on h.body = p.body
            where p.request = request_id and p.state = 'answered' and 'request.handle' = any (h.duties)))
          and (will.result is not distinct from was.result or will.result is null or will.result = any (s.results))
          -- One judgement of one answer: written in this transaction, and the verdict is what it says.
          and (s.act not in ('judge', 'call-back') or not was.judged and will.judged
            and exists (select from public.judgement j where j.request = request_id and j.at = now()
              and will.result = case j.solved when 'not' then 'unsolved' else j.solved end))) then
        raise exception 'no step of the lifecycle that is open here: % to % (%)', was.state, will.state, array_to_string(changed, ', ')
          using errcode = '42501';
      end if;
      -- Sent beyond the district only by whoever dispatches in both places.
      if not starts_with(will.path, substring(was.path from '^(?:[^/]*/){1,3}')) and not exists (select from access.held() h
          where 'request.dispatch' = any (h.duties) and starts_with(was.level_path, h.path) and starts_with(will.path, h.path)) then
        raise exception 'a matter sent over the heads of both places' using errcode = '42501';
      end if;
      if (will.senders is distinct from was.senders) and not (will.senders <@ (was.senders || was.holder)) then
        raise exception 'a sender that never had it' using errcode = '42501';
      end if;
      -- A promise moves back by an extension or in a new round, else only as long as no unit has had it in this one.
      if will.promised_at > was.promised_at and not changed && '{extended_at,round_at}' and was.dispatched_at >= was.round_at then
        raise exception 'a promise that moves back' using errcode = '42501';
      end if;
    end if;
    update public.request set
      path = will.path, level_path = will.level_path, title = will.title, body = will.body, spot = will.spot,
      longitude = will.longitude, latitude = will.latitude, category = will.category, urgency = will.urgency,
      state = will.state, result = will.result, consent_public = will.consent_public,
      first_receiver = will.first_receiver, holder = will.holder, responsible = will.responsible, bodies = will.bodies,
      excluded_people = will.excluded_people, excluded_bodies = will.excluded_bodies,
      accepted_at = will.accepted_at, dispatched_at = will.dispatched_at, acknowledged_at = will.acknowledged_at,
      answered_at = will.answered_at, answer_kind = will.answer_kind, judged = will.judged, heard_at = will.heard_at, closed_at = will.closed_at, reopen_until = will.reopen_until, senders = will.senders, due_at = will.due_at, due_kind = will.due_kind,
      due_provisional = will.due_provisional, promised_at = will.promised_at, promised_provisional = will.promised_provisional,
      round_at = will.round_at, step_at = will.step_at, transfers = will.transfers, overdue_stage = will.overdue_stage,
      returns = will.returns, extended_at = will.extended_at, reopened = will.reopened, reopened_at = will.reopened_at,
      supervised_at = will.supervised_at, supervised = will.supervised, merged_into = will.merged_into,
      about_request = will.about_request, faults = will.faults,
      words = case when change ? 'words' then (change ->> 'words')::tsvector else was.words end,
      version = was.version + 1
      where id = request_id;
    -- A judge token is for one answer: it ends with the next one, and when the request ends otherwise than by time or judgement. Where
    -- it was used and the matter is asked for again, the page that said so may still be looked at.
    if will.state = 'answered' and was.state <> 'answered' or was.state = 'closed' and will.state <> 'closed'
       or will.state = 'closed' and will.result in ('withdrawn', 'merged') then
      update access.token t set expires_at = case when t.used_at is null or will.state = 'answered' then now() else now() + interval '1 hour' end
        where t.record = request_id and t.kind = 'judge' and (t.expires_at is null or t.expires_at > now());
    end if;
    -- What a resident said of the answer is not for everyone: a handler would read there what is kept from them.
    update public.publication set state = will.state, answered_at = will.answered_at, closed_at = will.closed_at,
      result = case when will.result not in ('solved', 'partly', 'unsolved') then will.result end,
      path = will.path, promised_at = will.promised_at where request = request_id;
    return was.version + 1;
  end $$;
revoke all on function request_change(uuid, integer, jsonb) from public;
grant execute on function request_change(uuid, integer, jsonb) to linli_app, linli_jobs;

-- The one that stays of two merged takes the earlier promise, whoever holds it: only sooner, and only what was promised to the other.
create function request_sooner(request_id uuid, merged uuid, change jsonb) returns void
  language plpgsql volatile security definer set search_path = pg_catalog, public as $$
  declare
    was public.request;
    will public.request;
  begin
    select * into was from public.request where id = request_id for update;
    will := jsonb_populate_record(was, change);
    -- Not true is no: a promise or a deadline that is taken away compares as unknown.
    if (was.state in ('received', 'accepted', 'dispatched', 'acknowledged') and will.promised_at < was.promised_at
         and will.due_at <= was.due_at and will.due_at <= will.promised_at
         and (will.due_kind = was.due_kind or will.due_kind = 'answer' and was.due_kind is not null)
         and (session_user <> 'linli_app' or public.request_seen(was))
         -- Merged in this very transaction, by whoever may merge there.
         and exists (select from public.request m where m.id = merged and m.merged_into = request_id and m.result = 'merged'
           and date_trunc('milliseconds', m.promised_at) = date_trunc('milliseconds', will.promised_at)
           and (session_user <> 'linli_app' or m.xmin = pg_current_xact_id_if_assigned()::xid
             and access.covers(access.reach('request.dispatch'), m.level_path)))) is not true then
      raise exception 'no earlier promise of one that was merged' using errcode = '42501';
    end if;
    update public.request set promised_at = will.promised_at, promised_provisional = will.promised_provisional, due_at = will.due_at,
      due_kind = will.due_kind, due_provisional = will.due_provisional, version = was.version + 1 where id = request_id;
    update public.publication set promised_at = will.promised_at where request = request_id;
  end $$;
revoke all on function request_sooner(uuid, uuid, jsonb) from public;
grant execute on function request_sooner(uuid, uuid, jsonb) to linli_app, linli_jobs;

-- Lines of the timeline that make their writer one who handled the request, as handlingEntries of the room; a test holds the two
-- together.
create function request_handling_kinds() returns text[] language sql immutable parallel safe
  return array['accepted', 'dispatched', 'redispatched', 'consented', 'acknowledged', 'returned', 'assistance_asked', 'part_acknowledged',
    'part_returned', 'part_answered', 'drafted', 'answered', 'explanation_proposed', 'explanation_refused', 'explained', 'extended',
    'merged', 'split', 'transferred'];

-- Finding by words: `@@` is not leak-proof, so beneath the policy its index would not be used. This function applies the test of
-- request_seen inside, asking once who is asking (each asking verifies the seal of the transaction), and lets the index work.
-- Newest first, before an id for the next page. Plans are made for the given words and place each time: one community and a whole
-- province want different ones.
create function request_find(query tsquery, prefixes text[], before uuid, at_most integer) returns setof uuid
  language plpgsql stable security definer set search_path = pg_catalog, public set plan_cache_mode = force_custom_plan as $$
  declare
    who uuid := access.person();
    own uuid[] := access.bodies();
    reach text[] := access.reach('request.read');
    held_link uuid := access.link();
    held_judge uuid := access.judge();
    -- One range is a condition that the index on the path serves; several are tested row by row.
    low text collate "C" := case when cardinality(prefixes) = 1 then prefixes[1] end;
  begin
    return query
      select r.id from public.request r
      where r.words @@ query
        and (before is null or r.id < before)
        and (low is null or r.path >= low and r.path < low || '~')
        and (low is not null or exists (select from unnest(prefixes) p where r.path >= p and r.path < p || '~'))
        and not coalesce(who = any (r.excluded_people), false)
        and not (r.excluded_bodies && own)
        and (exists (select from unnest(reach) p where r.path >= p and r.path < p || '~')
             or r.id = held_link or r.id = held_judge or r.reporter = who or r.bodies && own)
      order by r.id desc limit least(at_most, 500);
  end $$;
revoke all on function request_find(tsquery, text[], uuid, integer) from public;
grant execute on function request_find(tsquery, text[], uuid, integer) to linli_app;

-- Among the newest 200 below a path, not older than an id: those that share words, the most alike first.
create function request_similar(query tsquery, low text, since uuid, at_most integer) returns setof uuid
  language plpgsql stable security definer set search_path = pg_catalog, public set plan_cache_mode = force_custom_plan as $$
  declare
    who uuid := access.person();
    own uuid[] := access.bodies();
    reach text[] := access.reach('request.read');
    from_path text collate "C" := low;
  begin
    return query
      with near as materialized (
        select r.id from public.request r where r.path >= from_path and r.path < from_path || '~' and r.id >= since
        order by r.id desc limit 200)
      select r.id from near join public.request r on r.id = near.id
      where r.words @@ query
        and not coalesce(who = any (r.excluded_people), false)
        and not (r.excluded_bodies && own)
        and (exists (select from unnest(reach) p where r.path >= p and r.path < p || '~') or r.bodies && own)
      order by ts_rank(r.words, query) desc, r.id desc limit at_most;
  end $$;
revoke all on function request_similar(tsquery, text, uuid, integer) from public;
grant execute on function request_similar(tsquery, text, uuid, integer) to linli_app;

-- The newest below one path, newest first, before an id for the next page. Beneath the policy PostgreSQL would fetch every row of the
-- place to sort them; here the index on path and id alone says which are the newest, however many there are.
create function request_newest(low text, before uuid, at_most integer) returns setof uuid
  language plpgsql stable security definer set search_path = pg_catalog, public set plan_cache_mode = force_custom_plan as $$
  declare
    who uuid := access.person();
    own uuid[] := access.bodies();
    from_path text collate "C" := low;
    ids uuid[];
    found uuid;
    given integer := 0;
  begin
    if not access.covers(access.reach('request.read'), low) then return; end if;
    loop
      ids := array(select r.id from public.request r
        where r.path >= from_path and r.path < from_path || '~' and (before is null or r.id < before)
        order by r.id desc limit least(at_most, 500));
      for found in
        select r.id from public.request r where r.id = any (ids)
          and not coalesce(who = any (r.excluded_people), false) and not (r.excluded_bodies && own) order by r.id desc
      loop
        given := given + 1;
        return next found;
        exit when given >= at_most;
      end loop;
      exit when given >= at_most or cardinality(ids) < least(at_most, 500);
      before := ids[cardinality(ids)];
    end loop;
  end $$;
revoke all on function request_newest(text, uuid, integer) from public;
grant execute on function request_newest(text, uuid, integer) to linli_app;

-- Who reported, apart from what was reported: another duty reads it, and each reading is logged.
create table request_contact (
  request uuid primary key references request,
  person uuid references person,
  name_encrypted bytea,
  phone_encrypted bytea,
  phone_index bytea,
  mail_encrypted bytea,
  may_call boolean not null default true
);
create index request_contact_phone on request_contact (phone_index) where phone_index is not null;
create index request_contact_person on request_contact (person) where person is not null;

-- The same caller's other requests, for the duty to read contacts there. The index by which they are found stays unread: with it one
-- could ask for somebody else's link.
create function request_earlier(of_request uuid) returns setof uuid
  language sql stable security definer set search_path = pg_catalog, public as $$
    select other.request from public.request_contact own
      join public.request r on r.id = own.request
      join public.request_contact other on other.request <> own.request
        and (other.phone_index = own.phone_index or other.person = own.person)
      -- A matter about whoever asks is none that they hear of.
      join public.request o on o.id = other.request
    where own.request = of_request and public.request_seen(r) and access.covers(access.reach('request.contact'), r.path)
      and public.request_seen(o)
  $$;
revoke all on function request_earlier(uuid) from public;
grant execute on function request_earlier(uuid) to linli_app;

-- The contact that goes along with each part of what is divided, sealed as it stands, for whoever may divide it.
create function request_contact_to_divide(of_request uuid)
  returns table (person uuid, name_encrypted bytea, phone_encrypted bytea, mail_encrypted bytea, may_call boolean)
  language sql stable security definer set search_path = pg_catalog, public as $$
    select c.person, c.name_encrypted, c.phone_encrypted, c.mail_encrypted, c.may_call
    from public.request r join public.request_contact c on c.request = r.id
    where r.id = of_request and r.state in ('accepted', 'acknowledged')
      and (session_user <> 'linli_app' or public.request_seen(r) and access.covers(access.reach('request.dispatch'), r.level_path))
  $$;
revoke all on function request_contact_to_divide(uuid) from public;
grant execute on function request_contact_to_divide(uuid) to linli_app, linli_jobs;

-- What a request was divided into, for its reporter: who follows the whole follows each part.
create function request_divided(of_request uuid) returns table (id uuid, number bigint, title text, state text, result text)
  language sql stable security definer set search_path = pg_catalog, public as $$
    select part.id, part.number, part.title, part.state, part.result
    from public.request whole join public.request part on part.split_from = whole.id
    where whole.id = of_request and (whole.id = access.link() or whole.reporter = access.person())
    order by part.id
  $$;
revoke all on function request_divided(uuid) from public;
grant execute on function request_divided(uuid) to linli_app;

-- Parts: which body has it, as lead or assisting.
create table request_part (
  id uuid primary key,
  request uuid not null references request,
  body uuid not null references body,
  role text not null check (role in ('lead', 'assisting')),
  state text not null check (state in ('offered', 'dispatched', 'acknowledged', 'returned', 'answered', 'ended')),
  ask text,
  dispatched_at timestamptz not null default now(),
  acknowledged_at timestamptz,
  returned_at timestamptz,
  answered_at timestamptz,
  ended_at timestamptz,
  return_reason text,
  return_belongs_to uuid references body,
  version integer not null default 1
);
create index request_part_request on request_part (request);
create index request_part_body on request_part (body, state, request);
create index request_part_belongs on request_part (return_belongs_to) where return_belongs_to is not null;
create unique index request_part_lead on request_part (request) where role = 'lead' and state in ('offered', 'dispatched', 'acknowledged');

-- The timeline. `tenure` says who and under which post; a resident's own entries carry none.
create table request_entry (
  id uuid primary key,
  request uuid not null references request,
  act uuid,
  kind text not null,
  at timestamptz not null default now(),
  tenure uuid references tenure (id),
  -- Where it was done by a link that reached its holder through staff: the tenure that handed it out.
  handed_by uuid references tenure (id),
  body uuid references body,
  part uuid references request_part,
  internal boolean not null default false,
  text text,
  facts jsonb not null default '{}'
);
create index request_entry_request on request_entry (request, at, id);
create index request_entry_tenure on request_entry (tenure) where tenure is not null;
create index request_entry_handed_by on request_entry (handed_by) where handed_by is not null;
create index request_entry_body on request_entry (body) where body is not null;
create index request_entry_part on request_entry (part) where part is not null;

-- Who had a hand in a request: people of the tenures that wrote its handling lines. A resident who judges may not read the
-- tenures themselves, yet what they say must be kept from these.
create function request_handlers(request_id uuid) returns setof uuid
  language sql stable security definer set search_path = pg_catalog, public as $$
    select distinct t.person from public.request_entry e join public.tenure t on t.id = e.tenure join public.request r on r.id = e.request
    where e.request = request_id and e.kind = any (public.request_handling_kinds()) and (session_user <> 'linli_app' or public.request_seen(r))
  $$;
revoke all on function request_handlers(uuid) from public;
grant execute on function request_handlers(uuid) to linli_app, linli_jobs;

-- The present posts of whoever holds a tenure: a request about an official is routed past all of them. Residents name those whose
-- post is shown to them.
create function official_posts(tenure_id uuid) returns table (person uuid, body uuid, path text, head boolean)
  language sql stable security definer set search_path = pg_catalog, public as $$
    select t.person, b.id, b.path, p.is_head
    from public.tenure asked join public.tenure t on t.person = asked.person and t.during @> now()
      join public.post p on p.id = t.post join public.body b on b.id = p.body
    where asked.id = tenure_id
      and (session_user <> 'linli_app' or cardinality(access.bodies()) > 0
           or exists (select from public.post shown where shown.id = asked.post and shown.shown))
  $$;
revoke all on function official_posts(uuid) from public;
grant execute on function official_posts(uuid) to linli_app, linli_jobs;

-- What was written before a correction: both versions are kept.
create table request_version (
  id uuid primary key,
  request uuid not null references request,
  title text not null,
  body text not null,
  spot text,
  replaced_at timestamptz not null default now()
);
create index request_version_request on request_version (request);

create table request_answer (
  id uuid primary key,
  request uuid not null references request,
  part uuid references request_part,
  kind text not null check (kind in ('answer', 'explanation', 'part')),
  state text not null check (state in ('draft', 'proposed', 'sent', 'refused')),
  text text not null check (length(text) between 1 and 8000),
  ground text,
  law uuid references law,
  next_remedy text,
  author uuid not null references tenure (id),
  reader uuid references tenure (id),
  reader_note text,
  agreed_by uuid references tenure (id),
  agreed_at timestamptz,
  created_at timestamptz not null default now(),
  sent_at timestamptz,
  version integer not null default 1,
  check (agreed_by is null or agreed_by <> author)
);
create index request_answer_request on request_answer (request, created_at);
create index request_answer_proposed on request_answer (request) where kind = 'explanation' and state = 'proposed';
create index request_answer_part on request_answer (part) where part is not null;
create index request_answer_law on request_answer (law) where law is not null;
create index request_answer_author on request_answer (author);
create index request_answer_reader on request_answer (reader) where reader is not null;
create index request_answer_agreed on request_answer (agreed_by) where agreed_by is not null;

do $$ declare named text; begin
  foreach named in array array['request_contact', 'request_part', 'request_entry', 'request_version', 'request_answer'] loop
    execute format('alter table %I enable row level security', named);
    execute format('create policy %I on %I for all to linli_jobs using (true) with check (true)', named || '_jobs', named);
    execute format('grant select, insert, update on %I to linli_jobs', named);
  end loop;
end $$;
grant select, insert on request_part, request_answer to linli_app;
grant update (state, acknowledged_at, returned_at, answered_at, ended_at, return_reason, return_belongs_to, version) on request_part to linli_app;
grant update (state, reader, reader_note, agreed_by, agreed_at, sent_at, version) on request_answer to linli_app;
grant select, insert on request_entry, request_version to linli_app;
-- Not the index of the phone: nobody reads it, and what is to be found by it is found by functions.
grant select (request, person, name_encrypted, phone_encrypted, mail_encrypted, may_call) on request_contact to linli_app;

-- Whether a body of whoever asks has a request, or had it and answered. One that sent it to another place has it no more.
create function request_in_hand(of_request uuid, bodies uuid[], senders uuid[], charged uuid[], own uuid[]) returns boolean
  language sql stable as $$
    select bodies && own and (not senders && own or charged && own
      or exists (select from request_part p where p.request = of_request and p.body = any (own) and p.state <> 'returned'))
  $$;

-- Contact: the reporter, the holder of the link, the unit that has it, and the duty that needs it.
create policy request_contact_read on request_contact for select to linli_app using (
  request = (select access.link()) or person = (select access.person())
  or exists (select from request r where r.id = request_contact.request
             and (request_in_hand(r.id, r.bodies, r.senders, array[r.holder, r.first_receiver, r.responsible], (select access.bodies()))
                  or exists (select from unnest((select access.reach('request.contact'))) p where r.path >= p and r.path < p || '~'))));
create policy request_part_read on request_part for select to linli_app
  using (exists (select from request r where r.id = request_part.request));
-- Internal notes and drafts are read by staff who have the request in reach, never through a link or as its reporter.
create policy request_entry_read on request_entry for select to linli_app using (
  exists (select from request r where r.id = request_entry.request
    and (not internal
         or exists (select from unnest((select access.reach('request.read'))) p where r.path >= p and r.path < p || '~')
         or request_in_hand(r.id, r.bodies, r.senders, array[r.holder, r.first_receiver, r.responsible], (select access.bodies())))));
create policy request_version_read on request_version for select to linli_app
  using (exists (select from request r where r.id = request_version.request));
-- What was sent is read by everyone who reads the request. (Within the subquery an unqualified `state` is that of the request.)
create policy request_answer_read on request_answer for select to linli_app using (
  exists (select from request r where r.id = request_answer.request
    and (request_answer.state = 'sent' and request_answer.kind <> 'part'
         or exists (select from unnest((select access.reach('request.read'))) p where r.path >= p and r.path < p || '~')
         or request_in_hand(r.id, r.bodies, r.senders, array[r.holder, r.first_receiver, r.responsible], (select access.bodies())))));

------------------------------------------------------------------------------- who has it in hand

-- Who has had a hand in what is still open. What somebody handles is answered from here, however much they did before.
create table request_hand (
  tenure uuid not null references tenure (id),
  request uuid not null references request on delete cascade,
  primary key (tenure, request)
);
create index request_hand_request on request_hand (request);
alter table request_hand enable row level security;
create policy request_hand_own on request_hand for select to linli_app using (tenure = any ((select access.tenures())::uuid[]));
create policy request_hand_jobs on request_hand for select to linli_jobs using (true);
grant select on request_hand to linli_app, linli_jobs;

create function request_hand_taken() returns trigger
  language plpgsql security definer set search_path = pg_catalog, public as $$
  begin
    insert into public.request_hand (tenure, request)
      select new.tenure, r.id from public.request r where r.id = new.request and r.state <> 'closed' on conflict do nothing;
    return null;
  end $$;
create trigger request_hand_taken after insert on request_entry for each row
  when (new.tenure is not null and new.kind = any (request_handling_kinds())) execute function request_hand_taken();

create function request_hand_turned() returns trigger
  language plpgsql security definer set search_path = pg_catalog, public as $$
  begin
    if new.state = 'closed' then
      delete from public.request_hand h where h.request = new.id;
    else
      insert into public.request_hand (tenure, request)
        select distinct e.tenure, e.request from public.request_entry e
        where e.request = new.id and e.tenure is not null and e.kind = any (public.request_handling_kinds()) on conflict do nothing;
    end if;
    return null;
  end $$;
create trigger request_hand_turned after update of state on request for each row
  when ((old.state = 'closed') <> (new.state = 'closed')) execute function request_hand_turned();

------------------------------------------------------------------------------- filing

-- Files a request with all that belongs to its first moment: contact, first lines, acts of the register, secret link. One call, so
-- that a flood of requests costs one statement each; what the policies of these tables ask of an insert is asked here once.
-- `given`: request, contact (or null), entries, acts as the register stores them, link (SHA-256 in hex, or null).
create function request_file(given jsonb) returns void
  language plpgsql volatile security definer set search_path = pg_catalog, public as $$
  declare
    filed public.request := jsonb_populate_record(null::public.request, given -> 'request');
    contact public.request_contact;
    who uuid;
  begin
    if session_user = 'linli_app' then
      who := access.person();
      -- Anyone may file; nobody may file in another's name, in the past, or already handled, nor under another's tenure.
      if filed.reporter is distinct from who and filed.reporter is not null and filed.split_from is null
         or filed.entered_by is not null and filed.split_from is null and ((filed.entered_by = any (access.tenures())) is not true
              or not access.covers(access.reach('request.enter') || access.reach('request.dispatch'), filed.path)) then
        raise exception 'filed in the name of another' using errcode = '42501';
      end if;
      -- A filing is one act of this kind, about this request, where it lies; its timeline begins with having been filed.
      if jsonb_array_length(given -> 'acts') <> 1 or jsonb_array_length(given -> 'entries') <> 1
         or given #>> '{entries,0,kind}' <> 'filed' or not isfinite((given #>> '{entries,0,at}')::timestamptz)
         or given #>> '{acts,0,kind}' <> 'request.file' or given #>> '{acts,0,result}' is not null
         or (given #>> '{acts,0,record}')::uuid is distinct from filed.id or given #>> '{acts,0,path}' is distinct from filed.path
         or (given #>> '{acts,0,actor}')::uuid is distinct from who
         or (case when filed.split_from is null then (given #>> '{acts,0,tenure}')::uuid is distinct from filed.entered_by
              else ((given #>> '{acts,0,tenure}')::uuid = any (access.tenures())) is not true end) then
        raise exception 'not the act of filing' using errcode = '42501';
      end if;
      -- Ids follow time and numbers their sequence: lists, the nightly check and the next filing rely on both.
      if uuid_extract_version(filed.id) is distinct from 7
         or uuid_extract_timestamp(filed.id) not between now() - interval '61 days' and now() + interval '2 days'
         or filed.number / 10 > (select last_value from public.request_number) then
        raise exception 'an id or a number of another time' using errcode = '42501';
      end if;
      if filed.split_from is null then
        if filed.path is distinct from (select p.path from public.place p where p.id = filed.place and p.abolished_at is null)
           or (given #>> '{contact,person}')::uuid is distinct from who and given #>> '{contact,person}' is not null then
          raise exception 'a place or a contact of another' using errcode = '42501';
        end if;
      -- A part of what is divided goes on where the whole stood, for the same person, told when the whole was, and promised by then.
      elsif not exists (select from public.request w where w.id = filed.split_from and public.request_seen(w) and w.path = filed.path
              and access.covers(access.reach('request.dispatch'), w.level_path)
              and (filed.reporter, filed.entered_by, filed.anonymous, filed.channel) is not distinct from (w.reporter, w.entered_by, w.anonymous, w.channel)
              and filed.promised_at <= w.promised_at
              and ((given #>> '{contact,person}') is null or exists (select from public.request_contact c
                where c.request = w.id and c.person = (given #>> '{contact,person}')::uuid))) then
        raise exception 'divided from what is not in reach' using errcode = '42501';
      end if;
      -- A complaint is about a matter that is before whoever complains.
      if filed.about_request is not null and not exists (
        select from public.request a where a.id = filed.about_request and public.request_seen(a)) then
        raise exception 'about a matter that is not in sight' using errcode = '42501';
      end if;
      if not starts_with(filed.path, filed.level_path) then
        raise exception 'received where it does not lie' using errcode = '42501';
      end if;
      filed.filed_at := coalesce((select w.filed_at from public.request w where w.id = filed.split_from), now());
      filed.accepted_at := null; filed.dispatched_at := null; filed.acknowledged_at := null; filed.answered_at := null;
      filed.answer_kind := null; filed.heard_at := null; filed.closed_at := null; filed.result := null; filed.overdue_stage := null;
      filed.extended_at := null; filed.reopened_at := null; filed.supervised_at := null; filed.supervised := null; filed.merged_into := null;
    end if;
    filed.filed_at := coalesce(filed.filed_at, now());
    filed.state := 'received';
    filed.version := 1;
    filed.judged := false;
    filed.senders := '{}';
    -- Somebody whose post is shown to all and who holds it now, and never one whom the matter is kept from.
    if filed.asked_for is not null then filed.asked_for := (select t.id from public.tenure t join public.post p on p.id = t.post and p.shown
      where t.id = filed.asked_for and t.during @> now() and not coalesce(t.person = any (filed.excluded_people), false)); end if;
    filed.reopen_until := null;
    filed.returns := 0;
    filed.transfers := 0;
    filed.reopened := 0;
    insert into public.request values (filed.*);
    if given -> 'contact' <> 'null' then
      contact := jsonb_populate_record(null::public.request_contact, given -> 'contact');
      contact.request := filed.id;
      insert into public.request_contact values (contact.*);
    end if;
    insert into public.request_entry (id, request, kind, at, tenure, internal)
      select (e ->> 'id')::uuid, filed.id, e ->> 'kind', (e ->> 'at')::timestamptz, filed.entered_by, (e ->> 'internal')::boolean
      from jsonb_array_elements(given -> 'entries') e;
    perform ledger.append(given -> 'acts');
    if given ->> 'link' is not null then
      -- What a job makes goes to the holder alone; what is made here is shown to whoever is asking.
      insert into access.token (hash, kind, record, handed_by) values (decode(given ->> 'link', 'hex'), 'follow', filed.id,
        case when session_user <> 'linli_app' then null
          -- The link of a part stands on the page of the whole: it came by the same hands.
          when filed.split_from is not null then (select min(t.handed_by::text)::uuid from access.token t where t.record = filed.split_from and t.kind = 'follow')
          else coalesce(filed.entered_by, case when filed.about_request is not null then access.handed_by() end) end);
    end if;
  end $$;
revoke all on function request_file(jsonb) from public;
grant execute on function request_file(jsonb) to linli_app, linli_jobs;

------------------------------------------------------------------------------- the public version

create table publication (
  request uuid primary key references request,
  number bigint not null,
  path text collate "C" not null,
  title text not null check (length(title) between 1 and 120),
  body text not null check (length(body) between 1 and 20000),
  answer text,
  category uuid references category,
  state text not null,
  result text,
  filed_at timestamptz not null,
  answered_at timestamptz,
  closed_at timestamptz,
  promised_at timestamptz,
  me_too integer not null default 0,
  words tsvector,
  released_by uuid not null references tenure (id),
  released_at timestamptz not null default now(),
  withdrawn_at timestamptz,
  version integer not null default 1
);
create index publication_path on publication (path, request) where withdrawn_at is null;
create index publication_words on publication using gin (words);
create index publication_category on publication (category) where category is not null;
create index publication_released_by on publication (released_by);
insert into place_path_column (table_name, column_name) values ('publication', 'path');
alter table publication enable row level security;
-- What is released is for everyone; the policy is the plain truth of the column, so that indexes stay usable.
create policy publication_read on publication for select to linli_app
  using (withdrawn_at is null or access.covers((select access.reach('request.publish')), path)
         or request = (select access.link())
         or exists (select from request r where r.id = publication.request and r.reporter = (select access.person())));
-- Only with the reporter's consent and within the reach of the duty to release.
create policy publication_made on publication for insert to linli_app with check (
  released_by = any ((select access.tenures())::uuid[]) and access.covers((select access.reach('request.publish')), path)
  and coalesce(result, '') not in ('solved', 'partly', 'unsolved') and withdrawn_at is null
  and exists (select from request r where r.id = publication.request and r.consent_public and r.path = publication.path
    and r.number = publication.number));
create policy publication_changed on publication for update to linli_app
  using (access.covers((select access.reach('request.publish')), path) or request = (select access.link())
         or exists (select from request r where r.id = publication.request and r.reporter = (select access.person())))
  -- Taken back by either side; shown again only as it was released the first time.
  with check (withdrawn_at is not null
    or released_by = any ((select access.tenures())::uuid[]) and access.covers((select access.reach('request.publish')), path)
      and exists (select from request r where r.id = publication.request and r.consent_public));
-- Taking back changes nothing of what was released: it stands in the record as it was read.
create function publication_as_released() returns trigger
  language plpgsql set search_path = pg_catalog, public as $$
  begin
    if session_user = 'linli_app' and new.withdrawn_at is not null
       and (new.title, new.body, new.answer, new.words, new.released_by, new.released_at)
         is distinct from (old.title, old.body, old.answer, old.words, old.released_by, old.released_at) then
      raise exception 'what is taken back stays as it was released' using errcode = '42501';
    end if;
    return new;
  end $$;
create trigger publication_as_released before update of title, body, answer, words, released_by, released_at, withdrawn_at on publication
  for each row execute function publication_as_released();
create policy publication_jobs on publication for all to linli_jobs using (true) with check (true);
grant select, insert (request, number, path, title, body, answer, category, state, result, filed_at, answered_at, closed_at, promised_at, words, released_by,
  released_at, withdrawn_at, version) on publication to linli_app;
grant update (title, body, answer, words, released_by, released_at, withdrawn_at, version) on publication to linli_app;
grant select, update, delete on publication to linli_jobs;

-- "Me too": another resident's own contact, never published.
create table me_too (
  id uuid primary key,
  request uuid not null references publication,
  phone_encrypted bytea,
  phone_index bytea,
  words text check (length(words) <= 1000),
  created_at timestamptz not null default now(),
  -- Of whoever was signed in: the same for the same person and matter, and not to be traced back to either without the database's key.
  once bytea
);
create index me_too_request on me_too (request);
create unique index me_too_once on me_too (request, phone_index) where phone_index is not null;
create unique index me_too_once_signed_in on me_too (request, once) where once is not null;
alter table me_too enable row level security;
create policy me_too_read on me_too for select to linli_app using (
  exists (select from request r where r.id = me_too.request
    and exists (select from unnest((select access.reach('request.contact'))) p where r.path >= p and r.path < p || '~')));
create policy me_too_jobs on me_too for all to linli_jobs using (true) with check (true);
grant select (id, request, phone_encrypted, words, created_at) on me_too to linli_app;
grant select, update, delete on me_too to linli_jobs;
create function me_too_add(id uuid, request uuid, phone_encrypted bytea, phone_index bytea, words text) returns integer
  language plpgsql volatile security definer set search_path = pg_catalog, public as $$
  declare now_count integer;
  begin
    perform from public.publication p where p.request = me_too_add.request and p.withdrawn_at is null for update;
    if not found then return null; end if;
    insert into public.me_too (id, request, phone_encrypted, phone_index, words, once)
      values (me_too_add.id, me_too_add.request, me_too_add.phone_encrypted, me_too_add.phone_index, me_too_add.words,
        (select sha256(k.secret || uuid_send(access.person()) || uuid_send(me_too_add.request) || k.secret) from access.key k))
      on conflict do nothing;
    if found then
      update public.publication p set me_too = p.me_too + 1 where p.request = me_too_add.request returning p.me_too into now_count;
    else
      select p.me_too into now_count from public.publication p where p.request = me_too_add.request;
    end if;
    return now_count;
  end $$;
revoke all on function me_too_add(uuid, uuid, bytea, bytea, text) from public;
grant execute on function me_too_add(uuid, uuid, bytea, bytea, text) to linli_app;
-- A person's own: what was left under the number they signed in with. Nobody else's number is theirs to ask for.
create function me_too_of_me() returns table (id uuid, number bigint, at timestamptz, words text, phone_encrypted bytea)
  language sql stable security definer set search_path = pg_catalog, public as $$
    select m.id, p.number, m.created_at, m.words, m.phone_encrypted
    from public.person me join public.me_too m on m.phone_index = me.phone_index join public.publication p on p.request = m.request
    where me.id = access.person() and me.phone_index is not null
    order by m.created_at limit 500
  $$;
revoke all on function me_too_of_me() from public;
grant execute on function me_too_of_me() to linli_app;
create index me_too_phone on me_too (phone_index) where phone_index is not null;

------------------------------------------------------------------------------- judgements

-- Why a judge token ended, for whoever holds it: there is a newer answer, or the matter is at work again. Nothing of any other token.
create function judge_ended(token bytea) returns text
  language sql stable security definer set search_path = pg_catalog, public as $$
    select case
        when r.state not in ('answered', 'closed') then 'at-work-again'
        when r.state = 'answered' or exists (select from access.token later where later.record = t.record and later.kind = 'judge'
          and later.created_at > t.created_at) then 'earlier' end
    from access.token t join public.request r on r.id = t.record
    where t.hash = judge_ended.token and t.kind = 'judge' and t.expires_at <= now()
  $$;
revoke all on function judge_ended(bytea) from public;
grant execute on function judge_ended(bytea) to linli_app;

-- One judgement of one answer. Written by the holder of the single-use token or by whoever called back and did not handle it;
-- never changed. The handler and their body cannot read it.
create table judgement (
  id uuid primary key default gen_random_uuid(),
  request uuid not null references request,
  answer uuid not null unique references request_answer,
  path text collate "C" not null,
  handlers uuid[] not null default '{}',
  handler_bodies uuid[] not null default '{}',
  solved text not null check (solved in ('solved', 'partly', 'not')),
  satisfaction smallint check (satisfaction between 1 and 5),
  words text check (length(words) <= 2000),
  given_by text not null check (given_by in ('link', 'page', 'paper', 'call_back')),
  tenure uuid references tenure (id),
  month date not null,
  at timestamptz not null default now(),
  check ((given_by = 'call_back') = (tenure is not null))
);
create index judgement_path on judgement (path, month);
create index judgement_request on judgement (request);
create index judgement_tenure on judgement (tenure) where tenure is not null;
insert into place_path_column (table_name, column_name) values ('judgement', 'path');
alter table judgement enable row level security;
create policy judgement_read on judgement for select to linli_app using (
  exists (select from unnest((select access.reach('judgement.read'))) p where path >= p and path < p || '~')
  and not coalesce((select access.person()) = any (handlers), false)
  and not (handler_bodies && (select access.bodies())));
create policy judgement_jobs on judgement for all to linli_jobs using (true) with check (true);
grant select, insert on judgement to linli_app;
grant select, update on judgement to linli_jobs;

-- Who handled it, where it was and in which month it was judged are not for whoever judges to say: they stand in the record.
create function judgement_of_record() returns trigger
  language plpgsql security definer set search_path = pg_catalog, public as $$
  begin
    if session_user = 'linli_app' then
      select r.path into new.path from public.request r where r.id = new.request;
      new.handlers := array(select h from public.request_handlers(new.request) h);
      new.handler_bodies := array(select distinct p.body from public.request_part p
        where p.request = new.request and p.state in ('answered', 'ended'));
      new.at := now();
      new.month := date_trunc('month', now() at time zone 'Asia/Shanghai')::date;
      if new.answer is distinct from (select a.id from public.request_answer a
          where a.request = new.request and a.state = 'sent' and a.kind in ('answer', 'explanation') order by a.sent_at desc limit 1) then
        raise exception 'another answer than the last one' using errcode = '42501';
      end if;
    end if;
    return new;
  end $$;
create trigger judgement_of_record before insert on judgement for each row execute function judgement_of_record();

-- Totals that a handler and their head may see: a closed month, at least five, not all alike; one fixed cut (body and month).
-- The mean stays away where fewer than five gave a mark or all gave the same. The rule is totalsForHandler of the room, and a
-- test holds the two together.
create function judgement_totals(of_body uuid, of_month date)
  returns table (judgements bigint, solved bigint, partly bigint, unsolved bigint, satisfaction_mean numeric)
  language sql stable security definer set search_path = pg_catalog, public as $$
    with given as (
      select j.solved, j.satisfaction from public.judgement j
      where of_body = any (j.handler_bodies) and j.month = of_month
        and of_month < date_trunc('month', now() at time zone 'Asia/Shanghai')::date
        and of_body = any (access.bodies())
    ), counted as (
      select count(*) as judgements, count(*) filter (where solved = 'solved') as solved, count(*) filter (where solved = 'partly') as partly,
        count(*) filter (where solved = 'not') as unsolved, count(distinct solved) as verdicts,
        count(distinct (solved, coalesce(satisfaction, 0))) as kinds,
        case when count(satisfaction) >= 5 and count(distinct satisfaction) > 1 then round(avg(satisfaction), 1) end as satisfaction_mean
      from given
    )
    select c.judgements, c.solved, c.partly, c.unsolved, c.satisfaction_mean from counted c
    where c.judgements >= 5 and c.kinds > 1 and (c.verdicts > 1 or c.satisfaction_mean is not null)
  $$;
revoke all on function judgement_totals(uuid, date) from public;
grant execute on function judgement_totals(uuid, date) to linli_app;

-- What a person said of the answers to their own requests: theirs to read and to take along.
create function judgements_of_me() returns table (number bigint, at timestamptz, solved text, satisfaction smallint, words text)
  language sql stable security definer set search_path = pg_catalog, public as $$
    select r.number, j.at, j.solved, j.satisfaction, j.words
    from public.request r join public.judgement j on j.request = r.id
    where r.reporter = access.person()
    order by j.at limit 500
  $$;
revoke all on function judgements_of_me() from public;
grant execute on function judgements_of_me() to linli_app;

-- Calling back those who did not answer, from a list drawn at random (the seed is kept, so that the draw can be repeated).
create table call_back (
  id uuid primary key,
  request uuid not null references request,
  answer uuid not null references request_answer,
  path text collate "C" not null,
  drawn_on date not null,
  seed text not null,
  state text not null default 'waiting' check (state in ('waiting', 'reached', 'not_reached', 'closed')),
  tries integer not null default 0 check (tries >= 0),
  tenure uuid references tenure (id),
  at timestamptz,
  -- When it was called last.
  tried_at timestamptz,
  version integer not null default 1,
  unique (answer)
);
create index call_back_waiting on call_back (path, drawn_on) where state = 'waiting';
create index call_back_request on call_back (request);
create index call_back_tenure on call_back (tenure) where tenure is not null;
insert into place_path_column (table_name, column_name) values ('call_back', 'path');
alter table call_back enable row level security;
create policy call_back_read on call_back for select to linli_app using (
  access.covers((select access.reach('request.callback')), path) and exists (select from request r where r.id = call_back.request));
-- Whoever called says so, with a tenure of their own; what was drawn is not theirs to change.
create policy call_back_changed on call_back for update to linli_app
  using (state in ('waiting', 'not_reached') and access.covers((select access.reach('request.callback')), path))
  with check (state in ('reached', 'not_reached') and tenure = any ((select access.tenures())::uuid[]));
create policy call_back_jobs on call_back for all to linli_jobs using (true) with check (true);
grant select, update (state, tries, tenure, tried_at, version) on call_back to linli_app;
-- A call counts as one; in vain at most as often as the place asks for (deadlines of its settings, else three times), an hour apart.
create function call_back_try() returns trigger
  language plpgsql security definer set search_path = pg_catalog, public as $$
  declare
    most integer := coalesce((select (s.value ->> 'callBackTries')::integer from public.place_setting s
      where s.name = 'deadlines' and starts_with(old.path, s.path) and s.value ->> 'callBackTries' is not null
      order by length(s.path) desc limit 1), 3);
  begin
    if session_user <> 'linli_app' then return new; end if;
    if public.clock_is_real() then new.tried_at := now(); end if;
    if new.tries is distinct from old.tries + 1 or new.tried_at is null
       or new.state = 'not_reached' and (old.tries >= most or new.tried_at < old.tried_at + interval '1 hour') then
      raise exception 'a call that does not count' using errcode = '42501';
    end if;
    return new;
  end $$;
create trigger call_back_try before update on call_back for each row execute function call_back_try();
grant select, insert, update on call_back to linli_jobs;

create policy judgement_given on judgement for insert to linli_app with check (
  (given_by in ('link', 'page', 'paper') and request = (select access.judge()) and not (select access.judge_used()) and tenure is null)
  or (given_by = 'call_back' and tenure = any ((select access.tenures())::uuid[])
      and access.covers((select access.reach('request.callback')), path)
      and not coalesce((select access.person()) = any (handlers), false)
      and not (handler_bodies && (select access.bodies()))
      -- Called by the list, and written down once.
      and exists (select from call_back c where c.request = judgement.request and c.answer = judgement.answer
        and c.state in ('waiting', 'not_reached'))));

------------------------------------------------------------------------------- visits and drafts

create table visit (
  id uuid primary key,
  request uuid not null references request,
  day date not null,
  from_time time not null,
  to_time time not null check (to_time > from_time),
  state text not null check (state in ('proposed', 'agreed', 'cancelled', 'done')),
  proposed_by text not null check (proposed_by in ('unit', 'resident')),
  tenure uuid references tenure (id),
  note text check (length(note) <= 500),
  created_at timestamptz not null default now(),
  version integer not null default 1
);
create index visit_request on visit (request);
create index visit_tenure on visit (tenure) where tenure is not null;
create index visit_day on visit (day) where state in ('proposed', 'agreed');
alter table visit enable row level security;
create policy visit_read on visit for select to linli_app using (exists (select from request r where r.id = visit.request));
create policy visit_jobs on visit for all to linli_jobs using (true) with check (true);
grant select, insert, update (state, version) on visit to linli_app;
grant select, update on visit to linli_jobs;

-- What is being typed during a call, kept every few seconds for its writer alone; encrypted, gone after a week.
create table request_draft (
  id uuid primary key,
  person uuid not null references person,
  content_encrypted bytea not null,
  saved_at timestamptz not null default now()
);
create index request_draft_person on request_draft (person, saved_at desc);
alter table request_draft enable row level security;
create policy request_draft_own on request_draft for all to linli_app using (person = (select access.person())) with check (person = (select access.person()));
create policy request_draft_jobs on request_draft for all to linli_jobs using (true) with check (true);
grant select, insert, update, delete on request_draft to linli_app;
grant select, delete on request_draft to linli_jobs;

------------------------------------------------------------------------------- who is what to a request, and reads what

-- What whoever entered this transaction is to a request, in the words of the lifecycle.
create function request_standing(r request, reopening boolean) returns text[]
  language sql stable security definer set search_path = pg_catalog, public as $$
    with held as materialized (
      select path, body, duties from access.held()
    ), answers as (
      select b.path collate "C" as path, b.id from public.body b where b.id = r.responsible
    )
    select array(
      select 'reporter' where r.reporter = access.person()
      union all select 'link' where r.id = access.link()
      -- A token that was used judges no more; the matter can still be asked for again with it.
      union all select 'judge' where r.id = access.judge() and (reopening or not access.judge_used())
      union all select case p.role when 'lead' then 'lead' else 'assistant' end
        from public.request_part p join held h on h.body = p.body where p.request = r.id and 'request.handle' = any (h.duties)
          -- What is held, or was until a moment ago: within one act the part changes before the request does.
          and (p.state in ('offered', 'dispatched', 'acknowledged') or p.xmin = pg_current_xact_id_if_assigned()::xid)
      union all select d from held h, unnest(h.duties) d where starts_with(r.level_path, h.path)
      union all select d || ' above' from held h, unnest(h.duties) d, answers a
        where starts_with(a.path, h.path) and (h.path <> a.path or h.body <> a.id)
          -- At the district nobody stands above: there, another body counts.
          and (h.path <> a.path or starts_with(substring(r.path from '^(?:[^/]*/){1,3}'), h.path)))
  $$;
revoke all on function request_standing(request, boolean) from public;

-- How requests ended, for whoever asks. What the resident said of the answer (solved, partly, unsolved) is for the resident and for those
-- who read judgements there and had no hand in it; to all others such a request is closed, and no more.
create function request_results(ids uuid[]) returns table (id uuid, result text)
  language plpgsql stable security definer set search_path = pg_catalog, public as $$
  declare
    -- Asked once: each asking verifies the seal of the transaction.
    who uuid := access.person();
    own uuid[] := access.bodies();
    held_link uuid := access.link();
    held_judge uuid := access.judge();
    reading text[] := access.reach('request.read');
    judging text[] := access.reach('judgement.read');
  begin
    if session_user <> 'linli_app' then
      return query select r.id, r.result from public.request r where r.id = any (ids) and r.result is not null;
      return;
    end if;
    return query
      select r.id, case when r.result not in ('solved', 'partly', 'unsolved')
          or r.id = held_link or r.id = held_judge or r.reporter = who
          or access.covers(judging, r.path)
            and not exists (select from public.judgement j where j.request = r.id
              and (who = any (j.handlers) or j.handler_bodies && own))
            and not exists (select from public.request_part p where p.request = r.id and p.body = any (own))
            and not exists (select from public.request_entry e join public.tenure t on t.id = e.tenure
              where e.request = r.id and t.person = who and e.kind = any (public.request_handling_kinds()))
        then r.result end
      from public.request r
      where r.id = any (ids) and r.result is not null
        -- As request_seen.
        and not coalesce(who = any (r.excluded_people), false) and not (r.excluded_bodies && own)
        and (access.covers(reading, r.path) or coalesce(r.id = held_link, false) or coalesce(r.id = held_judge, false)
             or coalesce(r.reporter = who, false) or r.bodies && own);
  end $$;
revoke all on function request_results(uuid[]) from public;
grant execute on function request_results(uuid[]) to linli_app, linli_jobs;

------------------------------------------------------------------------------- who may write what beside a request

-- Whether whoever entered this transaction sees a request and is one of these to it.
create function request_stands(request_id uuid, as_one_of text[]) returns boolean
  language sql stable security definer set search_path = pg_catalog, public as $$
    select exists (select from public.request r where r.id = request_id and public.request_seen(r)
      and public.request_standing(r, false) && as_one_of)
  $$;
revoke all on function request_stands(uuid, text[]) from public;
grant execute on function request_stands(uuid, text[]) to linli_app;

-- A request is given to a unit by whoever dispatches it; the unit that leads asks others to assist.
create policy request_part_made on request_part for insert to linli_app with check (
  case state
    -- A group of residents is asked first.
    when 'dispatched' then not exists (select from body b where b.id = request_part.body and b.kind = 'residents_group')
    when 'offered' then true
    -- What a unit has taken on goes along where a matter is divided.
    when 'acknowledged' then exists (select from request r where r.id = request_part.request and r.version = 1 and r.split_from is not null)
    else false end
  and request_stands(request, case role when 'lead' then '{request.dispatch}' else '{request.dispatch,lead}' end::text[]));
-- What is over stays so.
create policy request_part_changed on request_part for update to linli_app
  using (state in ('offered', 'dispatched', 'acknowledged') and request_stands(request,
    '{lead,assistant,reporter,link,request.enter,request.dispatch,request.dispatch above,request.agree}'))
  with check (state = 'ended' or request_stands(request, '{lead,assistant,request.dispatch,request.dispatch above,request.agree}'));

-- A part is taken on, returned and answered by the unit that has it; whoever agrees to an explanation answers for the one that leads.
-- That it ended is asked when the transaction ends.
create function request_part_step() returns trigger
  language plpgsql security definer set search_path = pg_catalog, public as $$
  begin
    if session_user = 'linli_app' and (new.state = old.state or new.state in ('offered', 'dispatched')
       or new.state <> 'ended'
         and not exists (select from access.held() h where h.body = old.body and 'request.handle' = any (h.duties))
         and not (new.state = 'answered' and old.role = 'lead' and exists (select from public.request_answer a
           where a.request = old.request and a.kind = 'explanation' and a.state = 'sent' and a.agreed_by = any (access.tenures())))) then
      raise exception 'a part of another unit' using errcode = '42501';
    end if;
    return new;
  end $$;
create trigger request_part_step before update on request_part for each row execute function request_part_step();

-- A request and its parts are written one after the other; when the transaction ends they fit. Where a unit has the request, one body
-- leads it and has taken it on or not as the request says; where none has, nobody holds a part; and an assisting unit's part does not
-- end over its head while the others go on.
create function request_parts_fit() returns trigger
  language plpgsql security definer set search_path = pg_catalog, public as $$
  declare
    whose uuid;
    stands text;
    leads text[];
    assisting integer;
  begin
    if session_user <> 'linli_app' then return null; end if;
    if tg_table_name = 'request' then whose := new.id; else whose := new.request; end if;
    select r.state into stands from public.request r where r.id = whose;
    select coalesce(array_agg(p.state) filter (where p.role = 'lead'), '{}'), count(*) filter (where p.role = 'assisting')
      into leads, assisting
      from public.request_part p where p.request = whose and p.state in ('offered', 'dispatched', 'acknowledged');
    if (case stands
        when 'acknowledged' then leads = '{acknowledged}'
        when 'dispatched' then leads in ('{offered}', '{dispatched}')
        else leads = '{}' and assisting = 0 end) is not true then
      raise exception 'a request and its parts that do not fit: %, led %', stands, leads using errcode = '42501';
    end if;
    if tg_table_name = 'request_part' and tg_op = 'UPDATE' then
      if new.state = 'ended' and new.role = 'assisting' and stands in ('dispatched', 'acknowledged')
         and not exists (select from access.held() h where h.body = new.body and 'request.handle' = any (h.duties)) then
        raise exception 'a part of another unit' using errcode = '42501';
      end if;
    end if;
    return null;
  end $$;
create constraint trigger request_parts_fit after insert or update on request_part deferrable initially deferred
  for each row execute function request_parts_fit();
create constraint trigger request_parts_fit after update on request deferrable initially deferred
  for each row when (old.state is distinct from new.state) execute function request_parts_fit();

-- Residents write lines of their own in their own matters, and nothing that staff do; staff write under a tenure and for a body of
-- their own, and what is done in handling only where they handle.
create policy request_entry_made on request_entry for insert to linli_app with check (
  is_present(at) and case when tenure is null then
      body is null and not internal
      and kind in ('added', 'corrected', 'withdrawn', 'closed', 'reopened', 'publication_permitted', 'publication_forbidden', 'unpublished',
        'visit_arranged', 'visit_agreed', 'visit_moved', 'visit_cancelled')
      -- What was done by a link that staff handed out says so.
      and handed_by is not distinct from (select access.handed_by())
      and exists (select from request r where r.id = request_entry.request
        and (r.id = (select access.link()) or r.id = (select access.judge()) or r.reporter = (select access.person())))
    else
      handed_by is null and tenure = any ((select access.tenures())::uuid[])
      and (body is null or body = any ((select access.bodies())::uuid[]))
      and kind not in ('filed', 'due_soon', 'overdue', 'far_overdue', 'call_back_drawn')
      and case when kind = any (request_handling_kinds()) then request_stands(request,
            '{lead,assistant,request.accept,request.dispatch,request.dispatch above,request.extend,request.agree}')
          when kind = 'supervised' then request_stands(request, '{request.supervise above}')
          else exists (select from request r where r.id = request_entry.request) end
    end);

-- What stood before a correction is what stands now.
create policy request_version_made on request_version for insert to linli_app with check (
  is_present(replaced_at) and request_stands(request, '{reporter,link,request.enter}')
  and exists (select from request r where r.id = request_version.request
    and (r.title, r.body, r.spot) is not distinct from (request_version.title, request_version.body, request_version.spot)));

-- Only the unit that leads drafts and answers, only one that assists answers its part; that an explanation was agreed to is written
-- by whoever agrees, later.
create policy request_answer_made on request_answer for insert to linli_app with check (
  author = any ((select access.tenures())::uuid[]) and agreed_by is null and agreed_at is null and reader is null
  and case state when 'sent' then sent_at is not null and is_present(sent_at) else sent_at is null end
  and case kind when 'answer' then state in ('draft', 'sent') and request_stands(request, '{lead}')
    when 'part' then state = 'sent' and request_stands(request, '{assistant}')
    else state = 'proposed' and request_stands(request, '{lead,request.accept,request.dispatch}') end);
-- What was sent does not change; a draft or a proposal does, and a proposal that is agreed to becomes what is sent.
create policy request_answer_changed on request_answer for update to linli_app
  using (state in ('draft', 'proposed')
    and request_stands(request, case kind when 'answer' then '{lead}' else '{request.agree}' end::text[])
    -- The second person is another one, whatever posts they hold.
    and (kind = 'answer' or not exists (select from tenure t where t.id = author and t.person = (select access.person()))))
  with check (state = 'refused' and (reader is null or reader = any ((select access.tenures())::uuid[])) and agreed_by is null
    or state = 'sent' and kind = 'explanation' and agreed_by = any ((select access.tenures())::uuid[]));

-- What a unit sends as the answer is what the request is answered with, in the same transaction.
create function request_answer_fits() returns trigger
  language plpgsql security definer set search_path = pg_catalog, public as $$
  begin
    if session_user = 'linli_app' and not exists (select from public.request r
        where r.id = new.request and r.state = 'answered' and r.xmin = pg_current_xact_id_if_assigned()::xid) then
      raise exception 'an answer beside the answer' using errcode = '42501';
    end if;
    return null;
  end $$;
create constraint trigger request_answer_fits after insert on request_answer deferrable initially deferred
  for each row when (new.kind = 'answer' and new.state = 'sent') execute function request_answer_fits();

-- Either side proposes, as itself; either moves and cancels.
create policy visit_made on visit for insert to linli_app with check (
  state = 'proposed' and case proposed_by
    when 'unit' then tenure = any ((select access.tenures())::uuid[]) and request_stands(request, '{lead,assistant}')
    else tenure is null and request_stands(request, '{reporter,link}') end);
create policy visit_changed on visit for update to linli_app
  using (state in ('proposed', 'agreed') and request_stands(request, '{lead,assistant,reporter,link}'))
  -- Agreed to by the other side.
  with check (state = 'cancelled' or state = 'agreed'
    and request_stands(request, case proposed_by when 'unit' then '{reporter,link}' else '{lead,assistant}' end::text[]));

-- Port filled: an act about a request is of whoever sees it or has just filed it; without a person, of whoever holds a link to it.
-- Anything else is of whoever holds a post over its place; without one, of oneself or a tenure of one's own.
create or replace function access.concerns(record uuid, path text) returns boolean
  language plpgsql stable security definer set search_path = pg_catalog, public as $$
  declare
    about public.request;
  begin
    select * into about from public.request r where r.id = concerns.record;
    if about.id is not null then
      return about.path = concerns.path and (about.filed_at = transaction_timestamp() or public.request_seen(about));
    end if;
    return coalesce(record = access.person(), false)
      or exists (select from public.tenure t where t.id = concerns.record and t.person = access.person())
      or exists (select from access.held() h where concerns.path is null or starts_with(concerns.path, h.path));
  end $$;

-- Port filled: the acts of a matter are kept from those whom it is about, and that somebody complained from those complained about.
create or replace function access.withheld(record uuid, kind text) returns boolean
  language plpgsql stable security definer cost 10000 set search_path = pg_catalog, public as $$
  declare
    told record;
  begin
    select r.excluded_people, r.excluded_bodies into told from public.request r where r.id = withheld.record;
    -- Who is asking is asked only where it matters: each asking verifies the seal of the transaction.
    if (told.excluded_people <> '{}' or told.excluded_bodies <> '{}')
       and (coalesce(access.person() = any (told.excluded_people), false) or told.excluded_bodies && access.bodies()) then
      return true;
    end if;
    return kind = 'request.complain' and exists (select from public.request r where r.about_request = withheld.record
      and (coalesce(access.person() = any (r.excluded_people), false) or r.excluded_bodies && access.bodies()));
  end $$;

------------------------------------------------------------------------------- what a body holds

-- How many open requests a body is responsible for, receives or has a part of; for those who found and appoint there. Also those that
-- they themselves do not see.
create function requests_held(of_body uuid) returns integer
  language sql stable security definer set search_path = pg_catalog, public as $$
    select count(*)::integer from (
      select r.id from public.request r where r.holder = of_body and r.state <> 'closed'
      union select r.id from public.request r where r.responsible = of_body and r.state <> 'closed'
      union select p.request from public.request_part p where p.body = of_body and p.state in ('offered', 'dispatched', 'acknowledged')
    ) held
    where session_user <> 'linli_app' or exists (select from public.body b where b.id = of_body
      and (access.covers(access.reach('body.edit'), b.path) or access.covers(access.reach('post.appoint'), b.path)))
  $$;
revoke all on function requests_held(uuid) from public;
grant execute on function requests_held(uuid) to linli_app;

-- Port filled: files become part of a request by whoever makes it, or tells more of it as its reporter.
create or replace function access.may_attach(record uuid) returns boolean
  language sql stable security definer set search_path = pg_catalog, public as $$
    select coalesce(access.is_new(record)
      or exists (select from public.request r where r.id = record and public.request_seen(r)
        and (coalesce(r.id = access.link(), false) or coalesce(r.reporter = access.person(), false))), false)
  $$;
