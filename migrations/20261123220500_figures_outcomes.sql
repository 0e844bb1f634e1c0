-- Up Migration

-- No act of a body takes a matter out of its figures. A promise that passed without an answer counts as not kept, whether somebody works on it
-- still, or it was withdrawn or merged into another; a merged one is held to its own promise, by when its reporter heard the answer. What
-- was sent elsewhere, returned, or accepted after its time counts where that was done.

------------------------------------------------------------------------------- whether promises are kept

alter table request add column missed boolean;
grant select (missed) on request to linli_app;

-- late: answered late, once and for ever; in_time; missed: the promised time passed, and there is no answer. Null: none is due yet, or none
-- was owed. Whoever told of a merged one is answered when they hear the answer to the one that stayed.
create function figure_timely(answered_late boolean, missed boolean, answered_at timestamptz, heard_at timestamptz, promised_at timestamptz)
  returns text
  language sql immutable parallel safe as $$
    select case
      when answered_late or answered_at > promised_at or answered_late is null and answered_at is null and heard_at > promised_at then 'late'
      when coalesce(answered_at, heard_at) is not null and promised_at is not null then 'in_time'
      -- Closed without a promise, as what another hotline answered.
      when coalesce(answered_at, heard_at) is not null then null
      when missed then 'missed' end
  $$;

drop trigger request_answered_late on request;
drop function request_answered_late();
create function request_outcome() returns trigger
  language plpgsql security definer set search_path = pg_catalog, public as $$
  declare
    waits boolean := coalesce(old.answered_at, old.heard_at) is null;
  begin
    -- A promise that has passed is written down before another takes its place, and with the closing. What another hotline answered was
    -- never owed here.
    if new.missed is not true and waits and coalesce(
        new.closed_at is not null and old.closed_at is null and new.answered_at is null and new.result <> 'answered_elsewhere'
          and old.promised_at < new.closed_at
        or old.promised_at < new.promised_at and new.reopened = old.reopened and public.clock_is_real() and old.promised_at < now(), false) then
      new.missed := true;
    end if;
    if old.answered_at is distinct from new.answered_at and new.answered_at is not null then
      -- The deadline at which the answer stood open says what was promised before it was prolonged.
      new.answered_late := coalesce(old.answered_late, false) or coalesce(new.missed, false) or coalesce(new.answered_at > new.promised_at, false)
        or coalesce(old.due_kind = 'answer' and old.due_at < new.answered_at, false);
    elsif old.heard_at is null and new.heard_at is not null and new.answered_at is null then
      -- By what they heard first, whatever they hear of another round.
      new.answered_late := coalesce(old.answered_late, false) or coalesce(new.missed, false) or coalesce(new.heard_at > new.promised_at, false);
    end if;
    return new;
  end $$;
create trigger request_outcome before update on request for each row
  when (old.answered_at is distinct from new.answered_at or old.heard_at is distinct from new.heard_at
    or old.promised_at is distinct from new.promised_at or old.closed_at is distinct from new.closed_at)
  execute function request_outcome();

-- Promises that pass while nothing is done: few at a time, found among what was warned of already, and at night among everything.
create index request_unkept on request (promised_at)
  where missed is null and overdue_stage is not null and state in ('received', 'accepted', 'dispatched', 'acknowledged');
create index request_unheard on request (promised_at) where missed is null and result = 'merged' and heard_at is null;
create function figures_missed(at timestamptz, at_most integer, whole boolean) returns integer
  language plpgsql volatile security definer set search_path = pg_catalog, public as $$
  declare
    moment timestamptz := case when public.clock_is_real() then least(figures_missed.at, now()) else figures_missed.at end;
    marked integer;
    unheard integer := 0;
  begin
    if whole then
      update public.request r set missed = true where r.id in (select o.id from public.request o
        where o.missed is null and o.promised_at < moment and coalesce(o.answered_at, o.heard_at) is null
          and (o.state in ('received', 'accepted', 'dispatched', 'acknowledged') or o.result = 'merged')
        limit at_most for update skip locked);
      get diagnostics marked = row_count;
    else
      update public.request r set missed = true where r.id in (select o.id from public.request o
        where o.missed is null and o.overdue_stage is not null and o.state in ('received', 'accepted', 'dispatched', 'acknowledged')
          and o.promised_at < moment and o.answered_at is null
        limit at_most for update skip locked);
      get diagnostics marked = row_count;
      update public.request r set missed = true where r.id in (select o.id from public.request o
        where o.missed is null and o.result = 'merged' and o.heard_at is null and o.promised_at < moment and o.answered_at is null
        limit at_most for update skip locked);
      get diagnostics unheard = row_count;
    end if;
    return marked + unheard;
  end $$;
