-- Up Migration

-- The public version of a request, and those who have the same to tell.

create table publication (
  request uuid primary key references request,
  number bigint not null,
  path text collate "C" not null,
  title text not null check (length(title) between 1 and 120),
  body text not null check (length(body) between 1 and 20000),
  answer text,
  category uuid references category,
  state text not null,
  result text,
  filed_at timestamptz not null,
  answered_at timestamptz,
  closed_at timestamptz,
  promised_at timestamptz,
  me_too integer not null default 0,
  words tsvector,
  released_by uuid not null references tenure (id),
  released_at timestamptz not null default now(),
  withdrawn_at timestamptz,
  version integer not null default 1
);
create index publication_path on publication (path, request) where withdrawn_at is null;
create index publication_words on publication using gin (words);
create index publication_category on publication (category) where category is not null;
create index publication_released_by on publication (released_by);
insert into place_path_column (table_name, column_name) values ('publication', 'path');
alter table publication enable row level security;
-- What is released is for everyone; the policy is the plain truth of the column, so that indexes stay usable.
create policy publication_read on publication for select to linli_app
  using (withdrawn_at is null or access.covers((select access.reach('request.publish')), path)
         or request = (select access.link())
         or exists (select from request r where r.id = publication.request and r.reporter = (select access.person())));
-- Whether whoever asks only has it from themselves that the resident permits publication: they wrote the matter down, and the resident
-- has said nothing since.
create function permits_to_oneself(of_request uuid) returns boolean
  language sql stable security definer set search_path = pg_catalog, public as $$
    select exists (select from public.request r join public.tenure t on t.id = r.entered_by
        where r.id = of_request and t.person = access.person())
      and not exists (select from public.request_entry e where e.request = of_request and e.kind = 'publication_permitted'
        and e.tenure is null and e.handed_by is null)
  $$;
revoke all on function permits_to_oneself(uuid) from public;
grant execute on function permits_to_oneself(uuid) to linli_app;
-- Only with the reporter's consent and within the reach of the duty to release.
create policy publication_made on publication for insert to linli_app with check (
  released_by = any ((select access.tenures())::uuid[]) and access.covers((select access.reach('request.publish')), path)
  and coalesce(result, '') not in ('solved', 'partly', 'unsolved') and withdrawn_at is null and not permits_to_oneself(request)
  and exists (select from request r where r.id = publication.request and r.consent_public and r.path = publication.path
    and r.number = publication.number));
create policy publication_changed on publication for update to linli_app
  using (access.covers((select access.reach('request.publish')), path) or request = (select access.link())
         or exists (select from request r where r.id = publication.request and r.reporter = (select access.person())))
  -- Taken back by either side; shown again only as it was released the first time.
  with check (withdrawn_at is not null
    or released_by = any ((select access.tenures())::uuid[]) and access.covers((select access.reach('request.publish')), path)
      and not permits_to_oneself(request) and exists (select from request r where r.id = publication.request and r.consent_public));
-- Taking back changes nothing of what was released: it stands in the record as it was read.
create function publication_as_released() returns trigger
  language plpgsql set search_path = pg_catalog, public as $$
  begin
    if session_user = 'linli_app' and new.withdrawn_at is not null
       and (new.title, new.body, new.answer, new.words, new.released_by, new.released_at)
         is distinct from (old.title, old.body, old.answer, old.words, old.released_by, old.released_at) then
      raise exception 'what is taken back stays as it was released' using errcode = '42501';
    end if;
    return new;
  end $$;
create trigger publication_as_released before update of title, body, answer, words, released_by, released_at, withdrawn_at on publication
  for each row execute function publication_as_released();
create policy publication_jobs on publication for all to linli_jobs using (true) with check (true);
grant select, insert (request, number, path, title, body, answer, category, state, result, filed_at, answered_at, closed_at, promised_at, words, released_by,
  released_at, withdrawn_at, version) on publication to linli_app;
grant update (title, body, answer, words, released_by, released_at, withdrawn_at, version) on publication to linli_app;
grant select, update, delete on publication to linli_jobs;

-- "Me too": another resident's own contact, never published.
create table me_too (
  id uuid primary key,
  request uuid not null references publication,
  phone_encrypted bytea,
  phone_index bytea,
  words text check (length(words) <= 1000),
  created_at timestamptz not null default now(),
  -- Of whoever was signed in: the same for the same person and matter, and not to be traced back to either without the database's key.
  once bytea
);
create index me_too_request on me_too (request);
create unique index me_too_once on me_too (request, phone_index) where phone_index is not null;
create unique index me_too_once_signed_in on me_too (request, once) where once is not null;
alter table me_too enable row level security;
create policy me_too_read on me_too for select to linli_app using (
  exists (select from request r where r.id = me_too.request
    and exists (select from unnest((select access.reach('request.contact'))) p where r.path >= p and r.path < p || '~')));
create policy me_too_jobs on me_too for all to linli_jobs using (true) with check (true);
grant select (id, request, phone_encrypted, words, created_at) on me_too to linli_app;
grant select, update, delete on me_too to linli_jobs;
create function me_too_add(id uuid, request uuid, phone_encrypted bytea, phone_index bytea, words text) returns integer
  language plpgsql volatile security definer set search_path = pg_catalog, public as $$
  declare now_count integer;
  begin
    perform from public.publication p where p.request = me_too_add.request and p.withdrawn_at is null for update;
    if not found then return null; end if;
    insert into public.me_too (id, request, phone_encrypted, phone_index, words, once)
      values (me_too_add.id, me_too_add.request, me_too_add.phone_encrypted, me_too_add.phone_index, me_too_add.words,
        (select sha256(k.secret || uuid_send(access.person()) || uuid_send(me_too_add.request) || k.secret) from access.key k))
      on conflict do nothing;
    if found then
      update public.publication p set me_too = p.me_too + 1 where p.request = me_too_add.request returning p.me_too into now_count;
    else
      select p.me_too into now_count from public.publication p where p.request = me_too_add.request;
    end if;
    return now_count;
  end $$;
revoke all on function me_too_add(uuid, uuid, bytea, bytea, text) from public;
grant execute on function me_too_add(uuid, uuid, bytea, bytea, text) to linli_app;
-- A person's own: what was left under the number they signed in with. Nobody else's number is theirs to ask for.
create function me_too_of_me() returns table (id uuid, number bigint, at timestamptz, words text, phone_encrypted bytea)
  language sql stable security definer set search_path = pg_catalog, public as $$
    select m.id, p.number, m.created_at, m.words, m.phone_encrypted
    from public.person me join public.me_too m on m.phone_index = me.phone_index join public.publication p on p.request = m.request
    where me.id = access.person() and me.phone_index is not null
    order by m.created_at limit 500
  $$;
revoke all on function me_too_of_me() from public;
grant execute on function me_too_of_me() to linli_app;
create index me_too_phone on me_too (phone_index) where phone_index is not null;
