-- Up Migration

-- Which migrations have run, for the program to see whether this database fits it. Names of files, nothing else.
create function migrations_run() returns text[]
  language sql stable security definer set search_path = pg_catalog, public as $$
    select coalesce(array_agg(m.name::text), '{}') from public.migration m
  $$;
revoke all on function migrations_run() from public;
grant execute on function migrations_run() to linli_app, linli_jobs;

-- Totals that a handler and their head may see: a closed month, at least five, not all alike; one fixed cut (body and month).
-- The mean of satisfaction is given only where at least five gave a mark and not all the same one: the mean of a single mark
-- would be that mark. Where the verdicts are all alike and the mean is kept back, nothing is left to tell.
create or replace function judgement_totals(of_body uuid, of_month date)
  returns table (judgements bigint, solved bigint, partly bigint, unsolved bigint, satisfaction_mean numeric)
  language sql stable security definer set search_path = pg_catalog, public as $$
    with said as (
      select count(*) as judgements, count(*) filter (where j.solved = 'solved') as solved,
             count(*) filter (where j.solved = 'partly') as partly, count(*) filter (where j.solved = 'not') as unsolved,
             count(distinct j.solved) as kinds, count(j.satisfaction) >= 5 and count(distinct j.satisfaction) > 1 as telling,
             round(avg(j.satisfaction), 1) as mean
      from public.judgement j
      where of_body = any (j.handler_bodies) and j.month = of_month
        and of_month < date_trunc('month', now() at time zone 'Asia/Shanghai')::date
        and of_body = any (access.bodies())
    )
    select s.judgements, s.solved, s.partly, s.unsolved, case when s.telling then s.mean end
    from said s
    where s.judgements >= 5 and (s.kinds > 1 or s.telling)
  $$;
