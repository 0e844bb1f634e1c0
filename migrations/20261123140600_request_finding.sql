-- Up Migration

-- By words, newest first. A word that stands in every tenth text is found soonest among the newest of a place, one that stands in few by
-- the index on words: it lists every text that has a word, wherever it lies. What is newest is looked at first, and tells which it is.
-- `wide`: nearly everything lies below the prefixes; the planner then walks in the order of the list.
drop function request_find(tsquery, text[], uuid, integer);
create function request_find(query tsquery, prefixes text[], wide boolean, before uuid, at_most integer) returns setof uuid
  language plpgsql stable security definer set search_path = pg_catalog, public set plan_cache_mode = force_custom_plan as $$
  declare
    who uuid := access.person();
    own uuid[] := access.bodies();
    reach text[] := access.reach('request.read');
    held_link uuid := access.link();
    held_judge uuid := access.judge();
    -- One range is a condition that the index on the path serves; several are tested row by row.
    low text collate "C" := case when cardinality(prefixes) = 1 then prefixes[1] end;
    most integer := least(at_most, 5000);
    batch integer := 500;
    ids uuid[];
    found uuid;
    seen integer := 0;
    given integer := 0;
  begin
    while not wide loop
      ids := array(select newest.id from unnest(prefixes) p cross join lateral (
          select r.id from public.request r where r.path >= p and r.path < p || '~' and (before is null or r.id < before)
          order by r.id desc limit batch) newest
        order by newest.id desc limit batch);
      for found in
        -- An offset, so that the words are compared with those of these alone and their index rests.
        select r.id from (select * from public.request s where s.id = any (ids) offset 0) r
        where r.words @@ query
          and not coalesce(who = any (r.excluded_people), false)
          and not (r.excluded_bodies && own)
          and (exists (select from unnest(reach) p where r.path >= p and r.path < p || '~')
               or r.id = held_link or r.id = held_judge or r.reporter = who or r.bodies && own)
        order by r.id desc limit most - given
      loop
        given := given + 1;
        return next found;
      end loop;
      if given >= most or cardinality(ids) < batch then return; end if;
      seen := seen + batch;
      before := ids[batch];
      batch := 2000;
      exit when given * 100 < seen;
    end loop;
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
      order by r.id desc limit most - given;
  end $$;
revoke all on function request_find(tsquery, text[], boolean, uuid, integer) from public;
grant execute on function request_find(tsquery, text[], boolean, uuid, integer) to linli_app;

-- How matters ended, of a wide reach. Written as a case, the range keeps half of what it meets for all the planner knows, and not one of two
-- hundred: it walks in the order of the list and stops when the batch is full, where it sorted all that ever ended so.
create or replace function request_ended(wanted text, low text, wide boolean, before uuid, at_most integer) returns setof uuid
  language plpgsql stable security definer set search_path = pg_catalog, public set plan_cache_mode = force_custom_plan as $$
  declare
    from_path text collate "C" := low;
    ids uuid[];
    found uuid;
    given integer := 0;
    -- Most of what ended so may be told: little more than a page is asked about first, and more only where much is not.
    batch integer := least(coalesce(2 * at_most, 500), 500);
  begin
    loop
      if wide then
        ids := array(select r.id from public.request r
          where r.result = wanted and (before is null or r.id < before)
            and (case when r.path >= from_path and r.path < from_path || '~' then true else false end)
          order by r.id desc limit batch);
      else
        ids := array(with here as materialized (
            select r.id from public.request r
            where r.result = wanted and r.path >= from_path and r.path < from_path || '~' and (before is null or r.id < before))
          select here.id from here order by here.id desc limit batch);
      end if;
      for found in select e.id from public.request_results(ids) e where e.result = wanted order by e.id desc loop
        given := given + 1;
        return next found;
        if given >= at_most then return; end if;
      end loop;
      exit when cardinality(ids) < batch;
      before := ids[batch];
      batch := 500;
    end loop;
  end $$;
