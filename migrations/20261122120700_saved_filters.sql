-- Up Migration

-- Filters of the desk that somebody named, kept with the person and not with a device. A filter is the query of its address; words that
-- hold a telephone or another's particulars are refused before they come here.
create table saved_filter (
  id uuid primary key,
  person uuid not null references person,
  name text not null check (length(name) between 1 and 40),
  query text not null check (length(query) <= 1000),
  saved_at timestamptz not null default now(),
  unique (person, name)
);
alter table saved_filter enable row level security;
create policy saved_filter_own on saved_filter for all to linli_app using (person = (select access.person())) with check (person = (select access.person()));
create policy saved_filter_jobs on saved_filter for all to linli_jobs using (true) with check (true);
grant select, insert, delete on saved_filter to linli_app;
grant update (query, saved_at) on saved_filter to linli_app;
grant select, delete on saved_filter to linli_jobs;
