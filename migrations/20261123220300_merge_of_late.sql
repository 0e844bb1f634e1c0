-- Up Migration

-- What is past the time promised to the resident does not end by the hand of whoever let it pass: from above it may be merged, when there
-- is cause.
insert into request_step (act, from_states, next, who, results, changes, says)
  select act, from_states, next, '{request.dispatch above}', results, changes, says from request_step where act = 'merge';
create or replace function request_mergeable(r request, into_id uuid) returns boolean
  language sql stable security definer set search_path = pg_catalog, public as $$
    select exists (select from public.request t join public.body b on b.id = t.holder
      where t.id = into_id and t.id <> r.id and public.request_seen(t) and t.state in ('received', 'accepted', 'dispatched', 'acknowledged')
        and t.filed_at <= r.filed_at
        and substring(t.path from '^(?:[^/]*/){1,5}') = substring(r.path from '^(?:[^/]*/){1,5}')
        and t.excluded_people @> r.excluded_people and r.excluded_people @> t.excluded_people
        and t.excluded_bodies @> r.excluded_bodies and r.excluded_bodies @> t.excluded_bodies
        and not exists (select from unnest(public.places_barred(r.excluded_people, r.excluded_bodies)) barred where starts_with(b.path, barred)))
      and (not public.clock_is_real() or (r.promised_at < now()) is not true
        or 'request.dispatch above' = any (public.request_standing(r, false)))
  $$;
revoke all on function request_mergeable(request, uuid) from public;