revoke all on function figures_missed(timestamptz, integer, boolean) from public;
grant execute on function figures_missed(timestamptz, integer, boolean) to linli_jobs;

------------------------------------------------------------------------------- what was sent elsewhere, returned, or accepted after its time

create table request_event (
  request uuid not null references request,
  kind text not null check (kind in ('transferred', 'returned', 'accepted_late')),
  -- Where it lay when that was done.
  path text collate "C" not null,
  at timestamptz not null
);
create index request_event_request on request_event (request);
create index request_event_path on request_event (path, kind);
insert into place_path_column (table_name, column_name) values ('request_event', 'path');
-- Written by a trigger, and read by the functions below alone.
alter table request_event enable row level security;

create function request_event_made() returns trigger
  language plpgsql security definer set search_path = pg_catalog, public as $$
  begin
    if new.transfers > old.transfers then
      insert into public.request_event values (old.id, 'transferred', old.path, new.step_at);
    end if;
    if new.returns > old.returns then
      insert into public.request_event values (old.id, 'returned', old.path, new.step_at);
    end if;
    -- Sent on when its acceptance was due already is no acceptance in time either.
    if old.state = 'received' and (new.state = 'accepted' or new.transfers > old.transfers)
       and old.due_kind in ('accept', 'answer') and old.due_at < new.step_at then
      insert into public.request_event values (old.id, 'accepted_late', old.path, new.step_at);
    end if;
    return null;
  end $$;
create trigger request_event_made after update on request for each row
  when (new.transfers > old.transfers or new.returns > old.returns or old.state = 'received' and new.state = 'accepted')
  execute function request_event_made();

-- From the lines of the timelines: a first transfer left the place where it was told, a return was made where it lies now or lay then. How
-- late acceptances were stands in no line: they are counted from here on.
insert into request_event
  select e.request, e.kind,
    case when first_sent.at is null or e.kind = 'returned' and e.at > first_sent.at then r.path
      when e.at <= first_sent.at then coalesce(told.path, r.path) else coalesce(b.path, r.path) end, e.at
  from request_entry e join request r on r.id = e.request left join place told on told.id = r.place left join body b on b.id = e.body
    left join lateral (select min(s.at) as at from request_entry s where s.request = e.request and s.kind = 'transferred') first_sent on true
  where e.kind in ('transferred', 'returned');
update request set missed = true where state = 'closed' and answered_at is null and heard_at is null and promised_at < closed_at
  and result <> 'answered_elsewhere';

------------------------------------------------------------------------------- what a request counts for

-- What waits in the former shape is folded; nothing is filed meanwhile.
do $$ begin
  lock table request_figure_change in access exclusive mode;
  perform pg_advisory_xact_lock(hashtext('linli.figures'));
  perform figures_fold(2147483647);
end $$;
drop table request_figure_change;
create table request_figure_change (
  path text collate "C" not null,
  month date not null,
  -- The first level of the category as it was then.
  kind text,
  -- Null: of what was done with a request, and not of the request.
  state text,
  ended text,
  timely text,
  -- 1 is added, -1 taken away.
  weight integer not null,
  event text
) with (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000);
alter table request_figure_change enable row level security;
alter table request_figure
  add column missed integer not null default 0, add column transferred integer not null default 0,
  add column returned integer not null default 0, add column accepted_late integer not null default 0;

drop function figure_counts(integer, text, text, boolean);
drop function figure_timely(boolean, timestamptz, timestamptz);

