-- Up Migration

-- As before, and sooner: whether the reader had a hand in a matter is asked of their own tenures, learned once, and not of everybody's who
-- wrote a line of it; and a reach is compared in place, since a function that does it is called anew for each row.
create or replace function request_results(ids uuid[]) returns table (id uuid, result text)
  language plpgsql stable security definer set search_path = pg_catalog, public as $$
  declare
    -- Asked once: each asking verifies the seal of the transaction.
    who uuid := access.person();
    own uuid[] := access.bodies();
    held_link uuid := access.link();
    -- One that staff handed out may have stayed in the hands it came from.
    own_link uuid := case when access.handed_by() is null then held_link end;
    held_judge uuid := access.judge();
    reading text[] := access.reach('request.read');
    judging text[] := access.reach('judgement.read');
    handling text[] := public.request_handling_kinds();
    -- Of any time: whoever handled it handled it.
    tenures uuid[] := array(select t.id from public.tenure t where t.person = who);
  begin
    if session_user <> 'linli_app' then
      return query select r.id, r.result from public.request r where r.id = any (ids) and r.result is not null;
      return;
    end if;
    return query
      select r.id, case when r.result not in ('solved', 'partly', 'unsolved')
          or r.id = own_link or r.id = held_judge or r.reporter = who
          or exists (select from unnest(judging) p where r.path >= p and r.path < p || '~')
            and not exists (select from public.judgement j where j.request = r.id
              and (who = any (j.handlers) or j.handler_bodies && own))
            and not exists (select from public.request_part p where p.request = r.id and p.body = any (own))
            -- As request_handlers, beginning with the matter's own lines.
            and not tenures && array(select e.tenure from public.request_entry e
              where e.request = r.id and e.kind = any (handling) and e.tenure is not null)
        then r.result end
      from public.request r
      where r.id = any (ids) and r.result is not null
        -- As request_seen.
        and not coalesce(who = any (r.excluded_people), false) and not (r.excluded_bodies && own)
        and (exists (select from unnest(reading) p where r.path >= p and r.path < p || '~') or coalesce(r.id = held_link, false) or coalesce(r.id = held_judge, false)
             or coalesce(r.reporter = who, false) or r.bodies && own);
  end $$;

-- As before; a page and a quarter are asked about first, and not two pages: little of what ended so may not be told.
create or replace function request_ended(wanted text, low text, wide boolean, before uuid, at_most integer) returns setof uuid
  language plpgsql stable security definer set search_path = pg_catalog, public set plan_cache_mode = force_custom_plan as $$
  declare
    from_path text collate "C" := low;
    ids uuid[];
    found uuid;
    given integer := 0;
    batch integer := least(coalesce(at_most + at_most / 4, 500), 500);
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
