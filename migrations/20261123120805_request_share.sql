-- Up Migration

-- Which share of all requests lies below a path, as the statistics of the table say; null where there are too few for it to matter. A list
-- of a wide reach is found in the order of the list, one of a narrow reach by its paths, and what is wide depends on what else there is:
-- a district is everything to an installation of its own, and a hundredth of a province. It tells no more than the counts of a place do.
create function request_share(prefix text) returns double precision
  language plpgsql volatile security definer set search_path = pg_catalog, public as $$
  declare
    among double precision := (select c.reltuples from pg_class c where c.oid = 'public.request'::regclass);
    plan json;
  begin
    if among < 10000 then return null; end if;
    execute format('explain (format json) select from public.request r where r.path >= %L and r.path < %L', prefix, prefix || '~') into plan;
    return (plan -> 0 -> 'Plan' ->> 'Plan Rows')::double precision / among;
  end $$;
revoke all on function request_share(text) from public;
grant execute on function request_share(text) to linli_app;
-- Fine enough to tell a subdistrict from a district; as many rows are looked at for the words anyway.
alter table request alter column path set statistics 1000;

-- Judgements in the order in which they are read, for whoever reaches far.
create index judgement_at on judgement (at desc, id desc);
