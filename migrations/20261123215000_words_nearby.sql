-- Up Migration

-- What share of the open requests around holds each of these words, of those that three hold and more: in a small place what everybody
-- says there (the name of the compound, how long it has lasted) would else count as rare. Only what the reader may read is counted, so that
-- it tells nothing that they could not count themselves. The same newest 200 of each place that request_alike looks at.
create function request_words_nearby(asked text[], places text[], since uuid) returns table (word text, share real)
  language plpgsql stable security definer set search_path = pg_catalog, public as $$
  declare
    who uuid := access.person();
    own uuid[] := access.bodies();
    reach text[] := access.reach('request.read');
  begin
    return query
      with near as materialized (
        select distinct newest.id from unnest(places) around (low) cross join lateral (
          with here as materialized (
            select r.id from public.request r
            where r.state <> 'closed' and r.path >= low collate "C" and r.path < (low || '~') collate "C" and r.id >= since)
          select here.id from here order by here.id desc limit 200) newest),
      readable as materialized (
        select r.words from near join public.request r on r.id = near.id
        where not coalesce(who = any (r.excluded_people), false)
          and not (r.excluded_bodies && own)
          and (exists (select from unnest(reach) p where r.path >= p and r.path < p || '~') or r.bodies && own))
      select held.lexeme, (count(*)::real / (select count(*) from readable))::real
      from readable cross join lateral unnest(tsvector_to_array(readable.words)) held (lexeme)
      where held.lexeme in (select one from unnest(asked) as named (one))
      group by held.lexeme having count(*) >= 3;
  end $$;
revoke all on function request_words_nearby(text[], text[], uuid) from public;
grant execute on function request_words_nearby(text[], text[], uuid) to linli_app;
