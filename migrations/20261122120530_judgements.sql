-- Up Migration

-- Judgements of the residents, and calls back to those who gave none.

-- Why a judge token ended, for whoever holds it: there is a newer answer, or the matter is at work again. Nothing of any other token.
create function judge_ended(token bytea) returns text
  language sql stable security definer set search_path = pg_catalog, public as $$
    select case
        when r.state not in ('answered', 'closed') then 'at-work-again'
        when t.handed_by is not null then 'slip'
        when r.state = 'answered' or exists (select from access.token later where later.record = t.record and later.kind = 'judge'
          and later.handed_by is null and later.created_at > t.created_at) then 'earlier' end
    from access.token t join public.request r on r.id = t.record
    where t.hash = judge_ended.token and t.kind = 'judge' and t.expires_at <= now()
  $$;
revoke all on function judge_ended(bytea) from public;
grant execute on function judge_ended(bytea) to linli_app;

-- A code on paper, for a resident whom no message reaches: made for whoever calls back there and neither handled the matter nor wrote
-- it down, for an answer that nobody judged, with the line that names their post. A later slip takes its place. Returns until when
-- it is good.
create function judge_slip(of_request uuid, token_hash bytea) returns timestamptz
  language plpgsql volatile security definer set search_path = pg_catalog, public as $$
  declare
    r public.request;
    who uuid := access.person();
    handed uuid;
    until timestamptz := date_trunc('second', now() + interval '30 days');
  begin
    select * into r from public.request where id = of_request for update;
    select e.tenure into handed from public.request_entry e
      where e.request = of_request and e.kind = 'slip_handed' and e.tenure = any (access.tenures())
        and e.xmin = pg_current_xact_id_if_assigned()::xid limit 1;
    if (who is not null and handed is not null and public.request_seen(r) and r.state = 'answered' and not r.judged
        and 'request.callback' = any (public.request_standing(r, false))
        and who not in (select public.request_handlers(of_request))
        and not exists (select from public.request_part p
          where p.request = of_request and p.body = any (access.bodies()) and p.state <> 'returned')
        and not exists (select from public.tenure t where t.id = r.entered_by and t.person = who)) is not true then
      raise exception 'a slip that is not theirs to hand out' using errcode = '42501';
    end if;
    perform public.judge_slips_end(of_request);
    insert into access.token (hash, kind, record, expires_at, handed_by) values (token_hash, 'judge', of_request, until, handed);
    return until;
  end $$;
revoke all on function judge_slip(uuid, bytea) from public;
grant execute on function judge_slip(uuid, bytea) to linli_app;

-- Whether the token by which an answer is judged is a slip that still stands; asked by its holder while the request is held.
create function judge_slip_stands(token bytea) returns boolean
  language sql volatile security definer set search_path = pg_catalog, public as $$
    select exists (select from access.token t where t.hash = judge_slip_stands.token and t.kind = 'judge' and t.record = access.judge()
      and t.handed_by is not null and t.used_at is null and t.expires_at > clock_timestamp())
  $$;
revoke all on function judge_slip_stands(bytea) from public;
grant execute on function judge_slip_stands(bytea) to linli_app;

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
  given_by text not null check (given_by in ('link', 'paper', 'call_back')),
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
      -- By paper is what a slip did that was used up for it, and nothing else.
      if new.given_by <> 'call_back' then
        new.given_by := case when exists (select from access.token t where t.record = new.request and t.kind = 'judge'
          and t.handed_by is not null and t.used_at = now()) then 'paper' else 'link' end;
      end if;
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

-- What its reporter said of each answer of a request, by the line of the timeline that closed that round: for themselves. Not by a link
-- that staff handed out, which may have stayed in the hands it came from, nor for whoever wrote the matter down or handled it.
create function request_verdicts(of_request uuid) returns table (entry uuid, result text)
  language sql stable security definer set search_path = pg_catalog, public as $$
    select (select e.id from public.request_entry e where e.request = r.id and e.kind = 'closed' and e.at >= a.sent_at
        order by e.at, e.id limit 1),
      case j.solved when 'not' then 'unsolved' else j.solved end
    from public.request r join public.judgement j on j.request = r.id join public.request_answer a on a.id = j.answer
    where r.id = of_request
      and (r.id = access.link() and access.handed_by() is null or r.reporter = access.person())
      and not coalesce(access.person() in (select public.request_handlers(r.id)), false)
      and not exists (select from public.tenure t where t.id = r.entered_by and t.person = access.person())
    order by a.sent_at
  $$;
revoke all on function request_verdicts(uuid) from public;
grant execute on function request_verdicts(uuid) to linli_app;

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
  (given_by in ('link', 'paper') and request = (select access.judge()) and not (select access.judge_used()) and tenure is null)
  or (given_by = 'call_back' and tenure = any ((select access.tenures())::uuid[])
      and access.covers((select access.reach('request.callback')), path)
      and not coalesce((select access.person()) = any (handlers), false)
      and not (handler_bodies && (select access.bodies()))
      -- Called by the list, and written down once.
      and exists (select from call_back c where c.request = judgement.request and c.answer = judgement.answer
        and c.state in ('waiting', 'not_reached'))));
