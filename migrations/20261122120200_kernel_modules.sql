-- Up Migration

-- Working days of the country. One row for every day of a published year: a day without a row belongs to a year that
-- has not been announced, and whatever is counted over it is provisional.
create table calendar_day (
  day date primary key,
  working boolean not null,
  name text,
  english_name text
);
grant select on calendar_day to linli_app;
grant select, insert, update, delete on calendar_day to linli_jobs;

-- Weekends first, then what each year's announcement changed. The package `chinese-days` is the source; later years
-- come in through the import.
insert into calendar_day (day, working)
select day::date, extract(isodow from day) < 6
from generate_series(timestamp '2004-01-01', timestamp '2026-12-31', interval '1 day') as day;

with announced (year, working, name, days) as (values
  (2004, false, '元旦', '01-01'),
  (2004, true, '春节', '01-17 01-18'),
  (2004, false, '春节', '01-22 01-23 01-24 01-25 01-26 01-27 01-28'),
  (2004, false, '劳动节', '05-01 05-02 05-03 05-04 05-05 05-06 05-07'),
  (2004, true, '劳动节', '05-08 05-09'),
  (2004, false, '国庆节', '10-01 10-02 10-03 10-04 10-05 10-06 10-07'),
  (2004, true, '国庆节', '10-09 10-10'),
  (2005, false, '元旦', '01-01 01-02 01-03'),
  (2005, true, '春节', '02-05 02-06'),
  (2005, false, '春节', '02-09 02-10 02-11 02-12 02-13 02-14 02-15'),
  (2005, true, '劳动节', '04-30 05-08'),
  (2005, false, '劳动节', '05-01 05-02 05-03 05-04 05-05 05-06 05-07'),
  (2005, false, '国庆节', '10-01 10-02 10-03 10-04 10-05 10-06 10-07'),
  (2005, true, '国庆节', '10-08 10-09'),
  (2006, false, '元旦', '01-01 01-02 01-03'),
  (2006, true, '春节', '01-28 02-05'),
  (2006, false, '春节', '01-29 01-30 01-31 02-01 02-02 02-03 02-04'),
  (2006, true, '劳动节', '04-29 04-30'),
  (2006, false, '劳动节', '05-01 05-02 05-03 05-04 05-05 05-06 05-07'),
  (2006, true, '国庆节', '09-30 10-08'),
  (2006, false, '国庆节', '10-01 10-02 10-03 10-04 10-05 10-06 10-07'),
  (2006, true, '元旦', '12-30 12-31'),
  (2007, false, '元旦', '01-01 01-02 01-03 12-30 12-31'),
  (2007, true, '春节', '02-17 02-25'),
  (2007, false, '春节', '02-18 02-19 02-20 02-21 02-22 02-23 02-24'),
  (2007, true, '劳动节', '04-28 04-29'),
  (2007, false, '劳动节', '05-01 05-02 05-03 05-04 05-05 05-06 05-07'),
  (2007, true, '国庆节', '09-29 09-30'),
  (2007, false, '国庆节', '10-01 10-02 10-03 10-04 10-05 10-06 10-07'),
  (2007, true, '元旦', '12-29'),
  (2008, false, '元旦', '01-01'),
  (2008, true, '春节', '02-02 02-03'),
  (2008, false, '春节', '02-06 02-07 02-08 02-09 02-10 02-11 02-12'),
  (2008, false, '清明', '04-04 04-05 04-06'),
  (2008, false, '劳动节', '05-01 05-02 05-03'),
  (2008, true, '劳动节', '05-04'),
  (2008, false, '端午', '06-07 06-08 06-09'),
  (2008, false, '中秋', '09-13 09-14 09-15'),
  (2008, true, '国庆节', '09-27 09-28'),
  (2008, false, '国庆节', '09-29 09-30 10-01 10-02 10-03 10-04 10-05'),
  (2009, false, '元旦', '01-01 01-02 01-03'),
  (2009, true, '元旦', '01-04'),
  (2009, true, '春节', '01-24 02-01'),
  (2009, false, '春节', '01-25 01-26 01-27 01-28 01-29 01-30 01-31'),
  (2009, false, '清明', '04-04 04-05 04-06'),
  (2009, false, '劳动节', '05-01 05-02 05-03'),
  (2009, false, '端午', '05-28 05-29 05-30'),
  (2009, true, '端午', '05-31'),
  (2009, true, '国庆节', '09-27 10-10'),
  (2009, false, '国庆节', '10-01 10-02 10-04 10-05 10-06 10-07 10-08'),
  (2009, false, '中秋', '10-03'),
  (2010, false, '元旦', '01-01 01-02 01-03'),
  (2010, false, '春节', '02-13 02-14 02-15 02-16 02-17 02-18 02-19'),
  (2010, true, '春节', '02-20 02-21'),
  (2010, false, '清明', '04-03 04-04 04-05'),
  (2010, false, '劳动节', '05-01 05-02 05-03'),
  (2010, true, '端午', '06-12 06-13'),
  (2010, false, '端午', '06-14 06-15 06-16'),
  (2010, true, '中秋', '09-19 09-25'),
  (2010, false, '中秋', '09-22 09-23 09-24'),
  (2010, true, '国庆节', '09-26 10-09'),
  (2010, false, '国庆节', '10-01 10-02 10-03 10-04 10-05 10-06 10-07'),
  (2011, false, '元旦', '01-01 01-02 01-03'),
  (2011, true, '春节', '01-30 02-12'),
  (2011, false, '春节', '02-02 02-03 02-04 02-05 02-06 02-07 02-08'),
  (2011, true, '清明', '04-02'),
  (2011, false, '清明', '04-03 04-04 04-05'),
  (2011, false, '劳动节', '04-30 05-01 05-02'),
  (2011, false, '端午', '06-04 06-06'),
  (2011, false, '中秋', '09-10 09-11 09-12'),
  (2011, false, '国庆节', '10-01 10-02 10-03 10-04 10-05 10-06 10-07'),
  (2011, true, '国庆节', '10-08 10-09'),
  (2011, true, '元旦', '12-31'),
  (2012, false, '元旦', '01-01 01-02 01-03'),
  (2012, true, '春节', '01-21 01-29'),
  (2012, false, '春节', '01-22 01-23 01-24 01-25 01-26 01-27 01-28'),
  (2012, true, '清明', '03-31 04-01'),
  (2012, false, '清明', '04-02 04-03 04-04'),
  (2012, true, '劳动节', '04-28'),
  (2012, false, '劳动节', '04-29 04-30 05-01'),
  (2012, false, '端午', '06-22 06-24'),
  (2012, true, '国庆节', '09-29'),
  (2012, false, '中秋', '09-30'),
  (2012, false, '国庆节', '10-01 10-02 10-03 10-04 10-05 10-06 10-07'),
  (2013, false, '元旦', '01-01 01-02 01-03'),
  (2013, true, '元旦', '01-05 01-06'),
  (2013, false, '春节', '02-09 02-10 02-11 02-12 02-13 02-14 02-15'),
  (2013, true, '春节', '02-16 02-17'),
  (2013, false, '清明', '04-04 04-05 04-06'),
  (2013, true, '清明', '04-07'),
  (2013, true, '劳动节', '04-27 04-28'),
  (2013, false, '劳动节', '04-29 04-30 05-01'),
  (2013, true, '端午', '06-08 06-09'),
  (2013, false, '端午', '06-10 06-11 06-12'),
  (2013, false, '中秋', '09-19 09-20 09-21'),
  (2013, true, '中秋', '09-22'),
  (2013, true, '国庆节', '09-29 10-12'),
  (2013, false, '国庆节', '10-01 10-02 10-03 10-04 10-05 10-06 10-07'),
  (2014, false, '元旦', '01-01'),
  (2014, true, '春节', '01-26 02-08'),
  (2014, false, '春节', '01-31 02-01 02-02 02-03 02-04 02-05 02-06'),
  (2014, false, '清明', '04-05 04-06 04-07'),
  (2014, false, '劳动节', '05-01 05-02 05-03'),
  (2014, true, '劳动节', '05-04'),
  (2014, false, '端午', '06-02'),
  (2014, false, '中秋', '09-08'),
  (2014, true, '国庆节', '09-28 10-11'),
  (2014, false, '国庆节', '10-01 10-02 10-03 10-04 10-05 10-06 10-07'),
  (2015, false, '元旦', '01-01 01-02 01-03'),
  (2015, true, '元旦', '01-04'),
  (2015, true, '春节', '02-15 02-28'),
  (2015, false, '春节', '02-18 02-19 02-20 02-21 02-22 02-23 02-24'),
  (2015, false, '清明', '04-05 04-06'),
  (2015, false, '劳动节', '05-01'),
  (2015, false, '端午', '06-20 06-22'),
  (2015, false, '中国人民抗日战争暨世界反法西斯战争胜利70周年纪念日', '09-03 09-04'),
  (2015, true, '中国人民抗日战争暨世界反法西斯战争胜利70周年纪念日', '09-06'),
  (2015, false, '中秋', '09-27'),
  (2015, false, '国庆节', '10-01 10-02 10-03 10-04 10-05 10-06 10-07'),
  (2015, true, '国庆节', '10-10'),
  (2016, false, '元旦', '01-01'),
  (2016, true, '春节', '02-06 02-14'),
  (2016, false, '春节', '02-07 02-08 02-09 02-10 02-11 02-12 02-13'),
  (2016, false, '清明', '04-04'),
  (2016, false, '劳动节', '05-01 05-02'),
  (2016, false, '端午', '06-09 06-10 06-11'),
  (2016, true, '端午', '06-12'),
  (2016, false, '中秋', '09-15 09-16 09-17'),
  (2016, true, '中秋', '09-18'),
  (2016, false, '国庆节', '10-01 10-02 10-03 10-04 10-05 10-06 10-07'),
  (2016, true, '国庆节', '10-08 10-09'),
  (2017, false, '元旦', '01-01 01-02'),
  (2017, true, '春节', '01-22 02-04'),
  (2017, false, '春节', '01-27 01-28 01-29 01-30 01-31 02-01 02-02'),
  (2017, true, '清明', '04-01'),
  (2017, false, '清明', '04-02 04-03 04-04'),
  (2017, false, '劳动节', '05-01'),
  (2017, true, '端午', '05-27'),
  (2017, false, '端午', '05-28 05-29 05-30'),
  (2017, true, '国庆节', '09-30'),
  (2017, false, '国庆节', '10-01 10-02 10-03 10-05 10-06 10-07 10-08'),
  (2017, false, '中秋', '10-04'),
  (2018, false, '元旦', '01-01 12-30 12-31'),
  (2018, true, '春节', '02-11 02-24'),
  (2018, false, '春节', '02-15 02-16 02-17 02-18 02-19 02-20 02-21'),
  (2018, false, '清明', '04-05 04-06 04-07'),
  (2018, true, '清明', '04-08'),
  (2018, true, '劳动节', '04-28'),
  (2018, false, '劳动节', '04-29 04-30 05-01'),
  (2018, false, '端午', '06-18'),
  (2018, false, '中秋', '09-24'),
  (2018, true, '国庆节', '09-29 09-30'),
  (2018, false, '国庆节', '10-01 10-02 10-03 10-04 10-05 10-06 10-07'),
  (2018, true, '元旦', '12-29'),
  (2019, false, '元旦', '01-01'),
  (2019, true, '春节', '02-02 02-03'),
  (2019, false, '春节', '02-04 02-05 02-06 02-07 02-08 02-09 02-10'),
  (2019, false, '清明', '04-05 04-06 04-07'),
  (2019, true, '劳动节', '04-28 05-05'),
  (2019, false, '劳动节', '05-01 05-02 05-03 05-04'),
  (2019, false, '端午', '06-07 06-08 06-09'),
  (2019, false, '中秋', '09-13 09-14 09-15'),
  (2019, true, '国庆节', '09-29 10-12'),
  (2019, false, '国庆节', '10-01 10-02 10-03 10-04 10-05 10-06 10-07'),
  (2020, false, '元旦', '01-01'),
  (2020, true, '春节', '01-19'),
  (2020, false, '春节', '01-24 01-25 01-26 01-27 01-28 01-29 01-30 01-31 02-01 02-02'),
  (2020, false, '清明', '04-04 04-05 04-06'),
  (2020, true, '劳动节', '04-26 05-09'),
  (2020, false, '劳动节', '05-01 05-02 05-03 05-04 05-05'),
  (2020, false, '端午', '06-25 06-26 06-27'),
  (2020, true, '端午', '06-28'),
  (2020, true, '国庆节', '09-27 10-10'),
  (2020, false, '国庆节', '10-01 10-02 10-03 10-04 10-05 10-06 10-07 10-08'),
  (2021, false, '元旦', '01-01 01-02 01-03'),
  (2021, true, '春节', '02-07 02-20'),
  (2021, false, '春节', '02-11 02-12 02-13 02-14 02-15 02-16 02-17'),
  (2021, false, '清明', '04-03 04-04 04-05'),
  (2021, true, '劳动节', '04-25 05-08'),
  (2021, false, '劳动节', '05-01 05-02 05-03 05-04 05-05'),
  (2021, false, '端午', '06-12 06-13 06-14'),
  (2021, true, '中秋', '09-18'),
  (2021, false, '中秋', '09-19 09-20 09-21'),
  (2021, true, '国庆节', '09-26 10-09'),
  (2021, false, '国庆节', '10-01 10-02 10-03 10-04 10-05 10-06 10-07'),
  (2022, false, '元旦', '01-01 01-02 01-03 12-31'),
  (2022, true, '春节', '01-29 01-30'),
  (2022, false, '春节', '01-31 02-01 02-02 02-03 02-04 02-05 02-06'),
  (2022, true, '清明', '04-02'),
  (2022, false, '清明', '04-03 04-04 04-05'),
  (2022, true, '劳动节', '04-24 05-07'),
  (2022, false, '劳动节', '04-30 05-01 05-02 05-03 05-04'),
  (2022, false, '端午', '06-03 06-04 06-05'),
  (2022, false, '中秋', '09-10 09-11 09-12'),
  (2022, false, '国庆节', '10-01 10-02 10-03 10-04 10-05 10-06 10-07'),
  (2022, true, '国庆节', '10-08 10-09'),
  (2023, false, '元旦', '01-01 01-02'),
  (2023, false, '春节', '01-21 01-22 01-23 01-24 01-25 01-26 01-27'),
  (2023, true, '春节', '01-28 01-29'),
  (2023, false, '清明', '04-05'),
  (2023, true, '劳动节', '04-23 05-06'),
  (2023, false, '劳动节', '04-29 04-30 05-01 05-02 05-03'),
  (2023, false, '端午', '06-22 06-23 06-24'),
  (2023, true, '端午', '06-25'),
  (2023, false, '中秋', '09-29'),
  (2023, false, '国庆节', '09-30 10-01 10-02 10-03 10-04 10-05 10-06'),
  (2023, true, '国庆节', '10-07 10-08'),
  (2024, false, '元旦', '01-01'),
  (2024, true, '春节', '02-04 02-18'),
  (2024, false, '春节', '02-10 02-11 02-12 02-13 02-14 02-15 02-16 02-17'),
  (2024, false, '清明', '04-04 04-05 04-06'),
  (2024, true, '清明', '04-07'),
  (2024, true, '劳动节', '04-28 05-11'),
  (2024, false, '劳动节', '05-01 05-02 05-03 05-04 05-05'),
  (2024, false, '端午', '06-10'),
  (2024, true, '中秋', '09-14'),
  (2024, false, '中秋', '09-15 09-16 09-17'),
  (2024, true, '国庆节', '09-29 10-12'),
  (2024, false, '国庆节', '10-01 10-02 10-03 10-04 10-05 10-06 10-07'),
  (2025, false, '元旦', '01-01'),
  (2025, true, '春节', '01-26 02-08'),
  (2025, false, '春节', '01-28 01-29 01-30 01-31 02-01 02-02 02-03 02-04'),
  (2025, false, '清明', '04-04 04-05 04-06'),
  (2025, true, '劳动节', '04-27'),
  (2025, false, '劳动节', '05-01 05-02 05-03 05-04 05-05'),
  (2025, false, '端午', '05-31 06-01 06-02'),
  (2025, true, '国庆节', '09-28 10-11'),
  (2025, false, '国庆节', '10-01 10-02 10-03 10-04 10-05 10-07 10-08'),
  (2025, false, '中秋', '10-06'),
  (2026, false, '元旦', '01-01 01-02 01-03'),
  (2026, true, '元旦', '01-04'),
  (2026, true, '春节', '02-14 02-28'),
  (2026, false, '春节', '02-15 02-16 02-17 02-18 02-19 02-20 02-21 02-22 02-23'),
  (2026, false, '清明', '04-04 04-05 04-06'),
  (2026, false, '劳动节', '05-01 05-02 05-03 05-04 05-05'),
  (2026, true, '劳动节', '05-09'),
  (2026, false, '端午', '06-19 06-20 06-21'),
  (2026, true, '国庆节', '09-20 10-10'),
  (2026, false, '中秋', '09-25 09-26 09-27'),
  (2026, false, '国庆节', '10-01 10-02 10-03 10-04 10-05 10-06 10-07')
), names (name, english_name) as (values
  ('中国人民抗日战争暨世界反法西斯战争胜利70周年纪念日', 'Anti-Fascist 70th Day'),
  ('中秋', 'Mid-autumn Festival'),
  ('元旦', 'New Year''s Day'),
  ('劳动节', 'Labour Day'),
  ('国庆节', 'National Day'),
  ('春节', 'Spring Festival'),
  ('清明', 'Tomb-sweeping Day'),
  ('端午', 'Dragon Boat Festival')
)
update calendar_day
set working = announced.working, name = announced.name, english_name = names.english_name
from announced
join names using (name)
cross join lateral string_to_table(announced.days, ' ') as month_and_day
where calendar_day.day = (announced.year || '-' || month_and_day)::date;

