-- Up Migration

-- A matter that is kept from those whom it is about is kept from them in every count too. Of its judgement nothing is told but to whoever may
-- read it singly, and the public counts, which they read as well, are of the others alone: from the public's less their own they could
-- reckon that there is one, when, and what was said of it.
alter table judgement add column withheld boolean not null default false;
update judgement j set withheld = true from request r
  where r.id = j.request and (r.excluded_people <> '{}' or r.excluded_bodies <> '{}');
create function judgement_withheld() returns trigger
  language plpgsql security definer set search_path = pg_catalog, public as $$
  begin
    new.withheld := exists (select from public.request r
      where r.id = new.request and (r.excluded_people <> '{}' or r.excluded_bodies <> '{}'));
    return new;
  end $$;
create trigger judgement_withheld before insert on judgement for each row execute function judgement_withheld();

-- Whoever may not see a matter does not see what was said of it.
drop policy judgement_read on judgement;
create policy judgement_read on judgement for select to linli_app using (
  exists (select from unnest((select access.reach('judgement.read'))) p where path >= p and path < p || '~')
  and not coalesce((select access.person()) = any (handlers), false)
  and not (handler_bodies && (select access.bodies()))
  and (not withheld or exists (select from request r where r.id = request)));

create or replace function judgement_counted() returns trigger
  language plpgsql security definer set search_path = pg_catalog, public as $$
  begin
    if tg_op <> 'INSERT' then
      if not old.withheld then
        insert into public.judgement_figure values (public.figure_path(old.path), old.month,
          -(old.solved = 'solved')::integer, -(old.solved = 'partly')::integer, -(old.solved = 'not')::integer);
      end if;
    end if;
    if tg_op <> 'DELETE' then
      if not new.withheld then
        insert into public.judgement_figure values (public.figure_path(new.path), new.month,
          (new.solved = 'solved')::integer, (new.solved = 'partly')::integer, (new.solved = 'not')::integer);
      end if;
    end if;
    return null;
  end $$;

-- As before, without what is withheld.
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

create or replace function judgement_shown(of_path text, from_month date, until_month date)
  returns table (path text, month date, solved bigint, partly bigint, unsolved bigint)
  language sql stable as $$
    with parts as (
      select j.month, array_to_string((string_to_array(j.path, '/'))[1:5], '/') || '/' as path, (string_to_array(j.path, '/'))[5] <> '' as is_part,
        count(*) as judged, count(*) filter (where j.solved = 'solved') as solved, count(*) filter (where j.solved = 'partly') as partly,
        count(*) filter (where j.solved = 'not') as unsolved
      from public.judgement j
      where not j.withheld and j.path >= of_path and j.path < of_path || '~' and j.month between from_month and until_month
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

-- As before, without what is kept from anybody.
create or replace function public_counts(of_path text, at timestamptz)
  returns table (told bigint, answered bigint, median_days numeric, judged bigint, solved bigint, unconfirmed bigint)
  language sql stable security definer set search_path = pg_catalog, public as $$
    with month as (
      select date_trunc('month', case when public.clock_is_real() then least(at, now()) else at end at time zone 'Asia/Shanghai') as local
    ), bounds as (
      select local at time zone 'Asia/Shanghai' as start, (local - interval '1 month')::date as before,
        (local - interval '1 month') at time zone 'Asia/Shanghai' as start_before,
        cardinality(string_to_array(of_path, '/')) - 1 as depth,
        -- Ids follow time, and none is made more than two months before its filing: told by its id, what is older is not even read.
        case when public.clock_is_real()
          then (lpad(to_hex((extract(epoch from local - interval '63 days') * 1000)::bigint), 12, '0') || repeat('0', 20))::uuid
          else '00000000-0000-0000-0000-000000000000' end as first_id
      from month
    ), said as (
      select count(*) as judged, count(*) filter (where j.solved = 'solved') as solved, count(*) filter (where j.solved = 'partly') as partly,
        count(*) filter (where j.solved = 'not') as unsolved
      from public.judgement j, bounds
      where not j.withheld and j.path >= of_path and j.path < of_path || '~' and j.month = bounds.before
    ), given as (
      -- Of a subdistrict or a community that there is: a piece of one, or what lies above both, is held against no neighbours here.
      select case bounds.depth
          when 4 then public.verdicts_tell(said.solved, said.partly, said.unsolved) and exists (select from public.place p where p.path = of_path)
          when 5 then exists (select from public.judgement_shown(public.figure_path(of_path), bounds.before, bounds.before) s where s.path = of_path)
          else false end as open
      from said, bounds
    )
    select
      (select count(*) from public.request r, bounds where r.excluded_people = '{}' and r.excluded_bodies = '{}' and r.path >= of_path and r.path < of_path || '~' and r.id >= bounds.first_id
          and r.filed_at >= bounds.start and r.filed_at <= at
        -- What was told once is one, however many matters it was divided into.
        and r.split_from is null),
      (select count(*) from public.request r, bounds where r.excluded_people = '{}' and r.excluded_bodies = '{}' and r.path >= of_path and r.path < of_path || '~' and r.answered_at >= bounds.start and r.answered_at <= at),
      (select round((percentile_cont(0.5) within group (order by extract(epoch from r.answered_at - r.filed_at)) / 86400)::numeric, 1)
        from public.request r, bounds where r.excluded_people = '{}' and r.excluded_bodies = '{}' and r.path >= of_path and r.path < of_path || '~' and r.answered_at >= bounds.start and r.answered_at <= at),
      case when given.open then said.judged end,
      case when given.open then said.solved end,
      case when given.open then (select count(*) from public.request r, bounds
        where r.excluded_people = '{}' and r.excluded_bodies = '{}' and r.path >= of_path and r.path < of_path || '~' and r.state = 'closed' and r.result = 'unconfirmed'
          and r.closed_at >= bounds.start_before and r.closed_at < bounds.start) end
    from said, given
  $$;

-- As before, with what is kept from the reader taken off inside: asked by themselves, the rows say nothing of it.
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
            r.answered_at <= r.promised_at as timely
          from public.request_kept_from(who, own) r left join public.category c on c.id = r.category) k
        join unnest(of_paths, from_months) p (path, since)
          on k.path >= p.path collate "C" and k.path < p.path || '~' collate "C" and k.month between p.since and until_month
        cross join lateral public.figure_counts(-1, k.state, k.ended, k.timely) f
      where access.covers(reach, p.path)
      group by 1, 2, 3) b (path, month, kind, told, received, accepted, dispatched, acknowledged, answered, closed, explained, unconfirmed, withdrawn, merged, answered_elsewhere, said, in_time, late)
      group by 1, 2, 3 having sum(b.told) <> 0;
  end $$;
