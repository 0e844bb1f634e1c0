-- Up Migration

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
