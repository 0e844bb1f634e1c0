-- Up Migration

-- Those that may be alike: of the newest open ones in each of these places, not older than an id, those that share the most words with the
-- query. By the index of what is open alone, so that it costs the same however much is closed; the reach is applied inside, as the
-- words could not be asked beneath a policy.
create function request_alike(query tsquery, places text[], since uuid, at_most integer) returns setof uuid
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
          select here.id from here order by here.id desc limit 200) newest)
      select r.id from near join public.request r on r.id = near.id
      where r.words @@ query
        and not coalesce(who = any (r.excluded_people), false)
        and not (r.excluded_bodies && own)
        and (exists (select from unnest(reach) p where r.path >= p and r.path < p || '~') or r.bodies && own)
      order by ts_rank(r.words, query) / ln(10 + length(r.words)) desc, r.id desc limit least(at_most, 50);
  end $$;
revoke all on function request_alike(tsquery, text[], uuid, integer) from public;
grant execute on function request_alike(tsquery, text[], uuid, integer) to linli_app;
drop function request_similar(tsquery, text, uuid, integer);

-- What share of all requests holds each of these words, of those that many hold: from what PostgreSQL counts by itself. A word that fewer
-- than ten requests hold is not told of, so that it says nothing of one person's words.
create function request_word_shares(asked text[]) returns table (word text, share real)
  language sql stable security definer set search_path = pg_catalog, public as $$
    select counted.word, counted.share
    from pg_stats s cross join pg_class c, unnest(s.most_common_elems::text::text[], s.most_common_elem_freqs) counted (word, share)
    where s.schemaname = 'public' and s.tablename = 'request' and s.attname = 'words' and c.oid = 'public.request'::regclass
      and counted.word = any (asked) and counted.share * c.reltuples >= 10
  $$;
revoke all on function request_word_shares(text[]) from public;
grant execute on function request_word_shares(text[]) to linli_app;