-- The key under which addresses and people are hashed for rate limits. Unlogged: it reaches neither the write-ahead
-- log nor a replica nor a backup, so that yesterday's counts cannot be tied to anyone afterwards. A crash empties it,
-- which only makes limits start anew. No role may read the table: the function hands out today's and drops the others.
create unlogged table daily_key (
  day date primary key,
  key bytea not null
);

create function daily_key() returns table (day date, key bytea)
language plpgsql security definer set search_path = pg_catalog, public
as $$
#variable_conflict use_column
declare
  today date := (clock_timestamp() at time zone 'Asia/Shanghai')::date;
begin
  return query select k.day, k.key from public.daily_key k where k.day = today;
  if found then
    return;
  end if;
  delete from public.daily_key k where k.day <> today;
  insert into public.daily_key (day, key)
  values (today, sha256(uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid())))
  on conflict (day) do nothing;
  return query select k.day, k.key from public.daily_key k where k.day = today;
end
$$;
revoke execute on function daily_key() from public;
-- Not to the role that serves requests: the program asks as the role of jobs, and whoever finds a way to run SQL cannot.
grant execute on function daily_key() to linli_jobs;

-- Yesterday's key also goes when nobody asks for today's: the nightly sweep calls this.
create function daily_key_drop_old() returns integer
language sql security definer set search_path = pg_catalog, public
as $$
  with gone as (
    delete from public.daily_key where day <> (clock_timestamp() at time zone 'Asia/Shanghai')::date returning 1
  )
  select count(*)::integer from gone