create function figure_counts(weight integer, state text, ended text, timely text, event text)
  returns table (told integer, received integer, accepted integer, dispatched integer, acknowledged integer, answered integer, closed integer,
    explained integer, unconfirmed integer, withdrawn integer, merged integer, answered_elsewhere integer, said integer,
    in_time integer, late integer, missed integer, transferred integer, returned integer, accepted_late integer)
  language sql immutable parallel safe as $$
    select case when event is null then weight else 0 end,
      case when state = 'received' then weight else 0 end, case when state = 'accepted' then weight else 0 end,
      case when state = 'dispatched' then weight else 0 end, case when state = 'acknowledged' then weight else 0 end,
      case when state = 'answered' then weight else 0 end, case when state = 'closed' then weight else 0 end,
      case when ended = 'explained' then weight else 0 end, case when ended = 'unconfirmed' then weight else 0 end,
      case when ended = 'withdrawn' then weight else 0 end, case when ended = 'merged' then weight else 0 end,
      case when ended = 'answered_elsewhere' then weight else 0 end, case when ended = 'said' then weight else 0 end,
      case when timely = 'in_time' then weight else 0 end, case when timely = 'late' then weight else 0 end,
      case when timely = 'missed' then weight else 0 end, case when event = 'transferred' then weight else 0 end,
      case when event = 'returned' then weight else 0 end, case when event = 'accepted_late' then weight else 0 end
  $$;

------------------------------------------------------------------------------- as things change

create or replace function request_counted() returns trigger
  language plpgsql security definer set search_path = pg_catalog, public as $$
  declare
    kind text;
    was text;
  begin
    if tg_op <> 'INSERT' then
      if old.category is not null then kind := (select c.level1 from public.category c where c.id = old.category); end if;
      was := kind;
      insert into public.request_figure_change values
        (old.path, public.figure_month(old.filed_at), kind, old.state, public.figure_ending(old.result),
         public.figure_timely(old.answered_late, old.missed, old.answered_at, old.heard_at, old.promised_at), -1);
    end if;
    if tg_op <> 'DELETE' then
      if tg_op = 'INSERT' or old.category is distinct from new.category then
        kind := case when new.category is not null then (select c.level1 from public.category c where c.id = new.category) end;
      end if;
      insert into public.request_figure_change values
        (new.path, public.figure_month(new.filed_at), kind, new.state, public.figure_ending(new.result),
         public.figure_timely(new.answered_late, new.missed, new.answered_at, new.heard_at, new.promised_at), 1);
    end if;
    if tg_op = 'UPDATE' then
      -- What was done with it goes by its category and month too.
      if kind is distinct from was or old.filed_at is distinct from new.filed_at then
        insert into public.request_figure_change
          select e.path, k.month, k.kind, null, null, null, k.weight, e.kind from public.request_event e
            cross join (values (was, public.figure_month(old.filed_at), -1), (kind, public.figure_month(new.filed_at), 1)) k (kind, month, weight)
          where e.request = new.id;
      end if;
    end if;
    return null;
  end $$;
drop trigger request_counted_anew on request;
create trigger request_counted_anew after update on request for each row
  when (old.state is distinct from new.state or old.result is distinct from new.result or old.category is distinct from new.category
    or old.path is distinct from new.path or old.filed_at is distinct from new.filed_at or old.answered_late is distinct from new.answered_late
    or old.missed is distinct from new.missed or old.heard_at is distinct from new.heard_at
    or old.answered_at is distinct from new.answered_at
    or old.promised_at is distinct from new.promised_at and (new.answered_at is not null or new.heard_at is not null))
  execute function request_counted();

create function request_event_counted() returns trigger
  language plpgsql security definer set search_path = pg_catalog, public as $$
  begin
    if tg_op <> 'INSERT' then
      insert into public.request_figure_change
        select old.path, public.figure_month(r.filed_at), c.level1, null, null, null, -1, old.kind
        from public.request r left join public.category c on c.id = r.category where r.id = old.request;
    end if;
    if tg_op <> 'DELETE' then
      insert into public.request_figure_change
        select new.path, public.figure_month(r.filed_at), c.level1, null, null, null, 1, new.kind
        from public.request r left join public.category c on c.id = r.category where r.id = new.request;
    end if;
    return null;
  end $$;
create trigger request_event_counted after insert or delete or update of path on request_event
  for each row execute function request_event_counted();
-- As long as the request is there, so that it is known what they counted for.
create function request_event_gone() returns trigger
  language plpgsql security definer set search_path = pg_catalog, public as $$
  begin
    delete from public.request_event e where e.request = old.id;
    return old;
  end $$;
create trigger request_event_gone before delete on request for each row execute function request_event_gone();

