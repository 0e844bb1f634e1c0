-- Up Migration

-- The sign-in behind a holder, for whoever may help them to set it up anew: who appoints to that post. `covered` says whether they appoint
-- to every post that the holder has or is about to have; to help somebody of wider reach would be a way to that reach.
create function tenure_helped(of_tenure uuid) returns table (person uuid, sign_in text, covered boolean)
  language sql stable security definer set search_path = pg_catalog, public as $$
    select h.id, h.auth_user, (
      select bool_and(access.covers(access.reach('post.appoint'), ob.path))
      from public.tenure o join public.post op on op.id = o.post join public.body ob on ob.id = op.body
      where o.person = h.id and (upper_inf(o.during) or upper(o.during) > now()) and op.abolished_at is null and ob.dissolved_at is null)
    from public.tenure t join public.post p on p.id = t.post join public.body b on b.id = p.body join public.person h on h.id = t.person
    where t.id = of_tenure and t.during @> now() and h.erased_at is null and access.covers(access.reach('post.appoint'), b.path)
  $$;
revoke all on function tenure_helped(uuid) from public;
grant execute on function tenure_helped(uuid) to linli_app;
