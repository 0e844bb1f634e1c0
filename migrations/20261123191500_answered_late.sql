-- Up Migration

-- A late answer stays late: whether the promised time was prolonged when it had passed already, or another answer came since, which was asked
-- for because the first had solved nothing.
alter table request add column answered_late boolean;
grant select (answered_late) on request to linli_app;
create function request_answered_late() returns trigger
  language plpgsql security definer set search_path = pg_catalog, public as $$
  begin
    -- The deadline at which the answer stood open says what was promised before it was prolonged.
    new.answered_late := coalesce(old.answered_late, false) or coalesce(new.answered_at > new.promised_at, false)
      or coalesce(old.due_kind = 'answer' and old.due_at < new.answered_at, false);
    return new;
  end $$;
create trigger request_answered_late before update on request for each row
  when (old.answered_at is distinct from new.answered_at and new.answered_at is not null) execute function request_answered_late();
update request set answered_late = true where answered_at > promised_at;

create function figure_timely(answered_late boolean, answered_at timestamptz, promised_at timestamptz) returns boolean
  language sql immutable parallel safe as $$ select case when answered_late then false else answered_at <= promised_at end $$;

create or replace function request_counted() returns trigger
  language plpgsql security definer set search_path = pg_catalog, public as $$
  declare
    kind text;
  begin
    if tg_op <> 'INSERT' then
      if old.category is not null then kind := (select c.level1 from public.category c where c.id = old.category); end if;
      insert into public.request_figure_change values
        (old.path, public.figure_month(old.filed_at), kind, old.state, public.figure_ending(old.result), public.figure_timely(old.answered_late, old.answered_at, old.promised_at), -1);
    end if;
    if tg_op <> 'DELETE' then
      if tg_op = 'INSERT' or old.category is distinct from new.category then
        kind := case when new.category is not null then (select c.level1 from public.category c where c.id = new.category) end;
      end if;
      insert into public.request_figure_change values
        (new.path, public.figure_month(new.filed_at), kind, new.state, public.figure_ending(new.result), public.figure_timely(new.answered_late, new.answered_at, new.promised_at), 1);
    end if;
    return null;
  end $$;
drop trigger request_counted_anew on request;
create trigger request_counted_anew after update on request for each row
  when (old.state is distinct from new.state or old.result is distinct from new.result or old.category is distinct from new.category
    or old.path is distinct from new.path or old.filed_at is distinct from new.filed_at or old.answered_late is distinct from new.answered_late
    or old.answered_at is distinct from new.answered_at or old.promised_at is distinct from new.promised_at and new.answered_at is not null)
  execute function request_counted();

