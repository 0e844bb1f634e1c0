-- Up Migration

-- Figures of places: how many requests were filed in a month, of which kind, and what became of them since; for every place from the
-- country's provinces down to the subdistricts. Counted as things change, so that a province is told as fast as a village and as fast
-- after thirty years as after one. Whoever files waits for nobody: a change is a row of its own, which a job folds into the figures, and
-- what is read is the figures with what is not folded yet, so that it is exact at once.

-- A request counts in the place in which it lies, at most four levels down (a subdistrict), and in every place above. What lies deeper is
-- few, and is counted from the requests themselves.
create function figure_path(path text) returns text
  language sql immutable parallel safe as $$ select substring(path from '^(?:[^/]+/){1,4}') $$;
create function figure_paths(path text) returns table (above text)
  language sql immutable parallel safe as $$
    select array_to_string((string_to_array(path, '/'))[1:n], '/') || '/' from generate_series(1, cardinality(string_to_array(path, '/')) - 1) n
  $$;
-- The month of a moment, by its first day.
create function figure_month(moment timestamptz) returns date
  language sql immutable parallel safe as $$ select date_trunc('month', moment at time zone 'Asia/Shanghai')::date $$;
-- What one request counts for: all, its state, how it ended as far as everybody may know (what a resident said is one of them, whatever
-- it was), and whether its last answer came by the time that was promised. Divided ones count each, as a list shows each.
create function figure_counts(weight integer, state text, result text, answered_at timestamptz, promised_at timestamptz)
  returns table (told integer, received integer, accepted integer, dispatched integer, acknowledged integer, answered integer, closed integer,
    explained integer, unconfirmed integer, withdrawn integer, merged integer, answered_elsewhere integer, said integer, in_time integer, late integer)
  language sql immutable parallel safe as $$
    select weight,
      case when state = 'received' then weight else 0 end, case when state = 'accepted' then weight else 0 end,
      case when state = 'dispatched' then weight else 0 end, case when state = 'acknowledged' then weight else 0 end,
      case when state = 'answered' then weight else 0 end, case when state = 'closed' then weight else 0 end,
      case when result = 'explained' then weight else 0 end, case when result = 'unconfirmed' then weight else 0 end,
      case when result = 'withdrawn' then weight else 0 end, case when result = 'merged' then weight else 0 end,
      case when result = 'answered_elsewhere' then weight else 0 end,
      case when result in ('solved', 'partly', 'unsolved') then weight else 0 end,
      case when answered_at <= promised_at then weight else 0 end, case when answered_at > promised_at then weight else 0 end
  $$;

create table request_figure (
  path text collate "C" not null,
  month date not null,
  -- The first level of the category; null: none yet.
  kind text,
  told integer not null, received integer not null, accepted integer not null, dispatched integer not null, acknowledged integer not null,
  answered integer not null, closed integer not null, explained integer not null, unconfirmed integer not null, withdrawn integer not null,
  merged integer not null, answered_elsewhere integer not null, said integer not null, in_time integer not null, late integer not null,
  unique nulls not distinct (path, month, kind)
);
-- What is added and taken away, at the deepest place that is counted; never changed, and gone when it is folded.
create table request_figure_change (
  path text collate "C" not null,
  month date not null,
  kind text,
  told integer not null, received integer not null, accepted integer not null, dispatched integer not null, acknowledged integer not null,
  answered integer not null, closed integer not null, explained integer not null, unconfirmed integer not null, withdrawn integer not null,
  merged integer not null, answered_elsewhere integer not null, said integer not null, in_time integer not null, late integer not null
) with (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000);
-- What residents said of answers, by the month in which they said it. Rows of one place and month add up.
create table judgement_figure (
  path text collate "C" not null,
  month date not null,
  solved integer not null, partly integer not null, unsolved integer not null
);
create index judgement_figure_month on judgement_figure (month, path);
-- Read by the functions below alone: not even what is not folded yet, a row for each act, is to be had by anybody who serves requests.
alter table request_figure enable row level security;
alter table request_figure_change enable row level security;
alter table judgement_figure enable row level security;

------------------------------------------------------------------------------- as things change

create function request_counted() returns trigger
  language plpgsql security definer set search_path = pg_catalog, public as $$
  begin
    if tg_op <> 'INSERT' then
      insert into public.request_figure_change
        select public.figure_path(old.path), public.figure_month(old.filed_at), (select c.level1 from public.category c where c.id = old.category), f.*
        from public.figure_counts(-1, old.state, old.result, old.answered_at, old.promised_at) f;
    end if;
    if tg_op <> 'DELETE' then
      insert into public.request_figure_change
        select public.figure_path(new.path), public.figure_month(new.filed_at), (select c.level1 from public.category c where c.id = new.category), f.*
        from public.figure_counts(1, new.state, new.result, new.answered_at, new.promised_at) f;
    end if;
    return null;
  end $$;
