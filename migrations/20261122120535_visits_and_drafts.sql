-- Up Migration

-- Visits that are arranged, and what is being typed.

create table visit (
  id uuid primary key,
  request uuid not null references request,
  day date not null,
  from_time time not null,
  to_time time not null check (to_time > from_time),
  state text not null check (state in ('proposed', 'agreed', 'cancelled', 'done')),
  proposed_by text not null check (proposed_by in ('unit', 'resident')),
  tenure uuid references tenure (id),
  note text check (length(note) <= 500),
  created_at timestamptz not null default now(),
  version integer not null default 1
);
create index visit_request on visit (request);
create index visit_tenure on visit (tenure) where tenure is not null;
create index visit_day on visit (day) where state in ('proposed', 'agreed');
alter table visit enable row level security;
create policy visit_read on visit for select to linli_app using (exists (select from request r where r.id = visit.request));
create policy visit_jobs on visit for all to linli_jobs using (true) with check (true);
grant select, insert, update (state, version) on visit to linli_app;
grant select, update on visit to linli_jobs;

-- Whoever was to come had the matter: once the unit that leads has answered it, given it back or lost it, no visit of it stands; an
-- assisting unit takes its own visits with it.
create function visit_over() returns trigger
  language plpgsql security definer set search_path = pg_catalog, public as $$
  begin
    update public.visit v set state = 'cancelled', version = version + 1
    where v.request = new.request and v.state in ('proposed', 'agreed')
      and (new.role = 'lead' or exists (
        select from public.tenure t join public.post p on p.id = t.post where t.id = v.tenure and p.body = new.body));
    return null;
  end $$;
revoke all on function visit_over() from public;
create trigger visit_over after update of state on request_part for each row
  when (new.state in ('returned', 'answered', 'ended') and old.state is distinct from new.state)
  execute function visit_over();

-- What is being typed during a call, kept every few seconds for its writer alone; encrypted, gone after a week.
create table request_draft (
  id uuid primary key,
  person uuid not null references person,
  content_encrypted bytea not null,
  saved_at timestamptz not null default now()
);
create index request_draft_person on request_draft (person, saved_at desc);
alter table request_draft enable row level security;
create policy request_draft_own on request_draft for all to linli_app using (person = (select access.person())) with check (person = (select access.person()));
create policy request_draft_jobs on request_draft for all to linli_jobs using (true) with check (true);
grant select, insert, update, delete on request_draft to linli_app;
grant select, delete on request_draft to linli_jobs;