$$;
revoke execute on function daily_key_drop_old() from public;
grant execute on function daily_key_drop_old() to linli_jobs;

-- Rate limits: one row for each limit and hashed caller, holding the moment at which the caller's allowance is full
-- again. Unlogged for the same reason as the key, and because it is written on every request. The bounds are for whoever finds a
-- way to run SQL as the application: nobody is shut out for longer than the longest limit lasts.
create unlogged table rate (
  name text not null check (length(name) between 1 and 40),
  key bytea not null check (length(key) = 16),
  full_at timestamptz not null check (full_at <= clock_timestamp() + interval '25 hours'),
  primary key (name, key)
) with (fillfactor = 70);
create index rate_full_at on rate (full_at);
grant select, insert, update (full_at) on rate to linli_app;
grant select, delete on rate to linli_jobs;

-- What each process has taken in, in buckets of ten seconds: the sum over processes is the load that decides whether a
-- proof of work is asked for.
create unlogged table flood_load (
  process uuid not null,
  bucket timestamptz not null check (bucket <= clock_timestamp()),
  taken integer not null check (taken between 0 and 1000000),
  primary key (process, bucket)
);
create index flood_load_bucket on flood_load (bucket);
grant select, insert, update (taken) on flood_load to linli_app;
grant select, delete on flood_load to linli_jobs;

