-- Up Migration

-- A judgement counts where its matter lay when it was given. What was told of a month that is over stays as it was told, whatever building
-- moves to another community since, or community to another subdistrict: from what a place said before and says after, one could reckon
-- what was said in the part that moved. A place that is moved itself takes what it said along; what merges into another keeps its own.
alter table judgement add column area text collate "C", add column part text collate "C";
update judgement set area = figure_path(path), part = substring(path from '^(?:[^/]+/){1,5}');
create index judgement_area on judgement (area, month);
create index judgement_part on judgement (part, month);
-- What a body had a hand in, looked up from its totals.
create index judgement_handler_bodies on judgement using gin (handler_bodies);
insert into place_path_column (table_name, column_name, follows_merge) values ('judgement', 'area', false), ('judgement', 'part', false);
create function judgement_where() returns trigger
  language plpgsql security definer set search_path = pg_catalog, public as $$
  begin
    if session_user = 'linli_app' or new.area is null then
      new.area := public.figure_path(new.path);
      new.part := substring(new.path from '^(?:[^/]+/){1,5}');
    end if;
    return new;
  end $$;
-- By its name after the one that says where the matter lies.
create trigger judgement_where before insert on judgement for each row execute function judgement_where();

create or replace function judgement_counted() returns trigger
  language plpgsql security definer set search_path = pg_catalog, public as $$
  begin
    if tg_op <> 'INSERT' then
      if not old.withheld then
        insert into public.judgement_figure values (old.area, old.month,
          -(old.solved = 'solved')::integer, -(old.solved = 'partly')::integer, -(old.solved = 'not')::integer);
      end if;
    end if;
    if tg_op <> 'DELETE' then
      if not new.withheld then
        insert into public.judgement_figure values (new.area, new.month,
          (new.solved = 'solved')::integer, (new.solved = 'partly')::integer, (new.solved = 'not')::integer);
      end if;
    end if;
    return null;
  end $$;
drop trigger judgement_counted_anew on judgement;
create trigger judgement_counted_anew after update on judgement for each row
  when (old.area is distinct from new.area or old.month is distinct from new.month or old.solved is distinct from new.solved)
  execute function judgement_counted();

-- As before, by where they were given.
create or replace function judgement_shown(of_path text, from_month date, until_month date)
  returns table (path text, month date, solved bigint, partly bigint, unsolved bigint)
  language sql stable as $$
    with parts as (
      select j.month, j.part as path, j.part <> j.area as is_part,
        count(*) as judged, count(*) filter (where j.solved = 'solved') as solved, count(*) filter (where j.solved = 'partly') as partly,
        count(*) filter (where j.solved = 'not') as unsolved
      from public.judgement j
      where not j.withheld and j.area = of_path and j.month between from_month and until_month
      group by 1, 2, 3
    ), shown as (
      select p.*, row_number() over (partition by p.month order by p.judged, p.path) as smallest
      from parts p where p.is_part and public.verdicts_tell(p.solved, p.partly, p.unsolved)
    ), rest as (
      select p.month, sum(p.judged) as judged, sum(p.solved) as solved from parts p
      where not exists (select from shown s where s.month = p.month and s.path = p.path) group by p.month
    )
    select s.path, s.month, s.solved, s.partly, s.unsolved from shown s left join rest r on r.month = s.month
    where not coalesce(s.smallest = 1 and (r.judged < 5 or r.solved in (0, r.judged)), false)
      and exists (select from public.place p where p.path = s.path collate "C")
  $$;

create or replace function judgement_figures(of_paths text[], from_month date, until_month date, at timestamptz)
  returns table (path text, solved bigint, partly bigint, unsolved bigint)
  language plpgsql stable security definer set search_path = pg_catalog, public set plan_cache_mode = force_custom_plan as $$
  #variable_conflict use_column
  declare
    reach text[] := access.reach('request.read');
    last_month date := least(until_month,
      (public.figure_month(case when public.clock_is_real() then least(judgement_figures.at, now()) else judgement_figures.at end) - interval '1 month')::date);
    months date[] := array(select m::date from generate_series(from_month, last_month, interval '1 month') m);
    kept text[];
    deep text[];
  begin
    select array_agg(p.path) filter (where p.depth <= 4), array_agg(p.path) filter (where p.depth = 5) into kept, deep
      from (select a.path, cardinality(string_to_array(a.path, '/')) - 1 as depth from unnest(of_paths) a (path)
        where access.covers(reach, a.path)) p;
    return query
      select p.path, sum(told.solved)::bigint, sum(told.partly)::bigint, sum(told.unsolved)::bigint
      from unnest(kept) p (path) join (
          select f.path, f.month, sum(f.solved) as solved, sum(f.partly) as partly, sum(f.unsolved) as unsolved
          from public.judgement_figure f where f.month = any (months)
            and exists (select from unnest(kept) k where f.path >= k and f.path < k || '~')
          group by f.path, f.month having public.verdicts_tell(sum(f.solved), sum(f.partly), sum(f.unsolved))) told
        on told.path >= p.path and told.path < p.path || '~'
      group by p.path
      union all
      select s.path, sum(s.solved)::bigint, sum(s.partly)::bigint, sum(s.unsolved)::bigint
      from (select distinct j.area as above from public.judgement j where j.part = any (deep) and j.month = any (months)) u
        cross join lateral public.judgement_shown(u.above, from_month, last_month) s
      where s.path = any (deep)
      group by s.path;
  end $$;

