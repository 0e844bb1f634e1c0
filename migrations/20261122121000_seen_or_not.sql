-- Up Migration

-- Seen or not seen, never unknown: compared with a link or a person that is not there, the former answer was null, and
-- `not null` let a change pass by direct SQL.
create or replace function request_seen(r request) returns boolean
  language sql stable security definer set search_path = pg_catalog, public as $$
    select coalesce(
      not coalesce(access.person() = any (r.excluded_people), false)
      and not (r.excluded_bodies && access.bodies())
      and (access.covers(access.reach('request.read'), r.path)
           or coalesce(r.id = access.link(), false) or coalesce(r.id = access.judge(), false)
           or coalesce(r.reporter = access.person(), false)
           or r.bodies && access.bodies()), false)
  $$;