create trigger request_counted_in after insert on request for each row execute function request_counted();
create trigger request_counted_out after delete on request for each row execute function request_counted();
create trigger request_counted_anew after update on request for each row
  when (old.state is distinct from new.state or old.result is distinct from new.result or old.category is distinct from new.category
    or old.path is distinct from new.path or old.filed_at is distinct from new.filed_at
    or old.answered_at is distinct from new.answered_at or old.promised_at is distinct from new.promised_at and new.answered_at is not null)
  execute function request_counted();

-- A category that comes under another heading takes its requests along. One that is filed at this very moment may still stand under the
-- former: the night puts it right.
create function category_counted() returns trigger
  language plpgsql security definer set search_path = pg_catalog, public as $$
  begin
    insert into public.request_figure_change
      select public.figure_path(r.path), public.figure_month(r.filed_at), k.kind, sum(f.told), sum(f.received), sum(f.accepted), sum(f.dispatched),
        sum(f.acknowledged), sum(f.answered), sum(f.closed), sum(f.explained), sum(f.unconfirmed), sum(f.withdrawn), sum(f.merged),
        sum(f.answered_elsewhere), sum(f.said), sum(f.in_time), sum(f.late)
      from public.request r cross join (values (old.level1, -1), (new.level1, 1)) k (kind, weight)
        cross join lateral public.figure_counts(k.weight, r.state, r.result, r.answered_at, r.promised_at) f
      where r.category = new.id group by 1, 2, 3;
    return null;
  end $$;
create trigger category_counted after update on category for each row
  when (old.level1 is distinct from new.level1) execute function category_counted();

create function judgement_counted() returns trigger
  language plpgsql security definer set search_path = pg_catalog, public as $$
  begin
    if tg_op <> 'INSERT' then
      insert into public.judgement_figure values (public.figure_path(old.path), old.month,
        -(old.solved = 'solved')::integer, -(old.solved = 'partly')::integer, -(old.solved = 'not')::integer);
    end if;
    if tg_op <> 'DELETE' then
      insert into public.judgement_figure values (public.figure_path(new.path), new.month,
        (new.solved = 'solved')::integer, (new.solved = 'partly')::integer, (new.solved = 'not')::integer);
    end if;
    return null;
  end $$;
create trigger judgement_counted_in after insert on judgement for each row execute function judgement_counted();
create trigger judgement_counted_out after delete on judgement for each row execute function judgement_counted();
create trigger judgement_counted_anew after update on judgement for each row
  when (old.path is distinct from new.path or old.month is distinct from new.month or old.solved is distinct from new.solved)
  execute function judgement_counted();

------------------------------------------------------------------------------- folding, and the nightly recount

