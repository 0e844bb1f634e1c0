-- Up Migration

-- Those of one category below a path, newest first: the index that a foreign key wants anyway, with the path and the id behind it.
drop index request_category;
create index request_category on request (category, path, id) where category is not null;

-- Which bodies answered the closed requests of the category of one, below a path: among the newest 500 of them. Only bodies that could be
-- given it: with somebody there who handles, not concerned by it, and without a part in it already. What residents said of the answers is
-- told as it is to handlers (judgements.rules.ts): of months that are over, of five and more, and not where all are alike, so that nobody
-- learns what one person said. Matters kept from somebody are not counted.
create function request_usual(of_request uuid, low text) returns table (body uuid, answered integer, judged integer, solved integer)
  language plpgsql stable security definer set search_path = pg_catalog, public set plan_cache_mode = force_custom_plan as $$
  declare
    asked public.request;
    from_path text collate "C" := low;
    this_month date := date_trunc('month', now() at time zone 'Asia/Shanghai')::date;
    barred text[];
  begin
    select * into asked from public.request r where r.id = of_request;
    if asked.id is null or not public.request_stands(of_request, '{request.dispatch}') or not starts_with(asked.path, low) then return; end if;
    barred := public.places_barred(asked.excluded_people, asked.excluded_bodies);
    return query
      with here as materialized (
        select r.id from public.request r
        where r.category = asked.category and r.path >= from_path and r.path < from_path || '~' and r.state = 'closed'
          and r.answered_at is not null and r.excluded_people = '{}' and r.excluded_bodies = '{}'),
      newest as (select here.id from here order by here.id desc limit 500),
      led as (
        select distinct on (n.id) n.id, p.body from newest n join public.request_part p on p.request = n.id
        where p.role = 'lead' and p.state = 'answered' order by n.id, p.answered_at desc),
      said as (
        select l.body, j.solved = 'solved' as well from led l join public.judgement j on j.request = l.id
        where j.month < this_month and l.body = any (j.handler_bodies)),
      told as (
        select s.body, count(*)::integer as judged, count(*) filter (where s.well)::integer as solved from said s group by s.body
        having count(*) >= 5 and count(*) filter (where s.well) not in (0, count(*)))
      select l.body, count(*)::integer, t.judged, t.solved
      from led l join public.body b on b.id = l.body left join told t on t.body = l.body
      where b.dissolved_at is null and (starts_with(asked.path, b.path) or starts_with(b.path, asked.path))
        and (public.body_has_holder(b.id, 'request.handle') or public.body_has_holder(b.id, 'request.accept'))
        and not b.id = any (asked.excluded_bodies)
        and not exists (select from unnest(barred) place where starts_with(b.path, place))
        and not exists (select from public.tenure h join public.post o on o.id = h.post
          where o.body = b.id and h.person = any (asked.excluded_people) and h.during @> now())
        and not exists (select from public.request_part p where p.request = of_request and p.body = b.id and p.state in ('offered', 'dispatched', 'acknowledged'))
      group by l.body, t.judged, t.solved order by 2 desc, l.body limit 3;
  end $$;
revoke all on function request_usual(uuid, text) from public;
grant execute on function request_usual(uuid, text) to linli_app;