-- Proofs and waiting tickets that have been used, until they would have expired anyway.
create unlogged table flood_pass (
  id bytea primary key check (length(id) = 32),
  expires_at timestamptz not null check (expires_at <= clock_timestamp() + interval '1 hour')
);
create index flood_pass_expires_at on flood_pass (expires_at);
grant insert on flood_pass to linli_app;
grant select, delete on flood_pass to linli_jobs;

-- Messages to be sent. The application writes them in the transaction that causes them and can never read them back;
-- jobs deliver them. Recipient and content are encrypted under the row's id and erased some days after the end.
create table outbox (
  id uuid primary key default uuidv7(),
  channel text not null check (channel in ('sms', 'mail')),
  recipient bytea,
  content bytea,
  template text not null,
  language text not null check (language in ('zh-CN', 'en')),
  record uuid,
  -- Digest of what this message is the only one of (an act and whom it is told): a job that runs again adds nothing.
  once_key bytea check (length(once_key) = 32),
  state text not null default 'waiting' check (state in ('waiting', 'sent', 'dead')),
  attempts integer not null default 0 check (attempts >= 0),
  next_attempt_at timestamptz not null,
  good_until timestamptz,
  claimed_until timestamptz,
  reason text,
  provider_reference text,
  created_at timestamptz not null,
  ended_at timestamptz,
  erased_at timestamptz,
  check ((state = 'waiting') = (ended_at is null)),
  check ((recipient is null) = (erased_at is not null) and (content is null) = (erased_at is not null))
);
create index outbox_waiting on outbox (next_attempt_at) where state = 'waiting';
create index outbox_unerased on outbox (ended_at) where erased_at is null and ended_at is not null;
create index outbox_record on outbox (record) where record is not null;
create unique index outbox_once_key on outbox (once_key) where once_key is not null;
create index outbox_provider_reference on outbox (provider_reference) where provider_reference is not null;
grant insert on outbox to linli_app;
grant select, insert, update, delete on outbox to linli_jobs;
alter table outbox enable row level security;
create policy outbox_queued on outbox for insert to linli_app
  with check (state = 'waiting' and attempts = 0 and claimed_until is null and provider_reference is null);