------------------------------------------------------------------------------- what a body is told of its own

-- Whether so few, or so alike, would be left of one total less another. Nothing left tells nothing.
create function verdicts_betray(solved bigint, partly bigint, unsolved bigint) returns boolean
  language sql immutable parallel safe as $$
    select solved + partly + unsolved > 0 and not public.verdicts_tell(solved, partly, unsolved)
  $$;

-- Whether the total of a body in a month that is over, held against another total that is told, would say what one or a few residents said.
-- Held against it are the subdistricts and communities in which it had a hand, and the bodies that had a hand in the same matters; of two
-- that are too near each other, the body with less stays silent. One total taken from another says something where it lies wholly in it:
-- then one to four, or all of one mind, must not remain.
create function judgement_totals_betray(of_body uuid, of_month date) returns boolean
  language sql stable security definer set search_path = pg_catalog, public as $$
    with own as (
      select j.id, j.area, j.part, j.solved, j.handler_bodies from public.judgement j
      where j.handler_bodies @> array[of_body] and j.month = of_month and not j.withheld
    ), areas as (
      select distinct o.area from own o where cardinality(string_to_array(o.area, '/')) = 5
    ), near as (
      select j.id, j.area, j.part, j.solved from areas a join public.judgement j on j.area = a.area and j.month = of_month and not j.withheld
    ), told as (
      select n.area, null::text as part from near n group by n.area
        having public.verdicts_tell(count(*) filter (where n.solved = 'solved'), count(*) filter (where n.solved = 'partly'),
          count(*) filter (where n.solved = 'not'))
      union all
      select a.area, s.path from areas a cross join lateral public.judgement_shown(a.area, of_month, of_month) s
    ), others as (
      select b.body, array_agg(j.id) as ids from public.judgement j cross join lateral unnest(j.handler_bodies) b (body)
      where j.handler_bodies && (select array_agg(distinct h) from own o, unnest(o.handler_bodies) h) and j.month = of_month and not j.withheld
        and b.body <> of_body group by b.body
      having (count(*), b.body) > ((select count(*) from own), of_body)
    ), held as (
      select t.area || ' ' || coalesce(t.part, '') as total, n.id, n.solved from told t
        join near n on n.area = t.area and (t.part is null or n.part = t.part)
      union all
      select b.body::text, j.id, j.solved from others b join public.judgement j on j.id = any (b.ids)
    ), against as (
      select h.total, count(*) as size, count(o.id) as shared,
        count(*) filter (where o.id is null and h.solved = 'solved') as solved, count(*) filter (where o.id is null and h.solved = 'partly') as partly,
        count(*) filter (where o.id is null and h.solved = 'not') as unsolved
      from held h left join own o on o.id = h.id group by h.total having count(o.id) > 0
    ), beside as (
      -- What the body alone has, beside a total that is wholly its own, and beside all of those together.
      select a.total, o.solved from against a cross join own o
        where a.shared = a.size and not exists (select from held h where h.total = a.total and h.id = o.id)
      union all
      select 'all', o.solved from own o where exists (select from against a where a.shared = a.size)
        and not exists (select from against a join held h on h.total = a.total where a.shared = a.size and h.id = o.id)
    )
    select exists (select from against a where a.shared = (select count(*) from own) and public.verdicts_betray(a.solved, a.partly, a.unsolved))
      or exists (select from beside b group by b.total
        having public.verdicts_betray(count(*) filter (where b.solved = 'solved'), count(*) filter (where b.solved = 'partly'),
          count(*) filter (where b.solved = 'not')))
  $$;
