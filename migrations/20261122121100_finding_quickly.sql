-- Up Migration

-- Finding by words asked for every row who is asking, and each asking verifies the seal of the transaction: nine seconds for a
-- frequent word. Now it is asked once; the test itself is that of request_seen. Plans are made for the given words and place each
-- time: one community and a whole province want different ones.
create or replace function request_find(query tsquery, prefixes text[], before uuid, at_most integer) returns setof uuid
  language plpgsql stable security definer set search_path = pg_catalog, public set plan_cache_mode = force_custom_plan as $$
  declare
    who uuid := access.person();
    own uuid[] := access.bodies();
    reach text[] := access.reach('request.read');
    held_link uuid := access.link();
    held_judge uuid := access.judge();
    -- One range is a condition that the index on the path serves; several are tested row by row.
    low text collate "C" := case when cardinality(prefixes) = 1 then prefixes[1] end;
  begin
    return query
      select r.id from public.request r
      where r.words @@ query
        and (before is null or r.id < before)
        and (low is null or r.path >= low and r.path < low || '~')
        and (low is not null or exists (select from unnest(prefixes) p where r.path >= p and r.path < p || '~'))
        and not coalesce(who = any (r.excluded_people), false)
        and not (r.excluded_bodies && own)
        and (exists (select from unnest(reach) p where r.path >= p and r.path < p || '~')
             or r.id = held_link or r.id = held_judge or r.reporter = who or r.bodies && own)
      order by r.id desc limit least(at_most, 500);
  end $$;
