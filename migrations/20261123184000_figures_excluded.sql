-- Up Migration

-- Whoever a request is about is told that there is none: it counts in no figure that they read either, at any place above it. Few are
-- kept from anybody, and those that are kept from a reader are found by whom they are kept from.
create index request_excluded_people on request using gin (excluded_people) where excluded_people <> '{}';
create index request_excluded_bodies on request using gin (excluded_bodies) where excluded_bodies <> '{}';
create function request_kept_from(who uuid, own uuid[]) returns setof request
  language sql stable as $$
    select r.* from public.request r where r.excluded_people <> '{}' and r.excluded_people @> array[who]
    union
    select r.* from public.request r where r.excluded_bodies <> '{}' and r.excluded_bodies && own
  $$;
revoke all on function request_kept_from(uuid, uuid[]) from public;

alter function request_figures(text[], date[], date) rename to request_figures_of_all;
revoke all on function request_figures_of_all(text[], date[], date) from public, linli_app;
create function request_figures(of_paths text[], from_months date[], until_month date)
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
      group by 1, 2, 3;
  end $$;
revoke all on function request_figures(text[], date[], date) from public;
grant execute on function request_figures(text[], date[], date) to linli_app;

create or replace function request_overdue(of_paths text[], at timestamptz) returns table (path text, overdue bigint)
  language plpgsql stable security definer set search_path = pg_catalog, public set plan_cache_mode = force_custom_plan as $$
  #variable_conflict use_column
  declare
    reach text[] := access.reach('request.read');
    who uuid := access.person();
    own uuid[] := access.bodies();
  begin
    return query
      select p.path, (select count(*) from public.request r
          where r.path >= p.path and r.path < p.path || '~' and r.due_at < request_overdue.at
            and r.state in ('received', 'accepted', 'dispatched', 'acknowledged'))
        - (select count(*) from public.request_kept_from(who, own) r
          where r.path >= p.path collate "C" and r.path < p.path || '~' and r.due_at < request_overdue.at
            and r.state in ('received', 'accepted', 'dispatched', 'acknowledged'))
      from unnest(of_paths) p (path) where access.covers(reach, p.path);
  end $$;
