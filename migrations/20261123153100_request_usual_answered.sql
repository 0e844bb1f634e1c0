-- Up Migration

-- As before, without what residents said of the answers: handlers are told that by body and month alone (judgements.rules.ts). By category
-- and place as well, and growing from day to day, two answers set beside each other would tell what one person said.
drop function request_usual(uuid, text);
create function request_usual(of_request uuid, low text) returns table (body uuid, answered integer)
  language plpgsql stable security definer set search_path = pg_catalog, public set plan_cache_mode = force_custom_plan as $$
  declare
    asked public.request;
    from_path text collate "C" := low;
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
        where p.role = 'lead' and p.state = 'answered' order by n.id, p.answered_at desc)
      select l.body, count(*)::integer
      from led l join public.body b on b.id = l.body
      where b.dissolved_at is null and (starts_with(asked.path, b.path) or starts_with(b.path, asked.path))
        and (public.body_has_holder(b.id, 'request.handle') or public.body_has_holder(b.id, 'request.accept'))
        and not b.id = any (asked.excluded_bodies)
        and not exists (select from unnest(barred) place where starts_with(b.path, place))
        and not exists (select from public.tenure h join public.post o on o.id = h.post
          where o.body = b.id and h.person = any (asked.excluded_people) and h.during @> now())
        and not exists (select from public.request_part p where p.request = of_request and p.body = b.id and p.state in ('offered', 'dispatched', 'acknowledged'))
      group by l.body order by 2 desc, l.body limit 3;
  end $$;
revoke all on function request_usual(uuid, text) from public;
grant execute on function request_usual(uuid, text) to linli_app;