-- Puts so many changes at most into the figures, and says how many. One at a time; whoever finds another at it has nothing to do.
create function figures_fold(at_most integer) returns integer
  language plpgsql volatile security definer set search_path = pg_catalog, public as $$
  declare
    folded integer;
  begin
    if not pg_try_advisory_xact_lock(hashtext('linli.figures')) then return 0; end if;
    with taken as (
      delete from public.request_figure_change c
        where c.ctid = any (array(select oldest.ctid from public.request_figure_change oldest limit at_most)) returning c.*
    ), net as (
      select t.path, t.month, t.kind, sum(t.told) as told, sum(t.received) as received, sum(t.accepted) as accepted, sum(t.dispatched) as dispatched,
        sum(t.acknowledged) as acknowledged, sum(t.answered) as answered, sum(t.closed) as closed, sum(t.explained) as explained,
        sum(t.unconfirmed) as unconfirmed, sum(t.withdrawn) as withdrawn, sum(t.merged) as merged, sum(t.answered_elsewhere) as answered_elsewhere,
        sum(t.said) as said, sum(t.in_time) as in_time, sum(t.late) as late
      from taken t group by t.path, t.month, t.kind
    ), written as (
      insert into public.request_figure as f
        select a.above, n.month, n.kind, sum(n.told), sum(n.received), sum(n.accepted), sum(n.dispatched), sum(n.acknowledged), sum(n.answered),
          sum(n.closed), sum(n.explained), sum(n.unconfirmed), sum(n.withdrawn), sum(n.merged), sum(n.answered_elsewhere), sum(n.said),
          sum(n.in_time), sum(n.late)
        from net n cross join lateral public.figure_paths(n.path) a group by 1, 2, 3
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
revoke all on function figures_fold(integer) from public;
grant execute on function figures_fold(integer) to linli_jobs;

-- Counts everything anew and mends what differs, in one pass and one snapshot: what is filed meanwhile is in neither, and waits for
-- nobody. Says how many figures were mended. It also fills the figures of what came in past the triggers.
create function figures_recount() returns integer
  language plpgsql volatile security definer set search_path = pg_catalog, public as $$
  declare
    mended integer;
    verdicts integer;
  begin
    perform pg_advisory_xact_lock(hashtext('linli.figures'));
    with leaf as (
      select public.figure_path(r.path) as path, public.figure_month(r.filed_at) as month, r.category, sum(f.told) as told, sum(f.received) as received,
        sum(f.accepted) as accepted, sum(f.dispatched) as dispatched, sum(f.acknowledged) as acknowledged, sum(f.answered) as answered,
        sum(f.closed) as closed, sum(f.explained) as explained, sum(f.unconfirmed) as unconfirmed, sum(f.withdrawn) as withdrawn,
        sum(f.merged) as merged, sum(f.answered_elsewhere) as answered_elsewhere, sum(f.said) as said, sum(f.in_time) as in_time, sum(f.late) as late
      from public.request r cross join lateral public.figure_counts(1, r.state, r.result, r.answered_at, r.promised_at) f group by 1, 2, 3
    ), differing as (
      select path, month, kind, sum(told) as told, sum(received) as received, sum(accepted) as accepted, sum(dispatched) as dispatched,
        sum(acknowledged) as acknowledged, sum(answered) as answered, sum(closed) as closed, sum(explained) as explained,
        sum(unconfirmed) as unconfirmed, sum(withdrawn) as withdrawn, sum(merged) as merged, sum(answered_elsewhere) as answered_elsewhere,
        sum(said) as said, sum(in_time) as in_time, sum(late) as late
      from (
        select a.above as path, l.month, c.level1 as kind, l.told, l.received, l.accepted, l.dispatched, l.acknowledged, l.answered, l.closed,
          l.explained, l.unconfirmed, l.withdrawn, l.merged, l.answered_elsewhere, l.said, l.in_time, l.late
        from leaf l left join public.category c on c.id = l.category cross join lateral public.figure_paths(l.path) a
        union all
        select f.path, f.month, f.kind, -f.told, -f.received, -f.accepted, -f.dispatched, -f.acknowledged, -f.answered, -f.closed,
          -f.explained, -f.unconfirmed, -f.withdrawn, -f.merged, -f.answered_elsewhere, -f.said, -f.in_time, -f.late
        from public.request_figure f
        union all
        select a.above, f.month, f.kind, -f.told, -f.received, -f.accepted, -f.dispatched, -f.acknowledged, -f.answered, -f.closed,
          -f.explained, -f.unconfirmed, -f.withdrawn, -f.merged, -f.answered_elsewhere, -f.said, -f.in_time, -f.late
        from public.request_figure_change f cross join lateral public.figure_paths(f.path) a
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
revoke all on function figures_recount() from public;
grant execute on function figures_recount() to linli_jobs;

------------------------------------------------------------------------------- reading, within the reader's reach

-- The counts of places by month and kind, each from a month of its own up to one for all; rows of one place, month and kind add up. What
-- lies outside the reader's reach is left out.
create function request_figures(of_paths text[], from_months date[], until_month date)
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
          select c.path, c.month, c.kind, sum(c.told) as told, sum(c.received) as received, sum(c.accepted) as accepted,
            sum(c.dispatched) as dispatched, sum(c.acknowledged) as acknowledged, sum(c.answered) as answered, sum(c.closed) as closed,
            sum(c.explained) as explained, sum(c.unconfirmed) as unconfirmed, sum(c.withdrawn) as withdrawn, sum(c.merged) as merged,
            sum(c.answered_elsewhere) as answered_elsewhere, sum(c.said) as said, sum(c.in_time) as in_time, sum(c.late) as late
          from public.request_figure_change c where c.month <= until_month group by c.path, c.month, c.kind) n
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
        cross join lateral public.figure_counts(1, r.state, r.result, r.answered_at, r.promised_at) f
      group by 1, 2, 3;
  end $$;
revoke all on function request_figures(text[], date[], date) from public;
grant execute on function request_figures(text[], date[], date) to linli_app;

-- With the state in it, what is late is counted in the index alone.
drop index request_path_due;
create index request_path_due on request (path, due_at, id) include (state) where state <> 'closed';

-- How many are at work beyond their time, in each of these places within the reader's reach.
create function request_overdue(of_paths text[], at timestamptz) returns table (path text, overdue bigint)
  language plpgsql stable security definer set search_path = pg_catalog, public set plan_cache_mode = force_custom_plan as $$
  #variable_conflict use_column
  declare
    reach text[] := access.reach('request.read');
  begin
    return query
      select p.path, (select count(*) from public.request r
        where r.path >= p.path and r.path < p.path || '~' and r.due_at < request_overdue.at
          and r.state in ('received', 'accepted', 'dispatched', 'acknowledged'))
      from unnest(of_paths) p (path) where access.covers(reach, p.path);
  end $$;
revoke all on function request_overdue(text[], timestamptz) from public;
grant execute on function request_overdue(text[], timestamptz) to linli_app;

------------------------------------------------------------------------------- what residents said

-- Whether so many verdicts name nobody: five or more, and not all alike.
create function verdicts_tell(solved bigint, partly bigint, unsolved bigint) returns boolean
  language sql immutable parallel safe as $$
    select solved + partly + unsolved >= 5 and greatest(solved, partly, unsolved) < solved + partly + unsolved
  $$;

-- What residents said in the communities of a subdistrict, of each month in which it betrays nobody. What the subdistrict says less what
-- its communities say must betray nobody either: where so little or so uniform a rest would remain, the smallest of the communities
-- stays silent. Whoever calls asks for months that are over.
create function judgement_shown(of_path text, from_month date, until_month date)
  returns table (path text, month date, solved bigint, partly bigint, unsolved bigint)
  language sql stable as $$
    with parts as (
      select j.month, array_to_string((string_to_array(j.path, '/'))[1:5], '/') || '/' as path, (string_to_array(j.path, '/'))[5] <> '' as is_part,
        count(*) as judged, count(*) filter (where j.solved = 'solved') as solved, count(*) filter (where j.solved = 'partly') as partly,
        count(*) filter (where j.solved = 'not') as unsolved
      from public.judgement j
      where j.path >= of_path and j.path < of_path || '~' and j.month between from_month and until_month
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
revoke all on function judgement_shown(text, date, date) from public;

-- What residents said of answers, for each of these places within the reader's reach: of months that are over, of subdistricts and their
-- communities where it names nobody. A place above them says what its subdistricts say together, so that nothing more is learned by
-- taking one from the other. Less than a community says nothing.
create function judgement_figures(of_paths text[], from_month date, until_month date, at timestamptz)
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
      from (select distinct public.figure_path(d) as above from unnest(deep) d) u
        cross join lateral public.judgement_shown(u.above, from_month, last_month) s
      where s.path = any (deep)
      group by s.path;
  end $$;
revoke all on function judgement_figures(text[], date, date, timestamptz) from public;
grant execute on function judgement_figures(text[], date, date, timestamptz) to linli_app;

-- As before, by the same rule.
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
      where j.path >= of_path and j.path < of_path || '~' and j.month = bounds.before
    ), given as (
      -- Of a subdistrict or a community that there is: a piece of one, or what lies above both, is held against no neighbours here.
      select case bounds.depth
          when 4 then public.verdicts_tell(said.solved, said.partly, said.unsolved) and exists (select from public.place p where p.path = of_path)
          when 5 then exists (select from public.judgement_shown(public.figure_path(of_path), bounds.before, bounds.before) s where s.path = of_path)
          else false end as open
      from said, bounds
    )
    select
      (select count(*) from public.request r, bounds where r.path >= of_path and r.path < of_path || '~' and r.id >= bounds.first_id
          and r.filed_at >= bounds.start and r.filed_at <= at
        -- What was told once is one, however many matters it was divided into.
        and r.split_from is null),
      (select count(*) from public.request r, bounds where r.path >= of_path and r.path < of_path || '~' and r.answered_at >= bounds.start and r.answered_at <= at),
      (select round((percentile_cont(0.5) within group (order by extract(epoch from r.answered_at - r.filed_at)) / 86400)::numeric, 1)
        from public.request r, bounds where r.path >= of_path and r.path < of_path || '~' and r.answered_at >= bounds.start and r.answered_at <= at),
      case when given.open then said.judged end,
      case when given.open then said.solved end,
      case when given.open then (select count(*) from public.request r, bounds
        where r.path >= of_path and r.path < of_path || '~' and r.state = 'closed' and r.result = 'unconfirmed'
          and r.closed_at >= bounds.start_before and r.closed_at < bounds.start) end
    from said, given
  $$;
