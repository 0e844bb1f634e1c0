-- Up Migration

-- How often somebody is told of news, by mail and on their devices: of one record, of what concerns oneself, of one's work. Who chose
-- nothing is told at once.
create table telling_choice (
  purpose text not null check (purpose in ('record', 'own', 'work')),
  owner uuid not null,
  often text not null check (often in ('now', 'daily', 'weekly', 'never')),
  changed_at timestamptz not null default now(),
  primary key (purpose, owner)
);
alter table telling_choice alter column purpose set statistics 0;
alter table telling_choice alter column often set statistics 0;
alter table telling_choice enable row level security;
create policy telling_choice_jobs on telling_choice for all to linli_jobs using (true) with check (true);
grant select, insert, update, delete on telling_choice to linli_jobs;

-- News that waits to be told together: which record and what of it, and no words.
create table telling_held (
  id uuid primary key default uuidv7(),
  purpose text not null check (purpose in ('record', 'own', 'work')),
  owner uuid not null,
  record uuid not null,
  what text not null check (length(what) between 1 and 100),
  act uuid,
  at timestamptz not null
);
-- A job that is worked twice holds it once.
create unique index telling_held_once on telling_held (purpose, owner, record, what, act) nulls not distinct;
create index telling_held_record on telling_held (record);
alter table telling_held alter column purpose set statistics 0;
alter table telling_held alter column what set statistics 0;
alter table telling_held enable row level security;
create policy telling_held_jobs on telling_held for all to linli_jobs using (true) with check (true);
grant select, insert, delete on telling_held to linli_jobs;

-- What somebody chose. The serving role reads one at a time, for whoever shows the address that stands in their mails, which it checks itself.
create function telling_chosen(of_purpose text, of_owner uuid) returns text
  language sql stable security definer set search_path = pg_catalog, public as $$
    select c.often from public.telling_choice c where c.purpose = of_purpose and c.owner = of_owner
  $$;
revoke all on function telling_chosen(text, uuid) from public;
grant execute on function telling_chosen(text, uuid) to linli_app, linli_jobs;

-- Chooses. Whoever wants to be told no more is told nothing of what waits either.
create function telling_choose(of_purpose text, of_owner uuid, how_often text, moment timestamptz) returns void
  language plpgsql volatile security definer set search_path = pg_catalog, public as $$
  begin
    insert into public.telling_choice as c (purpose, owner, often, changed_at) values (of_purpose, of_owner, how_often, moment)
      on conflict (purpose, owner) do update set often = excluded.often, changed_at = excluded.changed_at;
    if how_often = 'never' then
      delete from public.telling_held h where h.purpose = of_purpose and h.owner = of_owner;
    end if;
  end $$;
revoke all on function telling_choose(text, uuid, text, timestamptz) from public;
grant execute on function telling_choose(text, uuid, text, timestamptz) to linli_app;

-- As before; what its reporter did not want any more was not sent because of that, and nobody calls for it.
create or replace function request_unsent(of_request uuid, templates text[]) returns table (channel text, given_up boolean, at timestamptz)
  language sql stable security definer set search_path = pg_catalog, public as $$
    select last.channel, last.state = 'dead', coalesce(last.ended_at, last.created_at)
    from (select o.channel, o.state, o.attempts, o.reason, o.created_at, o.ended_at
          from public.outbox o join public.request r on r.id = o.record
          where o.record = of_request and o.template = any (templates) and public.request_seen(r)
            -- Whoever follows their own matter reads on its page what the message would have said.
            and (access.covers(access.reach('request.read'), r.path) or r.bodies && access.bodies())
          order by o.id desc limit 1) last
    where last.state = 'dead' and coalesce(last.reason, '') not in ('erased', 'too late', 'not wanted')
      or last.state = 'waiting' and last.attempts > 0 and last.reason is not null
  $$;
