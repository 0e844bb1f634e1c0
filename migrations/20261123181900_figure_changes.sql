-- Up Migration

-- What waits to be folded is written at a quarter of what it cost whoever files or acts: as what a request counted for, and not yet as
-- counts of a place. How residents judged stands nowhere in it.

-- How a matter ended as far as everybody may know.
create function figure_ending(result text) returns text
  language sql immutable parallel safe as $$ select case when result in ('solved', 'partly', 'unsolved') then 'said' else result end $$;

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
  state text not null,
  ended text,
  -- Whether the last answer came by the time that was promised; null: there is none.
  in_time boolean,
  -- 1 is added, -1 taken away.
  weight integer not null
) with (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000);
alter table request_figure_change enable row level security;

drop function figure_counts(integer, text, text, timestamptz, timestamptz);
create function figure_counts(weight integer, state text, ended text, timely boolean)
  returns table (told integer, received integer, accepted integer, dispatched integer, acknowledged integer, answered integer, closed integer,
    explained integer, unconfirmed integer, withdrawn integer, merged integer, answered_elsewhere integer, said integer, in_time integer, late integer)
  language sql immutable parallel safe as $$
    select weight,
      case when state = 'received' then weight else 0 end, case when state = 'accepted' then weight else 0 end,
      case when state = 'dispatched' then weight else 0 end, case when state = 'acknowledged' then weight else 0 end,
      case when state = 'answered' then weight else 0 end, case when state = 'closed' then weight else 0 end,
      case when ended = 'explained' then weight else 0 end, case when ended = 'unconfirmed' then weight else 0 end,
      case when ended = 'withdrawn' then weight else 0 end, case when ended = 'merged' then weight else 0 end,
      case when ended = 'answered_elsewhere' then weight else 0 end, case when ended = 'said' then weight else 0 end,
      case when timely then weight else 0 end, case when not timely then weight else 0 end
  $$;

create or replace function request_counted() returns trigger
  language plpgsql security definer set search_path = pg_catalog, public as $$
  declare
    kind text;
  begin
    if tg_op <> 'INSERT' then
      if old.category is not null then kind := (select c.level1 from public.category c where c.id = old.category); end if;
      insert into public.request_figure_change values
        (old.path, public.figure_month(old.filed_at), kind, old.state, public.figure_ending(old.result), old.answered_at <= old.promised_at, -1);
    end if;
    if tg_op <> 'DELETE' then
      if tg_op = 'INSERT' or old.category is distinct from new.category then
        kind := case when new.category is not null then (select c.level1 from public.category c where c.id = new.category) end;
      end if;
      insert into public.request_figure_change values
        (new.path, public.figure_month(new.filed_at), kind, new.state, public.figure_ending(new.result), new.answered_at <= new.promised_at, 1);
    end if;
    return null;
  end $$;

create or replace function category_counted() returns trigger
  language plpgsql security definer set search_path = pg_catalog, public as $$
  begin
    insert into public.request_figure_change
      select public.figure_path(r.path), public.figure_month(r.filed_at), k.kind, r.state, public.figure_ending(r.result),
        r.answered_at <= r.promised_at, sum(k.weight)
      from public.request r cross join (values (old.level1, -1), (new.level1, 1)) k (kind, weight)
      where r.category = new.id group by 1, 2, 3, 4, 5, 6;
    return null;
  end $$;

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
      select public.figure_path(t.path) as path, t.month, t.kind, t.state, t.ended, t.in_time, sum(t.weight)::integer as weight
      from taken t group by 1, 2, 3, 4, 5, 6 having sum(t.weight) <> 0
    ), written as (
      insert into public.request_figure as f
        select a.above, n.month, n.kind, sum(c.told), sum(c.received), sum(c.accepted), sum(c.dispatched), sum(c.acknowledged), sum(c.answered),
          sum(c.closed), sum(c.explained), sum(c.unconfirmed), sum(c.withdrawn), sum(c.merged), sum(c.answered_elsewhere), sum(c.said),
          sum(c.in_time), sum(c.late)
        from net n cross join lateral public.figure_counts(n.weight, n.state, n.ended, n.in_time) c
          cross join lateral public.figure_paths(n.path) a group by 1, 2, 3
      on conflict (path, month, kind) do update set told = f.told + excluded.told, received = f.received + excluded.received,
        accepted = f.accepted + excluded.accepted, dispatched = f.dispatched + excluded.dispatched,
        acknowledged = f.acknowledged + excluded.acknowledged, answered = f.answered + excluded.answered, closed = f.closed + excluded.closed,
        explained = f.explained + excluded.explained, unconfirmed = f.unconfirmed + excluded.unconfirmed,
        withdrawn = f.withdrawn + excluded.withdrawn, merged = f.merged + excluded.merged,
        answered_elsewhere = f.answered_elsewhere + excluded.answered_elsewhere, said = f.said + excluded.said,
        in_time = f.in_time + excluded.in_time, late = f.late + excluded.late
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
        r.answered_at <= r.promised_at as in_time, count(*)::integer as weight
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
      from public.judgement j group by 1, 2
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

create or replace function request_figures(of_paths text[], from_months date[], until_month date)
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
        cross join lateral (select r.filed_at, r.category, r.state, r.result, r.answered_at, r.promised_at from public.request r
          where r.path >= p.path and r.path < p.path || '~'
            and r.id >= case when bounded then (lpad(to_hex((extract(epoch from p.since - 63) * 1000)::bigint), 12, '0') || repeat('0', 20))::uuid
              else '00000000-0000-0000-0000-000000000000' end
            and r.id < case when bounded then (lpad(to_hex((extract(epoch from until_month + 35) * 1000)::bigint), 12, '0') || repeat('0', 20))::uuid
              else 'ffffffff-ffff-ffff-ffff-ffffffffffff' end
            and r.filed_at >= p.since::timestamp at time zone 'Asia/Shanghai'
            and r.filed_at < (until_month + interval '1 month') at time zone 'Asia/Shanghai') r
        left join public.category c on c.id = r.category
        cross join lateral public.figure_counts(1, r.state, public.figure_ending(r.result), r.answered_at <= r.promised_at) f
      group by 1, 2, 3;
  end $$;