create policy outbox_delivered on outbox for all to linli_jobs using (true);

-- Files. Each begins held by a form (record is null, with the hash of the form's token and an end), and becomes part
-- of a record by file_attach. The application reads held files only through the functions below, which want the hash
-- of the token; who may read the files of a record is decided by a policy of the room that owns the record.
create table file (
  id uuid primary key default uuidv7(),
  sha256 bytea not null check (length(sha256) = 32),
  kind text not null check (kind in ('picture', 'video')),
  media_type text not null check (media_type in ('image/webp', 'video/mp4', 'video/webm')),
  bytes bigint not null check (bytes > 0),
  width integer check (width > 0),
  height integer check (height > 0),
  thumbnail boolean not null default false,
  purpose text not null,
  position integer not null default 0,
  record uuid,
  owner_token_hash bytea check (length(owner_token_hash) = 32),
  expires_at timestamptz,
  created_at timestamptz not null,
  check ((record is null) = (owner_token_hash is not null)),
  check ((record is null) = (expires_at is not null))
);
create index file_record on file (record) where record is not null;
create index file_held on file (owner_token_hash) where record is null;
create index file_expires_at on file (expires_at) where record is null;
grant select, insert on file to linli_app;
grant select, update, delete on file to linli_jobs;
alter table file enable row level security;
create policy file_taken_in on file for insert to linli_app with check (record is null);
create policy file_kept on file for all to linli_jobs using (true);

create function file_held(token_hash bytea, at timestamptz) returns setof file
language sql stable security definer set search_path = pg_catalog, public
as $$
  select * from public.file
  where record is null and owner_token_hash = token_hash and expires_at > at
  order by position, id
$$;

-- Port: whether whoever asks may add a file to a record, filled by the rooms that own records. Without one, nobody.
create function access.may_attach(record uuid) returns boolean language sql stable as $$ select false $$;
revoke all on function access.may_attach(uuid) from public;

create function file_attach(ids uuid[], token_hash bytea, at timestamptz, to_record uuid) returns integer
language sql security definer set search_path = pg_catalog, public
as $$
  with attached as (
    update public.file set record = to_record, owner_token_hash = null, expires_at = null
    where id = any (ids) and record is null and owner_token_hash = token_hash and expires_at > at
      and (session_user <> 'linli_app' or (select access.may_attach(to_record)))
    returning 1
  )
  select count(*)::integer from attached
$$;

-- The row only ends here; the bytes go with the next sweep, because a transaction can still be rolled back.
create function file_let_go(file_id uuid, token_hash bytea, at timestamptz) returns boolean
language sql security definer set search_path = pg_catalog, public
as $$
  with gone as (
    update public.file set expires_at = at
    where id = file_id and record is null and owner_token_hash = token_hash and expires_at > at
    returning 1
  )
  select exists (select from gone)
$$;

revoke execute on function file_held(bytea, timestamptz) from public;
revoke execute on function file_attach(uuid[], bytea, timestamptz, uuid) from public;
revoke execute on function file_let_go(uuid, bytea, timestamptz) from public;
grant execute on function file_held(bytea, timestamptz) to linli_app;
grant execute on function file_attach(uuid[], bytea, timestamptz, uuid) to linli_app;
grant execute on function file_let_go(uuid, bytea, timestamptz) to linli_app;