create or replace function category_counted() returns trigger
  language plpgsql security definer set search_path = pg_catalog, public as $$
  begin
    insert into public.request_figure_change
      select public.figure_path(r.path), public.figure_month(r.filed_at), k.kind, r.state, public.figure_ending(r.result),
        public.figure_timely(r.answered_late, r.answered_at, r.promised_at), sum(k.weight)
      from public.request r cross join (values (old.level1, -1), (new.level1, 1)) k (kind, weight)
      where r.category = new.id group by 1, 2, 3, 4, 5, 6;
    return null;
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
        public.figure_timely(r.answered_late, r.answered_at, r.promised_at) as in_time, count(*)::integer as weight
      from public.request r group by 1, 2, 3, 4, 5, 6
    ), leaf as (
      select c.path, c.month, k.level1 as kind, c.state, c.ended, c.in_time, c.weight
      from counted c left join public.category k on k.id = c.category
      union all
      select public.figure_path(w.path), w.month, w.kind, w.state, w.ended, w.in_time, -w.weight from public.request_figure_change w
    ), summed as (
      select l.path, l.month, l.kind, sum(c.told)::integer as told, sum(c.received)::integer as received, sum(c.accepted)::integer as accepted,
        sum(c.dispatched)::integer as dispatched, sum(c.acknowledged)::integer as acknowledged, sum(c.answered)::integer as answered,
        sum(c.closed)::integer as closed, sum(c.explained)::integer as explained, sum(c.unconfirmed)::integer as unconfirmed,
        sum(c.withdrawn)::integer as withdrawn, sum(c.merged)::integer as merged, sum(c.answered_elsewhere)::integer as answered_elsewhere,
        sum(c.said)::integer as said, sum(c.in_time)::integer as in_time, sum(c.late)::integer as late
      from leaf l cross join lateral public.figure_counts(l.weight, l.state, l.ended, l.in_time) c group by 1, 2, 3
    ), differing as (
      select path, month, kind, sum(told) as told, sum(received) as received, sum(accepted) as accepted, sum(dispatched) as dispatched, sum(acknowledged) as acknowledged,
        sum(answered) as answered, sum(closed) as closed, sum(explained) as explained, sum(unconfirmed) as unconfirmed, sum(withdrawn) as withdrawn,
        sum(merged) as merged, sum(answered_elsewhere) as answered_elsewhere, sum(said) as said, sum(in_time) as in_time, sum(late) as late
      from (
        select a.above as path, l.month, l.kind, l.told, l.received, l.accepted, l.dispatched, l.acknowledged, l.answered, l.closed, l.explained, l.unconfirmed,
          l.withdrawn, l.merged, l.answered_elsewhere, l.said, l.in_time, l.late
        from summed l cross join lateral public.figure_paths(l.path) a
        union all
        select f.path, f.month, f.kind, -f.told, -f.received, -f.accepted, -f.dispatched, -f.acknowledged, -f.answered, -f.closed, -f.explained, -f.unconfirmed,
          -f.withdrawn, -f.merged, -f.answered_elsewhere, -f.said, -f.in_time, -f.late
        from public.request_figure f
      ) both_sides
      group by path, month, kind
      having (sum(told), sum(received), sum(accepted), sum(dispatched), sum(acknowledged), sum(answered), sum(closed), sum(explained), sum(unconfirmed),
        sum(withdrawn), sum(merged), sum(answered_elsewhere), sum(said), sum(in_time), sum(late)) <> (0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)
    ), written as (
      insert into public.request_figure as f select d.* from differing d
      on conflict (path, month, kind) do update set told = f.told + excluded.told, received = f.received + excluded.received,
        accepted = f.accepted + excluded.accepted, dispatched = f.dispatched + excluded.dispatched,
        acknowledged = f.acknowledged + excluded.acknowledged, answered = f.answered + excluded.answered, closed = f.closed + excluded.closed,
        explained = f.explained + excluded.explained, unconfirmed = f.unconfirmed + excluded.unconfirmed,
        withdrawn = f.withdrawn + excluded.withdrawn, merged = f.merged + excluded.merged,
        answered_elsewhere = f.answered_elsewhere + excluded.answered_elsewhere, said = f.said + excluded.said,
        in_time = f.in_time + excluded.in_time, late = f.late + excluded.late
    )
    select count(*) into mended from differing;
    -- A place that everything has moved away from.
    delete from public.request_figure f where (f.told, f.received, f.accepted, f.dispatched, f.acknowledged, f.answered, f.closed, f.explained,
      f.unconfirmed, f.withdrawn, f.merged, f.answered_elsewhere, f.said, f.in_time, f.late) = (0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
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

create or replace function request_figures_of_all(of_paths text[], from_months date[], until_month date)
  returns table (path text, month date, kind text, told bigint, received bigint, accepted bigint, dispatched bigint, acknowledged bigint, answered bigint,
    closed bigint, explained bigint, unconfirmed bigint, withdrawn bigint, merged bigint, answered_elsewhere bigint, said bigint, in_time bigint, late bigint)
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
      select f.path, f.month, f.kind, f.told::bigint, f.received::bigint, f.accepted::bigint, f.dispatched::bigint, f.acknowledged::bigint,
        f.answered::bigint, f.closed::bigint, f.explained::bigint, f.unconfirmed::bigint, f.withdrawn::bigint, f.merged::bigint,
        f.answered_elsewhere::bigint, f.said::bigint, f.in_time::bigint, f.late::bigint
      from public.request_figure f join unnest(kept, kept_from) p (path, since) on p.path = f.path and f.month >= p.since
      where f.path = any (kept) and f.month between (select min(k) from unnest(kept_from) k) and until_month
      union all
      -- What is not folded yet: little, and looked through once.
      select p.path, n.month, n.kind, n.told, n.received, n.accepted, n.dispatched, n.acknowledged, n.answered, n.closed, n.explained,
        n.unconfirmed, n.withdrawn, n.merged, n.answered_elsewhere, n.said, n.in_time, n.late
      from unnest(kept, kept_from) p (path, since) join (
          select w.path, w.month, w.kind, sum(c.told) as told, sum(c.received) as received, sum(c.accepted) as accepted,
            sum(c.dispatched) as dispatched, sum(c.acknowledged) as acknowledged, sum(c.answered) as answered, sum(c.closed) as closed, sum(c.explained) as explained, sum(c.unconfirmed) as unconfirmed, sum(c.withdrawn) as withdrawn,
            sum(c.merged) as merged, sum(c.answered_elsewhere) as answered_elsewhere, sum(c.said) as said, sum(c.in_time) as in_time, sum(c.late) as late
          from public.request_figure_change w cross join lateral public.figure_counts(w.weight, w.state, w.ended, w.in_time) c
          where w.month <= until_month group by w.path, w.month, w.kind) n
        on n.path >= p.path and n.path < p.path || '~' and n.month >= p.since
      union all
      select p.path, public.figure_month(r.filed_at), c.level1, sum(f.told), sum(f.received), sum(f.accepted), sum(f.dispatched), sum(f.acknowledged),
        sum(f.answered), sum(f.closed), sum(f.explained), sum(f.unconfirmed), sum(f.withdrawn), sum(f.merged), sum(f.answered_elsewhere),
        sum(f.said), sum(f.in_time), sum(f.late)
      from unnest(deep, deep_from) p (path, since)
        cross join lateral (select r.filed_at, r.category, r.state, r.result, r.answered_late, r.answered_at, r.promised_at from public.request r
          where r.path >= p.path and r.path < p.path || '~'
            and r.id >= case when bounded then (lpad(to_hex((extract(epoch from p.since - 63) * 1000)::bigint), 12, '0') || repeat('0', 20))::uuid
              else '00000000-0000-0000-0000-000000000000' end
            and r.id < case when bounded then (lpad(to_hex((extract(epoch from until_month + 35) * 1000)::bigint), 12, '0') || repeat('0', 20))::uuid
              else 'ffffffff-ffff-ffff-ffff-ffffffffffff' end
            and r.filed_at >= p.since::timestamp at time zone 'Asia/Shanghai'
            and r.filed_at < (until_month + interval '1 month') at time zone 'Asia/Shanghai') r
        left join public.category c on c.id = r.category
        cross join lateral public.figure_counts(1, r.state, public.figure_ending(r.result), public.figure_timely(r.answered_late, r.answered_at, r.promised_at)) f
      group by 1, 2, 3;
  end $$;

create or replace function request_figures(of_paths text[], from_months date[], until_month date)
  returns table (path text, month date, kind text, told bigint, received bigint, accepted bigint, dispatched bigint, acknowledged bigint, answered bigint,
    closed bigint, explained bigint, unconfirmed bigint, withdrawn bigint, merged bigint, answered_elsewhere bigint, said bigint, in_time bigint, late bigint)
  language plpgsql stable security definer set search_path = pg_catalog, public as $$
  #variable_conflict use_column
  declare
    reach text[] := access.reach('request.read');
    who uuid := access.person();
    own uuid[] := access.bodies();
  begin
    return query
      select b.path, b.month, b.kind, sum(b.told)::bigint, sum(b.received)::bigint, sum(b.accepted)::bigint, sum(b.dispatched)::bigint, sum(b.acknowledged)::bigint,
        sum(b.answered)::bigint, sum(b.closed)::bigint, sum(b.explained)::bigint, sum(b.unconfirmed)::bigint, sum(b.withdrawn)::bigint,
        sum(b.merged)::bigint, sum(b.answered_elsewhere)::bigint, sum(b.said)::bigint, sum(b.in_time)::bigint, sum(b.late)::bigint
      from (
      select * from public.request_figures_of_all(of_paths, from_months, until_month)
      union all
      select p.path, k.month, k.level1, sum(f.told), sum(f.received), sum(f.accepted), sum(f.dispatched), sum(f.acknowledged), sum(f.answered),
        sum(f.closed), sum(f.explained), sum(f.unconfirmed), sum(f.withdrawn), sum(f.merged), sum(f.answered_elsewhere), sum(f.said),
        sum(f.in_time), sum(f.late)
      from (select r.path, public.figure_month(r.filed_at) as month, c.level1, r.state, public.figure_ending(r.result) as ended,
            public.figure_timely(r.answered_late, r.answered_at, r.promised_at) as timely
          from public.request_kept_from(who, own) r left join public.category c on c.id = r.category) k
        join unnest(of_paths, from_months) p (path, since)
          on k.path >= p.path collate "C" and k.path < p.path || '~' collate "C" and k.month between p.since and until_month
        cross join lateral public.figure_counts(-1, k.state, k.ended, k.timely) f
      where access.covers(reach, p.path)
      group by 1, 2, 3) b (path, month, kind, told, received, accepted, dispatched, acknowledged, answered, closed, explained, unconfirmed, withdrawn, merged, answered_elsewhere, said, in_time, late)
      group by 1, 2, 3 having sum(b.told) <> 0;
  end $$;

-- What is there already is counted once, here, by the functions as they stand now.
do $$ begin perform figures_recount(); end $$;
analyze request_figure, judgement_figure;
