-- Up Migration

-- As before, and only where whoever helps could give those duties as well: oversight is given from above, and is not to be had by
-- setting an overseer's sign-in anew either.
create or replace function tenure_helped(of_tenure uuid) returns table (person uuid, sign_in text, covered boolean)
  language sql stable security definer set search_path = pg_catalog, public as $$
    select h.id, h.auth_user, (
      select bool_and(access.covers(access.reach('post.appoint'), ob.path)
        and cardinality(public.oversight_refused_to_me(op.duties, ob.path)) = 0)
      from public.tenure o join public.post op on op.id = o.post join public.body ob on ob.id = op.body
      where o.person = h.id and (upper_inf(o.during) or upper(o.during) > now()) and op.abolished_at is null and ob.dissolved_at is null)
    from public.tenure t join public.post p on p.id = t.post join public.body b on b.id = p.body join public.person h on h.id = t.person
    where t.id = of_tenure and t.during @> now() and h.erased_at is null and access.covers(access.reach('post.appoint'), b.path)
  $$;
