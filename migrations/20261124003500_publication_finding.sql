-- Up Migration

-- Released requests that hold words, as a page asks for them: the newest older than one, or the oldest newer than one. A word of every fifth
-- text is found soonest among the newest of a place, a rare one by the index on words. `wide`: nearly everything lies below the path; the
-- planner, which sees the values, then walks in the order of the list. `@@` is not leak-proof: beneath the policy its index would rest.
drop function publication_find(tsquery, text, uuid, integer);
create function publication_find(query tsquery, of_path text, wide boolean, older_than uuid, newer_than uuid, at_most integer) returns setof uuid
  language plpgsql stable security definer set search_path = pg_catalog, public as $$
  declare
    direction text := case when newer_than is null then 'desc' else 'asc' end;
    -- The range of a subtree; text of the collation of paths, which the index is in.
    here text := $f$p.withdrawn_at is null and p.path >= ($2 collate "C") and p.path < ($2 || '~' collate "C")
        and ($3 is null or p.request < $3) and ($4 is null or p.request > $4)$f$;
    most integer := least(at_most, 5000);
    batch integer := 500;
    ids uuid[];
    found uuid;
    seen integer := 0;
    given integer := 0;
  begin
    while not wide loop
      execute format('select array(select p.request from public.publication p where %s order by p.request %s limit $5)', here, direction)
        into ids using query, of_path, older_than, newer_than, batch;
      for found in execute format(
          -- An offset, so that the words are compared with those of these alone and their index rests.
          'select p.request from (select * from public.publication s where s.request = any ($1) offset 0) p
             where p.words @@ $2 order by p.request %s limit $3', direction)
        using ids, query, most - given
      loop
        given := given + 1;
        return next found;
      end loop;
      if given >= most or cardinality(ids) < batch then return; end if;
      if newer_than is null then older_than := ids[batch]; else newer_than := ids[batch]; end if;
      seen := seen + batch;
      batch := 2000;
      exit when given * 100 < seen;
    end loop;
    return query execute format('select p.request from public.publication p where p.words @@ $1 and %s order by p.request %s limit $5', here, direction)
      using query, of_path, older_than, newer_than, most - given;
  end $$;
revoke all on function publication_find(tsquery, text, boolean, uuid, uuid, integer) from public;
grant execute on function publication_find(tsquery, text, boolean, uuid, uuid, integer) to linli_app;

-- How often a word stands in them decides which way is shorter.
alter table publication alter column words set statistics 1000;
alter table publication alter column path set statistics 1000;