create or replace function category_counted() returns trigger
  language plpgsql security definer set search_path = pg_catalog, public as $$
  begin
    insert into public.request_figure_change
      select public.figure_path(r.path), public.figure_month(r.filed_at), k.kind, r.state, public.figure_ending(r.result),
        public.figure_timely(r.answered_late, r.missed, r.answered_at, r.heard_at, r.promised_at), sum(k.weight)
      from public.request r cross join (values (old.level1, -1), (new.level1, 1)) k (kind, weight)
      where r.category = new.id group by 1, 2, 3, 4, 5, 6;
    insert into public.request_figure_change
      select public.figure_path(e.path), public.figure_month(r.filed_at), k.kind, null, null, null, sum(k.weight), e.kind
      from public.request r join public.request_event e on e.request = r.id
        cross join (values (old.level1, -1), (new.level1, 1)) k (kind, weight)
      where r.category = new.id group by 1, 2, 3, e.kind;
    return null;
  end $$;

------------------------------------------------------------------------------- folding, and the nightly recount

create or replace function figures_fold(at_most integer) returns integer
  language plpgsql volatile security definer set search_path = pg_catalog, public as $$
  declare
    folded integer;
  begin
    if not pg_try_advisory_xact_lock(hashtext('linli.figures')) then return 0; end if;
    with taken as (
      delete from public.request_figure_change c
        where c.ctid = any (array(select oldest.ctid from public.request_figure_change oldest limit at_most)) returning c.*
    ), net as (
      select public.figure_path(t.path) as path, t.month, t.kind, t.state, t.ended, t.timely, t.event, sum(t.weight)::integer as weight
      from taken t group by 1, 2, 3, 4, 5, 6, 7 having sum(t.weight) <> 0
    ), written as (
      insert into public.request_figure as f
        select a.above, n.month, n.kind,
          sum(c.told), sum(c.received), sum(c.accepted), sum(c.dispatched), sum(c.acknowledged), sum(c.answered), sum(c.closed),
          sum(c.explained), sum(c.unconfirmed), sum(c.withdrawn), sum(c.merged), sum(c.answered_elsewhere), sum(c.said),
          sum(c.in_time), sum(c.late), sum(c.missed), sum(c.transferred), sum(c.returned), sum(c.accepted_late)
        from net n cross join lateral public.figure_counts(n.weight, n.state, n.ended, n.timely, n.event) c
          cross join lateral public.figure_paths(n.path) a group by 1, 2, 3
      on conflict (path, month, kind) do update set
        told = f.told + excluded.told, received = f.received + excluded.received, accepted = f.accepted + excluded.accepted,
        dispatched = f.dispatched + excluded.dispatched, acknowledged = f.acknowledged + excluded.acknowledged,
        answered = f.answered + excluded.answered, closed = f.closed + excluded.closed, explained = f.explained + excluded.explained,
        unconfirmed = f.unconfirmed + excluded.unconfirmed, withdrawn = f.withdrawn + excluded.withdrawn,
        merged = f.merged + excluded.merged, answered_elsewhere = f.answered_elsewhere + excluded.answered_elsewhere,
        said = f.said + excluded.said, in_time = f.in_time + excluded.in_time, late = f.late + excluded.late,
        missed = f.missed + excluded.missed, transferred = f.transferred + excluded.transferred,
        returned = f.returned + excluded.returned, accepted_late = f.accepted_late + excluded.accepted_late
    )
    select count(*) into folded from taken;
    return folded;
  end $$;

