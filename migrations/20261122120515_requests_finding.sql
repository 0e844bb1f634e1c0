-- Up Migration

-- Finding by words: `@@` is not leak-proof, so beneath the policy its index would not be used. This function applies the test of
-- request_seen inside, asking once who is asking (each asking verifies the seal of the transaction), and lets the index work.
-- Newest first, before an id for the next page. Plans are made for the given words and place each time: one community and a whole
-- province want different ones.
create function request_find(query tsquery, prefixes text[], before uuid, at_most integer) returns setof uuid
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
      order by r.id desc limit least(at_most, 5000);
  end $$;
revoke all on function request_find(tsquery, text[], uuid, integer) from public;
grant execute on function request_find(tsquery, text[], uuid, integer) to linli_app;

-- Among the newest 200 below a path, not older than an id: those that share words, the most alike first.
create function request_similar(query tsquery, low text, since uuid, at_most integer) returns setof uuid
  language plpgsql stable security definer set search_path = pg_catalog, public as $$
  declare
    who uuid := access.person();
    own uuid[] := access.bodies();
    reach text[] := access.reach('request.read');
    from_path text collate "C" := low;
  begin
    return query
      -- By the index on path and id alone, whatever the values: ordered at once, the newest of everywhere might be walked for a small place.
      with recent as materialized (
        select r.id from public.request r where r.path >= from_path and r.path < from_path || '~' and r.id >= since),
      near as materialized (select recent.id from recent order by recent.id desc limit 200)
      select r.id from near join public.request r on r.id = near.id
      where r.words @@ query
        and not coalesce(who = any (r.excluded_people), false)
        and not (r.excluded_bodies && own)
        and (exists (select from unnest(reach) p where r.path >= p and r.path < p || '~') or r.bodies && own)
      order by ts_rank(r.words, query) desc, r.id desc limit at_most;
  end $$;
revoke all on function request_similar(tsquery, text, uuid, integer) from public;
grant execute on function request_similar(tsquery, text, uuid, integer) to linli_app;

-- The newest below one path, newest first, before an id for the next page. Beneath the policy PostgreSQL would fetch every row of the
-- place to sort them; here the index on path and id alone says which are the newest, however many there are.
create function request_newest(low text, before uuid, at_most integer) returns setof uuid
  language plpgsql stable security definer set search_path = pg_catalog, public set plan_cache_mode = force_custom_plan as $$
  declare
    who uuid := access.person();
    own uuid[] := access.bodies();
    from_path text collate "C" := low;
    ids uuid[];
    found uuid;
    given integer := 0;
  begin
    if not access.covers(access.reach('request.read'), low) then return; end if;
    loop
      ids := array(select r.id from public.request r
        where r.path >= from_path and r.path < from_path || '~' and (before is null or r.id < before)
        order by r.id desc limit least(at_most, 500));
      for found in
        select r.id from public.request r where r.id = any (ids)
          and not coalesce(who = any (r.excluded_people), false) and not (r.excluded_bodies && own) order by r.id desc
      loop
        given := given + 1;
        return next found;
        exit when given >= at_most;
      end loop;
      exit when given >= at_most or cardinality(ids) < least(at_most, 500);
      before := ids[cardinality(ids)];
    end loop;
  end $$;
revoke all on function request_newest(text, uuid, integer) from public;
grant execute on function request_newest(text, uuid, integer) to linli_app;

-- How requests ended: in the order of lists for whoever reaches far, and by place for whoever reaches little.
create index request_result on request (result, id) where result is not null;
create index request_result_path on request (result, path, id) where result is not null;

-- Those below one path that ended so, newest first, before an id; all of them where no number is given. The result is no column that
-- the application reads: `request_results` says of each batch what the reader may know of it. `wide`: nearly everything lies below the path, so
-- that the order of the list finds a page sooner.
create function request_ended(wanted text, low text, wide boolean, before uuid, at_most integer) returns setof uuid
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
          where r.result = wanted and (before is null or r.id < before) and (r.path || '') >= from_path and (r.path || '') < from_path || '~'
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
revoke all on function request_ended(text, text, boolean, uuid, integer) from public;
grant execute on function request_ended(text, text, boolean, uuid, integer) to linli_app;

-- Finding a request by what people have of it: the number of another hotline, the last digits of ours, the caller's telephone.

create index request_outer_number on request (outer_number) where outer_number is not null;
-- Read from the right, so that the last digits are the beginning of a range.
create index request_number_end on request ((reverse(number::text) collate "C"));

-- By whole outer numbers, or by the last digits of ours. Neither `reverse` nor what compares it is leak-proof, so that beneath the policy
-- its index would rest: the test of request_seen is applied inside, asking once who is asking, as in request_find.
create function request_find_number(outer_numbers text[], last_digits text, at_most integer) returns setof uuid
  language plpgsql stable security definer set search_path = pg_catalog, public set plan_cache_mode = force_custom_plan as $$
  declare
    who uuid := access.person();
    own uuid[] := access.bodies();
    reach text[] := access.reach('request.read');
    from_end text collate "C" := reverse(last_digits);
  begin
    return query
      with found as materialized (
        select r.id from public.request r where r.outer_number = any (outer_numbers)
        union
        -- A colon follows the digit nine.
        select r.id from public.request r
          where (reverse(r.number::text) collate "C") >= from_end and (reverse(r.number::text) collate "C") < from_end || ':')
      select r.id from found join public.request r on r.id = found.id
      where not coalesce(who = any (r.excluded_people), false)
        and not (r.excluded_bodies && own)
        and (exists (select from unnest(reach) p where r.path >= p and r.path < p || '~') or r.reporter = who or r.bodies && own)
      order by r.id desc limit least(at_most, 500);
  end $$;
revoke all on function request_find_number(text[], text, integer) from public;
grant execute on function request_find_number(text[], text, integer) to linli_app;

-- By the keyed index of a caller's telephone, for the duty to read contacts where the request lies. The index itself stays unread.
create function request_find_phone(index_of_phone bytea, at_most integer) returns setof uuid
  language sql stable security definer set search_path = pg_catalog, public as $$
    select r.id from public.request_contact c join public.request r on r.id = c.request
      where c.phone_index = index_of_phone and public.request_seen(r) and access.covers(access.reach('request.contact'), r.path)
      order by r.id desc limit least(at_most, 100)
  $$;
revoke all on function request_find_phone(bytea, integer) from public;
grant execute on function request_find_phone(bytea, integer) to linli_app;
