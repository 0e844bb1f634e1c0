-- Up Migration

-- The calendar address of a person: whoever has it reads their dates, so that only its digest lies here, one for each person, and a new
-- one ends the former.
create table calendar_feed (
  person uuid primary key references person on delete cascade,
  token_hash bytea not null unique check (length(token_hash) = 32),
  language text not null check (language in ('zh-CN', 'en')),
  created_at timestamptz not null
);
-- No samples of what goes with its person.
alter table calendar_feed alter column language set statistics 0;
alter table calendar_feed enable row level security;
create policy calendar_feed_own on calendar_feed for all to linli_app
  using (person = (select access.person())) with check (person = (select access.person()));
-- A calendar program shows no session: it is answered as the role of jobs, for the one person whose address it holds.
create policy calendar_feed_jobs on calendar_feed for all to linli_jobs using (true);
grant insert, delete on calendar_feed to linli_app;
grant select (person, language, created_at), update (token_hash, language, created_at) on calendar_feed to linli_app;
grant select, delete on calendar_feed to linli_jobs;

-- A visit that is moved stays the same appointment in everybody's calendar: `chain` is the first of its rows, null where it is that row.
-- `told`: the sequence of the appointment that invitations last went out for.
alter table visit add column chain uuid, add column told integer;