create or replace function figures_recount() returns integer
  language plpgsql volatile security definer set search_path = pg_catalog, public set work_mem = '128MB' as $$
  declare
    mended integer;
    verdicts integer;
  begin
    perform pg_advisory_xact_lock(hashtext('linli.figures'));
    with counted as (
      select public.figure_path(r.path) as path, public.figure_month(r.filed_at) as month, r.category, r.state, public.figure_ending(r.result) as ended,
        public.figure_timely(r.answered_late, r.missed, r.answered_at, r.heard_at, r.promised_at) as timely, null::text as event, count(*)::integer as weight
      from public.request r group by 1, 2, 3, 4, 5, 6
      union all
      select public.figure_path(e.path), public.figure_month(r.filed_at), r.category, null, null, null, e.kind, count(*)::integer
      from public.request_event e join public.request r on r.id = e.request group by 1, 2, 3, e.kind
    ), leaf as (
      select c.path, c.month, k.level1 as kind, c.state, c.ended, c.timely, c.event, c.weight
      from counted c left join public.category k on k.id = c.category
      union all
      select public.figure_path(w.path), w.month, w.kind, w.state, w.ended, w.timely, w.event, -w.weight from public.request_figure_change w
    ), summed as (
      select l.path, l.month, l.kind,
        sum(c.told)::integer as told, sum(c.received)::integer as received, sum(c.accepted)::integer as accepted,
        sum(c.dispatched)::integer as dispatched, sum(c.acknowledged)::integer as acknowledged, sum(c.answered)::integer as answered,
        sum(c.closed)::integer as closed, sum(c.explained)::integer as explained, sum(c.unconfirmed)::integer as unconfirmed,
        sum(c.withdrawn)::integer as withdrawn, sum(c.merged)::integer as merged,
        sum(c.answered_elsewhere)::integer as answered_elsewhere, sum(c.said)::integer as said, sum(c.in_time)::integer as in_time,
        sum(c.late)::integer as late, sum(c.missed)::integer as missed, sum(c.transferred)::integer as transferred,
        sum(c.returned)::integer as returned, sum(c.accepted_late)::integer as accepted_late
      from leaf l cross join lateral public.figure_counts(l.weight, l.state, l.ended, l.timely, l.event) c group by 1, 2, 3
    ), differing as (
      select path, month, kind,
        sum(told) as told, sum(received) as received, sum(accepted) as accepted, sum(dispatched) as dispatched,
        sum(acknowledged) as acknowledged, sum(answered) as answered, sum(closed) as closed, sum(explained) as explained,
        sum(unconfirmed) as unconfirmed, sum(withdrawn) as withdrawn, sum(merged) as merged,
        sum(answered_elsewhere) as answered_elsewhere, sum(said) as said, sum(in_time) as in_time, sum(late) as late,
        sum(missed) as missed, sum(transferred) as transferred, sum(returned) as returned, sum(accepted_late) as accepted_late
      from (
        select a.above as path, l.month, l.kind,
          l.told, l.received, l.accepted, l.dispatched, l.acknowledged, l.answered, l.closed, l.explained, l.unconfirmed, l.withdrawn,
          l.merged, l.answered_elsewhere, l.said, l.in_time, l.late, l.missed, l.transferred, l.returned, l.accepted_late
        from summed l cross join lateral public.figure_paths(l.path) a
        union all
        select f.path, f.month, f.kind,
          -f.told, -f.received, -f.accepted, -f.dispatched, -f.acknowledged, -f.answered, -f.closed, -f.explained, -f.unconfirmed,
          -f.withdrawn, -f.merged, -f.answered_elsewhere, -f.said, -f.in_time, -f.late, -f.missed, -f.transferred, -f.returned,
          -f.accepted_late
        from public.request_figure f
      ) both_sides
      group by path, month, kind
      having (sum(told), sum(received), sum(accepted), sum(dispatched), sum(acknowledged), sum(answered), sum(closed), sum(explained),
        sum(unconfirmed), sum(withdrawn), sum(merged), sum(answered_elsewhere), sum(said), sum(in_time), sum(late), sum(missed),
        sum(transferred), sum(returned), sum(accepted_late))
        <> (0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)
    ), written as (
      insert into public.request_figure as f select d.* from differing d
      on conflict (path, month, kind) do update set
        told = f.told + excluded.told, received = f.received + excluded.received, accepted = f.accepted + excluded.accepted,
        dispatched = f.dispatched + excluded.dispatched, acknowledged = f.acknowledged + excluded.acknowledged,
        answered = f.answered + excluded.answered, closed = f.closed + excluded.closed, explained = f.explained + excluded.explained,
        unconfirmed = f.unconfirmed + excluded.unconfirmed, withdrawn = f.withdrawn + excluded.withdrawn,
        merged = f.merged + excluded.merged, answered_elsewhere = f.answered_elsewhere + excluded.answered_elsewhere,
        said = f.said + excluded.said, in_time = f.in_time + excluded.in_time, late = f.late + excluded.late,
        missed = f.missed + excluded.missed, transferred = f.transferred + excluded.transferred,
        returned = f.returned + excluded.returned, accepted_late = f.accepted_late + excluded.accepted_late
    )
    select count(*) into mended from differing;
    -- A place that everything has moved away from.
    delete from public.request_figure f where (f.told, f.received, f.accepted, f.dispatched, f.acknowledged, f.answered, f.closed, f.explained, f.unconfirmed, f.withdrawn,
      f.merged, f.answered_elsewhere, f.said, f.in_time, f.late, f.missed, f.transferred, f.returned, f.accepted_late)
      = (0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
    -- Of what residents said, the rows of one place and month become one.
    with counted as (
      select public.figure_path(j.path) as path, j.month, count(*) filter (where j.solved = 'solved') as solved,
        count(*) filter (where j.solved = 'partly') as partly, count(*) filter (where j.solved = 'not') as unsolved
      from public.judgement j where not j.withheld group by 1, 2
    ), standing as (
      select f.path, f.month, sum(f.solved) as solved, sum(f.partly) as partly, sum(f.unsolved) as unsolved, count(*) as pieces
      from public.judgement_figure f group by 1, 2
    ), differing as (
      select coalesce(c.path, s.path) as path, coalesce(c.month, s.month) as month, c.solved, c.partly, c.unsolved,
        (c.solved, c.partly, c.unsolved) is distinct from (s.solved, s.partly, s.unsolved)
          and (c.path is not null or (s.solved, s.partly, s.unsolved) <> (0, 0, 0)) as wrong
      from counted c full join standing s on s.path = c.path and s.month = c.month
      where (c.solved, c.partly, c.unsolved) is distinct from (s.solved, s.partly, s.unsolved) or s.pieces > 1
    ), dropped as (
      delete from public.judgement_figure f using differing d where f.path = d.path and f.month = d.month
    ), written as (
      insert into public.judgement_figure select d.path, d.month, d.solved, d.partly, d.unsolved from differing d where d.solved is not null
    )
    select count(*) filter (where d.wrong) into verdicts from differing d;
    return mended + verdicts;
  end $$;

------------------------------------------------------------------------------- reading, within the reader's reach

drop function request_figures(text[], date[], date);
drop function request_figures_of_all(text[], date[], date);
create function request_figures_of_all(of_paths text[], from_months date[], until_month date)
  returns table (path text, month date, kind text, told bigint, received bigint, accepted bigint, dispatched bigint, acknowledged bigint, answered bigint, closed bigint,
    explained bigint, unconfirmed bigint, withdrawn bigint, merged bigint, answered_elsewhere bigint, said bigint, in_time bigint,
    late bigint, missed bigint, transferred bigint, returned bigint, accepted_late bigint)
  language plpgsql stable security definer set search_path = pg_catalog, public set plan_cache_mode = force_custom_plan as $$
  #variable_conflict use_column
  declare
    reach text[] := access.reach('request.read');
    kept text[];
    kept_from date[];
    deep text[];
    deep_from date[];
    -- Ids follow time: none is made more than two months before its filing, or two days after it (request_file).
    bounded boolean := public.clock_is_real();
  begin
    select array_agg(a.path) filter (where a.shallow), array_agg(a.since) filter (where a.shallow),
        array_agg(a.path) filter (where not a.shallow), array_agg(a.since) filter (where not a.shallow)
      into kept, kept_from, deep, deep_from
      from (select p.path, p.since, cardinality(string_to_array(p.path, '/')) <= 5 as shallow
        from unnest(of_paths, from_months) p (path, since) where access.covers(reach, p.path)) a;
    return query
      select f.path, f.month, f.kind,
        f.told::bigint, f.received::bigint, f.accepted::bigint, f.dispatched::bigint, f.acknowledged::bigint, f.answered::bigint,
        f.closed::bigint, f.explained::bigint, f.unconfirmed::bigint, f.withdrawn::bigint, f.merged::bigint,
        f.answered_elsewhere::bigint, f.said::bigint, f.in_time::bigint, f.late::bigint, f.missed::bigint, f.transferred::bigint,
        f.returned::bigint, f.accepted_late::bigint
      from public.request_figure f join unnest(kept, kept_from) p (path, since) on p.path = f.path and f.month >= p.since
      where f.path = any (kept) and f.month between (select min(k) from unnest(kept_from) k) and until_month
      union all
      -- What is not folded yet: little, and looked through once.
      select p.path, n.month, n.kind,
        n.told, n.received, n.accepted, n.dispatched, n.acknowledged, n.answered, n.closed, n.explained, n.unconfirmed, n.withdrawn,
        n.merged, n.answered_elsewhere, n.said, n.in_time, n.late, n.missed, n.transferred, n.returned, n.accepted_late
      from unnest(kept, kept_from) p (path, since) join (
          select w.path, w.month, w.kind,
            sum(c.told) as told, sum(c.received) as received, sum(c.accepted) as accepted, sum(c.dispatched) as dispatched,
            sum(c.acknowledged) as acknowledged, sum(c.answered) as answered, sum(c.closed) as closed, sum(c.explained) as explained,
            sum(c.unconfirmed) as unconfirmed, sum(c.withdrawn) as withdrawn, sum(c.merged) as merged,
            sum(c.answered_elsewhere) as answered_elsewhere, sum(c.said) as said, sum(c.in_time) as in_time, sum(c.late) as late,
            sum(c.missed) as missed, sum(c.transferred) as transferred, sum(c.returned) as returned,
            sum(c.accepted_late) as accepted_late
          from public.request_figure_change w cross join lateral public.figure_counts(w.weight, w.state, w.ended, w.timely, w.event) c
          where w.month <= until_month group by w.path, w.month, w.kind) n
        on n.path >= p.path and n.path < p.path || '~' and n.month >= p.since
      union all
      select p.path, public.figure_month(r.filed_at), c.level1,
        sum(f.told), sum(f.received), sum(f.accepted), sum(f.dispatched), sum(f.acknowledged), sum(f.answered), sum(f.closed),
        sum(f.explained), sum(f.unconfirmed), sum(f.withdrawn), sum(f.merged), sum(f.answered_elsewhere), sum(f.said), sum(f.in_time),
        sum(f.late), sum(f.missed), sum(f.transferred), sum(f.returned), sum(f.accepted_late)
      from unnest(deep, deep_from) p (path, since)
        cross join lateral (select r.filed_at, r.category, r.state, r.result, r.answered_late, r.missed, r.answered_at, r.heard_at, r.promised_at
          from public.request r
          where r.path >= p.path and r.path < p.path || '~'
            and r.id >= case when bounded then (lpad(to_hex((extract(epoch from p.since - 63) * 1000)::bigint), 12, '0') || repeat('0', 20))::uuid
              else '00000000-0000-0000-0000-000000000000' end
            and r.id < case when bounded then (lpad(to_hex((extract(epoch from until_month + 35) * 1000)::bigint), 12, '0') || repeat('0', 20))::uuid
              else 'ffffffff-ffff-ffff-ffff-ffffffffffff' end
            and r.filed_at >= p.since::timestamp at time zone 'Asia/Shanghai'
            and r.filed_at < (until_month + interval '1 month') at time zone 'Asia/Shanghai') r
        left join public.category c on c.id = r.category
        cross join lateral public.figure_counts(1, r.state, public.figure_ending(r.result),
          public.figure_timely(r.answered_late, r.missed, r.answered_at, r.heard_at, r.promised_at), null) f
      group by 1, 2, 3
      union all
      -- What was done there with matters that may lie elsewhere since.
      select p.path, public.figure_month(r.filed_at), c.level1,
        sum(f.told), sum(f.received), sum(f.accepted), sum(f.dispatched), sum(f.acknowledged), sum(f.answered), sum(f.closed),
        sum(f.explained), sum(f.unconfirmed), sum(f.withdrawn), sum(f.merged), sum(f.answered_elsewhere), sum(f.said), sum(f.in_time),
        sum(f.late), sum(f.missed), sum(f.transferred), sum(f.returned), sum(f.accepted_late)
      from unnest(deep, deep_from) p (path, since)
        join public.request_event e on e.path >= p.path collate "C" and e.path < p.path || '~' collate "C"
        join public.request r on r.id = e.request
          and r.filed_at >= p.since::timestamp at time zone 'Asia/Shanghai'
          and r.filed_at < (until_month + interval '1 month') at time zone 'Asia/Shanghai'
        left join public.category c on c.id = r.category
        cross join lateral public.figure_counts(1, null, null, null, e.kind) f
      group by 1, 2, 3;
  end $$;
revoke all on function request_figures_of_all(text[], date[], date) from public;

create function request_figures(of_paths text[], from_months date[], until_month date)
  returns table (path text, month date, kind text, told bigint, received bigint, accepted bigint, dispatched bigint, acknowledged bigint, answered bigint, closed bigint,
    explained bigint, unconfirmed bigint, withdrawn bigint, merged bigint, answered_elsewhere bigint, said bigint, in_time bigint,
    late bigint, missed bigint, transferred bigint, returned bigint, accepted_late bigint)
  language plpgsql stable security definer set search_path = pg_catalog, public as $$
  #variable_conflict use_column
  declare
    reach text[] := access.reach('request.read');
    who uuid := access.person();
    own uuid[] := access.bodies();
  begin
    return query
      with kept as materialized (
        select r.id, r.path, public.figure_month(r.filed_at) as month, c.level1, r.state, public.figure_ending(r.result) as ended,
          public.figure_timely(r.answered_late, r.missed, r.answered_at, r.heard_at, r.promised_at) as timely
        from public.request_kept_from(who, own) r left join public.category c on c.id = r.category
      ), taken as (
        select k.path, k.month, k.level1, k.state, k.ended, k.timely, null::text as event from kept k
        union all
        select e.path, k.month, k.level1, null, null, null, e.kind from kept k join public.request_event e on e.request = k.id
      )
      select b.path, b.month, b.kind,
        sum(b.told)::bigint, sum(b.received)::bigint, sum(b.accepted)::bigint, sum(b.dispatched)::bigint, sum(b.acknowledged)::bigint,
        sum(b.answered)::bigint, sum(b.closed)::bigint, sum(b.explained)::bigint, sum(b.unconfirmed)::bigint,
        sum(b.withdrawn)::bigint, sum(b.merged)::bigint, sum(b.answered_elsewhere)::bigint, sum(b.said)::bigint,
        sum(b.in_time)::bigint, sum(b.late)::bigint, sum(b.missed)::bigint, sum(b.transferred)::bigint, sum(b.returned)::bigint,
        sum(b.accepted_late)::bigint
      from (
      select * from public.request_figures_of_all(of_paths, from_months, until_month)
      union all
      select p.path, k.month, k.level1,
        sum(f.told), sum(f.received), sum(f.accepted), sum(f.dispatched), sum(f.acknowledged), sum(f.answered), sum(f.closed),
        sum(f.explained), sum(f.unconfirmed), sum(f.withdrawn), sum(f.merged), sum(f.answered_elsewhere), sum(f.said), sum(f.in_time),
        sum(f.late), sum(f.missed), sum(f.transferred), sum(f.returned), sum(f.accepted_late)
      from taken k join unnest(of_paths, from_months) p (path, since)
          on k.path >= p.path collate "C" and k.path < p.path || '~' collate "C" and k.month between p.since and until_month
        cross join lateral public.figure_counts(-1, k.state, k.ended, k.timely, k.event) f
      where access.covers(reach, p.path)
      group by 1, 2, 3) b (path, month, kind, told, received, accepted, dispatched, acknowledged, answered, closed, explained, unconfirmed, withdrawn, merged,
        answered_elsewhere, said, in_time, late, missed, transferred, returned, accepted_late)
      group by 1, 2, 3
      having sum(b.told) <> 0 or sum(b.transferred) <> 0 or sum(b.returned) <> 0 or sum(b.accepted_late) <> 0;
  end $$;
revoke all on function request_figures(text[], date[], date) from public;
grant execute on function request_figures(text[], date[], date) to linli_app;

-- Which requests a count of transfers, returns and late acceptances is of, for a list that is narrowed to them: within the reader's reach,
-- without what is kept from them. Those that lie where the reader does not reach now are not in the list.
create function request_moved(done text, of_path text, itself boolean) returns setof uuid
  language plpgsql stable security definer set search_path = pg_catalog, public as $$
  declare
    who uuid := access.person();
    own uuid[] := access.bodies();
  begin
    if not access.covers(access.reach('request.read'), of_path) then return; end if;
    return query
      select distinct e.request from public.request_event e join public.request r on r.id = e.request
      where e.path >= of_path collate "C" and e.path < of_path || '~' collate "C" and (not itself or e.path = of_path collate "C") and e.kind = done
        and not coalesce(who = any (r.excluded_people), false) and not coalesce(r.excluded_bodies && own, false);
  end $$;
revoke all on function request_moved(text, text, boolean) from public;
grant execute on function request_moved(text, text, boolean) to linli_app;

-- What is there already is counted once, here, by the functions as they stand now.
do $$ begin
  perform figures_missed(now(), 2147483647, true);
  perform figures_recount();
end $$;
analyze request_figure, request_event;
