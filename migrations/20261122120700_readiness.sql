-- Up Migration

-- Which migrations have run, for the program to see whether this database fits it. Names of files, nothing else.
create function migrations_run() returns text[]
  language sql stable security definer set search_path = pg_catalog, public as $$
    select coalesce(array_agg(m.name::text), '{}') from public.migration m
  $$;
revoke all on function migrations_run() from public;
grant execute on function migrations_run() to linli_app, linli_jobs;