revoke all on function judgement_totals_betray(uuid, date) from public;

-- As before, and silent where it would betray somebody beside another total; of what is kept from anybody nothing.
create or replace function judgement_totals(of_body uuid, of_month date)
  returns table (judgements bigint, solved bigint, partly bigint, unsolved bigint, satisfaction_mean numeric)
  language sql stable security definer set search_path = pg_catalog, public as $$
    with given as (
      select j.solved, j.satisfaction from public.judgement j
      where j.handler_bodies @> array[of_body] and j.month = of_month and not j.withheld
        and of_month < date_trunc('month', now() at time zone 'Asia/Shanghai')::date
        and of_body = any (access.bodies())
        and not public.judgement_totals_betray(of_body, of_month)
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

------------------------------------------------------------------------------- what everybody is told

-- Of subdistricts and communities that there are, as their pages tell it, and at this moment: asked for two moments, or for a building, the
-- counts would say when a single matter was told. How long answers took is told from five answers on.
create or replace function public_counts(of_path text, at timestamptz)
  returns table (told bigint, answered bigint, median_days numeric, judged bigint, solved bigint, unconfirmed bigint)
  language sql stable security definer set search_path = pg_catalog, public as $$
    with month as (
      select case when public.clock_is_real() then now() else at end as moment
    ), bounds as (
      select m.moment, l.local at time zone 'Asia/Shanghai' as start, (l.local - interval '1 month')::date as before,
        (l.local - interval '1 month') at time zone 'Asia/Shanghai' as start_before,
        cardinality(string_to_array(of_path, '/')) - 1 as depth,
        -- Ids follow time, and none is made more than two months before its filing: told by its id, what is older is not even read.
        case when public.clock_is_real()
          then (lpad(to_hex((extract(epoch from l.local - interval '63 days') * 1000)::bigint), 12, '0') || repeat('0', 20))::uuid
          else '00000000-0000-0000-0000-000000000000' end as first_id
      from month m cross join lateral (select date_trunc('month', m.moment at time zone 'Asia/Shanghai') as local) l
      where exists (select from public.place p where p.path = of_path collate "C" and p.kind in ('subdistrict', 'community'))
    ), whole as (
      select count(*) as judged, count(*) filter (where j.solved = 'solved') as solved, count(*) filter (where j.solved = 'partly') as partly,
        count(*) filter (where j.solved = 'not') as unsolved
      from public.judgement j, bounds
      where not j.withheld and bounds.depth = 4 and j.area = of_path and j.month = bounds.before
    ), said as (
      -- Held against no neighbours here is what lies above both, or is a piece of one.
      select w.judged, w.solved from whole w where public.verdicts_tell(w.solved, w.partly, w.unsolved)
      union all
      select sum(s.solved + s.partly + s.unsolved), sum(s.solved) from bounds
        cross join lateral (select distinct j.area from public.judgement j where j.part = of_path and j.month = bounds.before) a
        cross join lateral public.judgement_shown(a.area, bounds.before, bounds.before) s
        where bounds.depth = 5 and s.path = of_path having count(*) > 0
    ), answers as (
      select count(*) as answered, percentile_cont(0.5) within group (order by extract(epoch from r.answered_at - r.filed_at)) as median
      from public.request r, bounds
      where r.excluded_people = '{}' and r.excluded_bodies = '{}' and r.path >= of_path and r.path < of_path || '~'
        and r.answered_at >= bounds.start and r.answered_at <= bounds.moment
    )
    select
      (select count(*) from public.request r where r.excluded_people = '{}' and r.excluded_bodies = '{}' and r.path >= of_path and r.path < of_path || '~'
          and r.id >= bounds.first_id and r.filed_at >= bounds.start and r.filed_at <= bounds.moment
        -- What was told once is one, however many matters it was divided into.
        and r.split_from is null),
      answers.answered,
      case when answers.answered >= 5 then round((answers.median / 86400)::numeric, 1) end,
      said.judged::bigint,
      said.solved::bigint,
      case when said.judged is not null then (select count(*) from public.request r
        where r.excluded_people = '{}' and r.excluded_bodies = '{}' and r.path >= of_path and r.path < of_path || '~' and r.state = 'closed' and r.result = 'unconfirmed'
          and r.closed_at >= bounds.start_before and r.closed_at < bounds.start) end
    from bounds cross join answers left join said on true
  $$;

-- As before, by where they were given.
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
      select j.area as path, j.month, count(*) filter (where j.solved = 'solved') as solved,
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
