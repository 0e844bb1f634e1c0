-- Up Migration

-- People, bodies, posts and tenures: the organisation chart is the permission system.

------------------------------------------------------------------------------- people

-- A person who signs in or holds a post. Contact columns are encrypted outside the database (AES-256-GCM);
-- phone_index is a keyed hash for exact match.
create table person (
  id uuid primary key,
  auth_user text unique,
  name text,
  phone_encrypted bytea,
  phone_index bytea,
  mail_encrypted bytea,
  language text not null default 'zh-CN' check (language in ('zh-CN', 'en')),
  home_path text collate "C",
  created_at timestamptz not null default now(),
  erased_at timestamptz,
  version integer not null default 1
);
create unique index person_phone on person (phone_index) where phone_index is not null and erased_at is null;
alter table person enable row level security;
create policy person_self on person for select to linli_app using (id = (select access.person()));
create policy person_self_update on person for update to linli_app using (id = (select access.person())) with check (id = (select access.person()));
create policy person_jobs on person for all to linli_jobs using (true) with check (true);
-- Not auth_user, contact or the erasure: who signs in as whom is decided by person_make, and erasing by jobs.
grant select, update (name, language, home_path, version) on person to linli_app;
grant select, insert, update on person to linli_jobs;

create or replace function access.person_of(auth_user text) returns uuid
  language sql stable security definer set search_path = pg_catalog, public as $$
    select p.id from public.person p where p.auth_user = person_of.auth_user and p.erased_at is null
  $$;
revoke all on function access.person_of(text) from public;

------------------------------------------------------------------------------- bodies

create table body (
  id uuid primary key,
  kind text not null check (kind in ('subdistrict_office', 'party_working_committee', 'district_government', 'department', 'residents_committee',
    'villagers_committee', 'supervision_committee', 'residents_group', 'homeowners_committee', 'property_manager', 'resident_work_unit',
    'party_organisation', 'social_organisation', 'service_centre', 'service_team', 'hotline', 'grid')),
  name text not null check (length(name) between 1 and 80),
  name_en text check (length(name_en) between 1 and 120),
  place uuid not null references place,
  path text collate "C" not null,
  telephone text,
  address text,
  hours text,
  created_at timestamptz not null default now(),
  dissolved_at timestamptz,
  dissolved_basis text,
  version integer not null default 1
);
create index body_place on body (place);
create index body_path on body (path, kind) where dissolved_at is null;
insert into place_path_column (table_name, column_name) values ('body', 'path'), ('person', 'home_path');

create table post (
  id uuid primary key,
  body uuid not null references body,
  title text not null check (length(title) between 1 and 60),
  title_en text check (length(title_en) between 1 and 80),
  -- The closed list of duties, as in bodies/duties.ts; a test holds the two together.
  duties text[] not null check (cardinality(duties) > 0 and duties <@ array[
    'request.enter', 'request.read', 'request.contact', 'request.accept', 'request.dispatch', 'request.handle', 'request.agree',
    'request.extend', 'request.supervise', 'request.publish', 'request.callback', 'judgement.read',
    'place.edit', 'place.settings', 'body.edit', 'post.appoint', 'ledger.read']),
  seats integer not null default 1 check (seats between 1 and 200),
  is_head boolean not null default false,
  shown boolean not null default false,
  abolished_at timestamptz,
  created_at timestamptz not null default now(),
  version integer not null default 1
);
create index post_body on post (body);

-- A tenure gives a person one seat of a post from one time to another. WITHOUT OVERLAPS keeps two holders out of one seat;
-- the trigger keeps seat numbers within the post's seats, so that holders never exceed seats at any moment.
create table tenure (
  id uuid not null unique,
  post uuid not null references post,
  seat integer not null check (seat >= 1),
  person uuid not null references person,
  holder_name text not null check (length(holder_name) between 1 and 60),
  kind text not null default 'appointed' check (kind in ('elected', 'appointed', 'concurrent', 'acting', 'delegated')),
  during tstzrange not null check (not isempty(during) and lower(during) is not null),
  basis text,
  appointed_by uuid,
  ended_by uuid,
  created_at timestamptz not null default now(),
  version integer not null default 1,
  primary key (post, seat, during without overlaps)
);
create index tenure_person on tenure using gist (person, during);
create index tenure_post on tenure (post);

-- Definer, because the post and the other tenures must be seen whoever writes; the lock on the post makes two who fill it
-- at once wait for each other.
create function tenure_within_seats() returns trigger
  language plpgsql security definer set search_path = pg_catalog, public as $$
  begin
    if new.seat > (select p.seats from public.post p where p.id = new.post for no key update) then
      raise exception 'a tenure beyond the seats of its post' using errcode = '23514', constraint = 'tenure_within_seats';
    end if;
    -- One person does not sit on two seats of one post at once.
    if exists (select from public.tenure t where t.post = new.post and t.person = new.person and t.id <> new.id and t.during && new.during) then
      raise exception 'this person holds this post already' using errcode = '23514', constraint = 'tenure_person_once';
    end if;
    return new;
  end $$;
create trigger tenure_within_seats before insert or update on tenure for each row execute function tenure_within_seats();

create function post_keeps_seats() returns trigger
  language plpgsql security definer set search_path = pg_catalog, public as $$
  begin
    if new.seats < old.seats and exists (
      select from public.tenure t where t.post = new.id and t.seat > new.seats and (upper_inf(t.during) or upper(t.during) > now())) then
      raise exception 'fewer seats than holders' using errcode = '23514', constraint = 'post_keeps_seats';
    end if;
    return new;
  end $$;
create trigger post_keeps_seats before update of seats on post for each row execute function post_keeps_seats();

-- Whether somebody may appoint at a path, now and with no end in sight.
create function appointer_at(at_path text) returns boolean
  language sql stable security definer set search_path = pg_catalog, public as $$
    select exists (
      select from public.tenure t join public.post p on p.id = t.post join public.body b on b.id = p.body join public.person h on h.id = t.person
      where 'post.appoint' = any (p.duties) and p.abolished_at is null and b.dissolved_at is null and h.erased_at is null
        and t.during @> now() and upper_inf(t.during)
        and at_path collate "C" >= b.path and at_path collate "C" < b.path || '~')
  $$;
revoke all on function appointer_at(text) from public;
grant execute on function appointer_at(text) to linli_app, linli_jobs;

-- A place never loses the last person who may appoint there: nobody could be given a post again. Ending a tenure, abolishing
-- a post, taking the duty from it and dissolving a body all come by here. The lock lets two who go at once go one by one.
create function appointer_remains() returns trigger
  language plpgsql volatile security definer set search_path = pg_catalog, public as $$
  declare
    guarded text;
  begin
    if tg_table_name = 'tenure' then
      select b.path into guarded from public.post p join public.body b on b.id = p.body
        where p.id = old.post and 'post.appoint' = any (p.duties) and old.during @> now() and not upper_inf(new.during);
    elsif tg_table_name = 'post' then
      select b.path into guarded from public.body b
        where b.id = old.body and 'post.appoint' = any (old.duties) and old.abolished_at is null
          and (new.abolished_at is not null or not 'post.appoint' = any (new.duties))
          and exists (select from public.tenure t where t.post = old.id and t.during @> now());
    elsif old.dissolved_at is null and new.dissolved_at is not null then
      select old.path into guarded
        where exists (select from public.post p join public.tenure t on t.post = p.id
                      where p.body = old.id and 'post.appoint' = any (p.duties) and t.during @> now());
    end if;
    if guarded is null then return null; end if;
    perform pg_advisory_xact_lock(hashtext('linli.appointers'));
    if not public.appointer_at(guarded) then
      raise exception 'the last person who may appoint here' using errcode = '23514', constraint = 'appointer_remains';
    end if;
    return null;
  end $$;
create trigger appointer_remains after update of during on tenure for each row execute function appointer_remains();
create trigger appointer_remains after update of duties, abolished_at on post for each row execute function appointer_remains();
create trigger appointer_remains after update of dissolved_at on body for each row execute function appointer_remains();

-- Nobody gives themselves a duty: not by appointing themselves, not by adding it to a post they hold.
create function duty_from_another() returns trigger
  language plpgsql security definer set search_path = pg_catalog, public as $$
  begin
    if session_user = 'linli_app' and not (new.duties <@ old.duties) and exists (
      select from public.tenure t where t.post = new.id and t.person = access.person() and t.during @> now()) then
      raise exception 'nobody adds duties to a post of their own' using errcode = '23514', constraint = 'duty_from_another';
    end if;
    return new;
  end $$;
create trigger duty_from_another before update of duties on post for each row execute function duty_from_another();

-- A tenure keeps its first day, one that is over stays over, and a later end than was resolved is a new appointment: nobody gives
-- it to themselves. Whoever changes an end says under which tenure of their own.
create function tenure_not_prolonged() returns trigger
  language plpgsql set search_path = pg_catalog, public as $$
  begin
    if session_user <> 'linli_app' then return new; end if;
    if lower(new.during) is distinct from lower(old.during) or not upper_inf(old.during) and upper(old.during) <= now()
       or new.ended_by is not null and (new.ended_by = any (access.tenures())) is not true then
      raise exception 'a tenure keeps its first day and its past' using errcode = '42501';
    end if;
    if not new.during <@ old.during and old.person is not distinct from access.person() then
      raise exception 'nobody prolongs a tenure of their own' using errcode = '23514', constraint = 'duty_from_another';
    end if;
    return new;
  end $$;
create trigger tenure_not_prolonged before update of during, ended_by on tenure for each row execute function tenure_not_prolonged();

-- Duties of those who look after the work of others, as oversightDuties of the room; a test holds the two together. Whoever handles
-- requests could else be their own overseer under a second name.
create function oversight_duties() returns text[] language sql immutable parallel safe
  return array['request.agree', 'request.extend', 'request.supervise', 'request.callback', 'judgement.read', 'ledger.read'];

-- Which of some duties somebody may not give to a post at a path. An oversight duty is given from a level above (a subdistrict, a
-- district, a city or a province: a community stands above nobody), by whoever appoints or holds it there, or by whoever has no
-- appointer above them and so sets a new installation up. To hold it beside the post is not enough: whoever is watched could else
-- watch under a second name.
create function oversight_refused(giver uuid, given text[], at_path text) returns text[]
  language sql stable security definer set search_path = pg_catalog, public as $$
    with held as (
      select p.duties, b.path collate "C" as path, l.kind
      from public.tenure t join public.post p on p.id = t.post join public.body b on b.id = p.body join public.place l on l.id = b.place
      where t.person = giver and t.during @> now() and p.abolished_at is null and b.dissolved_at is null
        and starts_with(at_path, b.path)
    )
    select array(
      select duty from unnest(given) duty
      where duty = any (public.oversight_duties())
        and not exists (
          select from held h where h.path <> at_path and h.kind in ('province', 'city', 'district', 'subdistrict')
            and (duty = any (h.duties) or 'post.appoint' = any (h.duties)))
        and not exists (
          select from held h where 'post.appoint' = any (h.duties)
            and not exists (
              select from public.tenure t join public.post p on p.id = t.post join public.body b on b.id = p.body join public.person o on o.id = t.person
              where 'post.appoint' = any (p.duties) and p.abolished_at is null and b.dissolved_at is null and o.erased_at is null
                and t.during @> now() and starts_with(h.path, b.path) and b.path <> h.path)))
  $$;
revoke all on function oversight_refused(uuid, text[], text) from public;

-- The same of whoever is asking.
create function oversight_refused_to_me(given text[], at_path text) returns text[]
  language sql stable security definer set search_path = pg_catalog, public as $$
    select public.oversight_refused(access.person(), given, at_path)
  $$;
revoke all on function oversight_refused_to_me(text[], text) from public;
grant execute on function oversight_refused_to_me(text[], text) to linli_app;

-- Asked of whoever writes directly; accepting an invitation asks it of whoever invited. What may not be given may not be taken
-- either: nobody ends, empties, renames or hides those who watch them.
create function oversight_from_above() returns trigger
  language plpgsql set search_path = pg_catalog, public as $$
  declare
    given text[] := '{}';
    standing text[] := '{}';
    at_path text;
  begin
    if current_user <> 'linli_app' then return new; end if;
    if tg_table_name = 'body' then
      if (new.kind, new.name, new.name_en, new.dissolved_at) is not distinct from (old.kind, old.name, old.name_en, old.dissolved_at) then
        return new;
      end if;
      select coalesce(array_agg(distinct d), '{}') into standing from public.post p, unnest(p.duties) d where p.body = new.id and p.abolished_at is null;
      at_path := old.path;
    elsif tg_table_name = 'post' then
      select b.path into at_path from public.body b where b.id = new.body;
      if tg_op = 'INSERT' then
        given := new.duties;
      else
        given := array(select d from unnest(new.duties) d where not d = any (old.duties));
        standing := old.duties;
      end if;
    else
      select p.duties, b.path into given, at_path from public.post p join public.body b on b.id = p.body where p.id = new.post;
      if tg_op = 'UPDATE' then
        if tg_table_name = 'invitation' then
          standing := given;
          given := '{}';
        elsif new.during <@ old.during then
          -- Whoever leaves of their own will asks nobody.
          if new.person = access.person() then return new; end if;
          standing := given;
          given := '{}';
        end if;
      end if;
    end if;
    if cardinality(public.oversight_refused_to_me(given, at_path)) > 0 then
      raise exception 'oversight is given from above' using errcode = '23514', constraint = 'oversight_from_above';
    end if;
    if cardinality(public.oversight_refused_to_me(standing, at_path)) > 0 then
      raise exception 'oversight is ended from above' using errcode = '23514', constraint = 'oversight_stands';
    end if;
    return new;
  end $$;
create trigger oversight_from_above before insert or update on post for each row execute function oversight_from_above();
create trigger oversight_from_above before insert or update of during on tenure for each row execute function oversight_from_above();
create trigger oversight_from_above before update of kind, name, name_en, dissolved_at on body for each row execute function oversight_from_above();

-- Who serves here is public; bodies, posts and the names of holders are official facts.
-- (Posts with shown = false are left out by the public pages; the chart itself is open to staff.)
alter table body enable row level security;
alter table post enable row level security;
alter table tenure enable row level security;
create policy body_read on body for select to linli_app using (true);
create policy post_read on post for select to linli_app using (true);
create policy tenure_read on tenure for select to linli_app
  using (person = (select access.person()) or cardinality((select access.bodies())) > 0
         or exists (select from post p where p.id = tenure.post and p.shown)
         or (select access.link()) is not null or (select access.judge()) is not null);
-- At the place whose path it bears: what stands above whom is read from both.
create policy body_found on body for insert to linli_app with check (access.covers((select access.reach('body.edit')), path)
  and exists (select from place p where p.id = body.place and p.path = body.path));
create policy body_edit on body for update to linli_app
  using (access.covers((select access.reach('body.edit')), path)) with check (access.covers((select access.reach('body.edit')), path));
create policy post_found on post for insert to linli_app
  with check (exists (select from body b where b.id = post.body and access.covers((select access.reach('body.edit')), b.path)));
create policy post_edit on post for update to linli_app
  using (exists (select from body b where b.id = post.body and access.covers((select access.reach('body.edit')), b.path)));
create policy tenure_appoint on tenure for insert to linli_app
  with check (person is distinct from (select access.person())
    and exists (select from post p join body b on b.id = p.body where p.id = tenure.post and access.covers((select access.reach('post.appoint')), b.path)));
create policy tenure_end on tenure for update to linli_app
  using (exists (select from post p join body b on b.id = p.body where p.id = tenure.post and access.covers((select access.reach('post.appoint')), b.path)));
create policy body_jobs on body for select to linli_jobs using (true);
create policy post_jobs on post for select to linli_jobs using (true);
create policy tenure_jobs on tenure for select to linli_jobs using (true);
grant select, insert on body, post, tenure to linli_app;
-- A body stays at its place (places move it along), a post in its body, a tenure with its person and seat.
grant update (kind, name, name_en, telephone, address, hours, dissolved_at, dissolved_basis, version) on body to linli_app;
grant update (title, title_en, duties, seats, is_head, shown, abolished_at, version) on post to linli_app;
grant update (during, ended_by, version) on tenure to linli_app;
grant select on body, post, tenure to linli_jobs;

-- Whether a body has somebody at present who carries a duty. Definer, because a resident who files a request does not see
-- every tenure; it names nobody.
create function body_has_holder(of_body uuid, duty text) returns boolean
  language sql stable security definer set search_path = pg_catalog, public as $$
    select exists (
      select from public.post p join public.tenure t on t.post = p.id join public.person h on h.id = t.person
      where p.body = of_body and p.abolished_at is null and body_has_holder.duty = any (p.duties) and t.during @> now() and h.erased_at is null)
  $$;
revoke all on function body_has_holder(uuid, text) from public;
grant execute on function body_has_holder(uuid, text) to linli_app, linli_jobs;

-- Port filled: everything a person may do now, and where. A duty reaches from the place of the post's body downwards.
create or replace function access.standing(person uuid) returns jsonb
  language sql stable security definer set search_path = pg_catalog, public as $$
    with held as (
      select t.id as tenure, p.id as post, p.title, p.title_en, p.is_head, p.duties, b.id as body, b.path, b.name, b.name_en, b.kind
      from public.tenure t join public.post p on p.id = t.post join public.body b on b.id = p.body
      where t.person = standing.person and t.during @> now() and p.abolished_at is null and b.dissolved_at is null
    )
    select jsonb_build_object(
      'tenures', coalesce((select jsonb_agg(jsonb_build_object('tenure', tenure, 'post', post, 'title', title, 'title_en', title_en, 'head', is_head,
        'body', body, 'path', path, 'body_name', name, 'body_name_en', name_en, 'body_kind', kind, 'duties', to_jsonb(duties)) order by path, tenure) from held), '[]'),
      'bodies', coalesce((select jsonb_agg(distinct body) from held), '[]'),
      'reach', coalesce((select jsonb_object_agg(duty, paths) from (
        select duty, jsonb_agg(distinct path) as paths from held, unnest(duties) duty group by duty) r), '{}'))
  $$;
revoke all on function access.standing(uuid) from public;

-- A person made for a sign-in. For jobs alone: it ties an account to whoever is known by a number, and its answer says which account,
-- its refusal which number, is known.
create function person_make(id uuid, auth_user text, name text, phone_encrypted bytea, phone_index bytea, mail_encrypted bytea, language text) returns uuid
  language plpgsql volatile set search_path = pg_catalog, public as $$
  declare found_id uuid;
  begin
    select p.id into found_id from public.person p
      where (person_make.auth_user is not null and p.auth_user = person_make.auth_user);
    if found_id is not null then return found_id; end if;
    -- Known by this phone and without an account so far: whoever has proved the number is that person.
    if person_make.auth_user is not null and person_make.phone_index is not null then
      update public.person p set auth_user = person_make.auth_user
        where p.phone_index = person_make.phone_index and p.auth_user is null and p.erased_at is null returning p.id into found_id;
      if found_id is not null then return found_id; end if;
    end if;
    insert into public.person (id, auth_user, name, phone_encrypted, phone_index, mail_encrypted, language)
      values (person_make.id, person_make.auth_user, person_make.name, person_make.phone_encrypted, person_make.phone_index, person_make.mail_encrypted, person_make.language);
    return person_make.id;
  end $$;
revoke all on function person_make(uuid, text, text, bytea, bytea, bytea, text) from public;
grant execute on function person_make(uuid, text, text, bytea, bytea, bytea, text) to linli_jobs;

-- Invitations to a post: a secret link (hashed), single use, ends by itself.
create table invitation (
  id uuid primary key,
  post uuid not null references post,
  name text not null,
  mail_encrypted bytea not null,
  token_hash bytea not null unique,
  -- Null: by whoever runs the installation, at the command line, where nobody may appoint yet.
  invited_by uuid references person,
  created_at timestamptz not null default now(),
  expires_at timestamptz not null,
  accepted_at timestamptz,
  withdrawn_at timestamptz
);
create index invitation_post on invitation (post);
create index invitation_invited_by on invitation (invited_by) where invited_by is not null;
alter table invitation enable row level security;
create policy invitation_seen on invitation for select to linli_app
  using (exists (select from post p join body b on b.id = p.body where p.id = invitation.post and access.covers((select access.reach('post.appoint')), b.path)));
create policy invitation_made on invitation for insert to linli_app
  with check (invited_by = (select access.person()) and exists (select from post p join body b on b.id = p.body where p.id = invitation.post and access.covers((select access.reach('post.appoint')), b.path)));
create policy invitation_withdrawn on invitation for update to linli_app
  using (exists (select from post p join body b on b.id = p.body where p.id = invitation.post and access.covers((select access.reach('post.appoint')), b.path)));
create policy invitation_jobs on invitation for all to linli_jobs using (true) with check (true);
grant select, insert, update (withdrawn_at) on invitation to linli_app;
grant select, delete on invitation to linli_jobs;

create trigger oversight_from_above before insert or update on invitation for each row execute function oversight_from_above();

-- What the holder of an invitation may see before accepting.
create function invitation_read(token_hash bytea)
  returns table (id uuid, post uuid, name text, mail_encrypted bytea, title text, title_en text, body_name text, body_name_en text)
  language sql stable security definer set search_path = pg_catalog, public as $$
    select i.id, i.post, i.name, i.mail_encrypted, p.title, p.title_en, b.name, b.name_en
    from public.invitation i join public.post p on p.id = i.post join public.body b on b.id = p.body
    where i.token_hash = invitation_read.token_hash and i.accepted_at is null and i.withdrawn_at is null and i.expires_at > now()
  $$;
-- The post of an invitation that was accepted, for whoever shows its token again: pressed twice, it was accepted once.
create function invitation_accepted(token_hash bytea) returns uuid
  language sql stable security definer set search_path = pg_catalog, public as $$
    select i.post from public.invitation i where i.token_hash = invitation_accepted.token_hash and i.accepted_at is not null
  $$;
revoke all on function invitation_accepted(bytea) from public;
grant execute on function invitation_accepted(bytea) to linli_app;

-- A free seat of a post for a whole stretch of time, the post held until the end of the transaction.
create function post_free_seat(of_post uuid, stretch tstzrange) returns integer
  language plpgsql volatile security definer set search_path = pg_catalog, public as $$
  declare
    held_seats integer;
  begin
    select p.seats into held_seats from public.post p join public.body b on b.id = p.body
      where p.id = of_post and p.abolished_at is null and b.dissolved_at is null for no key update of p;
    return (select n from generate_series(1, held_seats) n
      where not exists (select from public.tenure t where t.post = of_post and t.seat = n and t.during && stretch) order by n limit 1);
  end $$;
revoke all on function post_free_seat(uuid, tstzrange) from public;
grant execute on function post_free_seat(uuid, tstzrange) to linli_app, linli_jobs;

-- Accepting makes the tenure: the right comes from the inviter's duty at the time of the invitation and is checked again now.
create function invitation_accept(token_hash bytea, tenure_id uuid, person uuid) returns uuid
  language plpgsql volatile security definer set search_path = pg_catalog, public as $$
  declare
    found_invitation public.invitation;
    post_path text;
    free_seat integer;
  begin
    select * into found_invitation from public.invitation i
      where i.token_hash = invitation_accept.token_hash and i.accepted_at is null and i.withdrawn_at is null and i.expires_at > now() for update;
    if found_invitation.id is null then return null; end if;
    -- Somebody accepts for themselves, and nobody an invitation they wrote.
    if session_user = 'linli_app' and access.person() is distinct from invitation_accept.person then return null; end if;
    if found_invitation.invited_by = invitation_accept.person then
      raise exception 'nobody appoints themselves' using errcode = '23514', constraint = 'duty_from_another';
    end if;
    select b.path into post_path from public.post p join public.body b on b.id = p.body
      where p.id = found_invitation.post and p.abolished_at is null and b.dissolved_at is null;
    if post_path is null then return null; end if;
    if found_invitation.invited_by is null then
      -- The command line gives the first post alone: whoever came first appoints from then on.
      if public.appointer_at(post_path) then return null; end if;
    elsif not access.covers(coalesce((select array_agg(value) from jsonb_array_elements_text(
        access.standing(found_invitation.invited_by) -> 'reach' -> 'post.appoint')), '{}'), post_path) then
      return null;
    elsif cardinality(public.oversight_refused(found_invitation.invited_by, (select p.duties from public.post p where p.id = found_invitation.post), post_path)) > 0 then
      return null;
    end if;
    free_seat := public.post_free_seat(found_invitation.post, tstzrange(now(), null));
    if free_seat is null then
      raise exception 'no free seat' using errcode = '23514', constraint = 'tenure_within_seats';
    end if;
    insert into public.tenure (id, post, seat, person, holder_name, during, basis, appointed_by)
      values (tenure_id, found_invitation.post, free_seat, invitation_accept.person, found_invitation.name, tstzrange(now(), null), 'invitation', found_invitation.invited_by);
    update public.invitation set accepted_at = now() where id = found_invitation.id;
    return found_invitation.post;
  end $$;

-- The sign-in behind a holder, for whoever may end the tenure: so that the leaver's open sessions end with it.
create function tenure_sign_in(of_tenure uuid) returns text
  language sql stable security definer set search_path = pg_catalog, public as $$
    select h.auth_user from public.tenure t join public.post p on p.id = t.post join public.body b on b.id = p.body
      join public.person h on h.id = t.person
    where t.id = of_tenure and (session_user = 'linli_jobs' or access.covers(access.reach('post.appoint'), b.path))
  $$;
revoke all on function tenure_sign_in(uuid) from public;
grant execute on function tenure_sign_in(uuid) to linli_app, linli_jobs;

-- Whether a person can be given a post: known and not erased.
create function person_stands(of_person uuid) returns boolean
  language sql stable security definer set search_path = pg_catalog, public as $$
    select exists (select from public.person where id = of_person and erased_at is null)
  $$;
revoke all on function person_stands(uuid) from public;
grant execute on function person_stands(uuid) to linli_app;

revoke all on function invitation_read(bytea) from public;
revoke all on function invitation_accept(bytea, uuid, uuid) from public;
grant execute on function invitation_read(bytea), invitation_accept(bytea, uuid, uuid) to linli_app;

------------------------------------------------------------------------------- settings of a place

-- Settings hold for a place and everything below it until a lower place says otherwise.
create table place_setting (
  path text collate "C" not null,
  name text not null check (name in ('working_hours', 'deadlines', 'contact', 'call_back_share', 'notice')),
  value jsonb not null,
  version integer not null default 1,
  changed_at timestamptz not null default now(),
  changed_by uuid,
  primary key (path, name)
);
insert into place_path_column (table_name, column_name, follows_merge) values ('place_setting', 'path', false);

create table category (
  id uuid primary key,
  path text collate "C" not null,
  code text not null check (code ~ '^[a-z0-9_.-]{1,80}$'),
  level1 text not null, level2 text not null, level3 text not null,
  level1_en text, level2_en text, level3_en text,
  promised_days integer not null default 5 check (promised_days between 1 and 60),
  usual_body uuid references body,
  usual_kind text,
  retired_at timestamptz,
  version integer not null default 1,
  unique (path, code)
);
create index category_usual_body on category (usual_body) where usual_body is not null;
insert into place_path_column (table_name, column_name, follows_merge) values ('category', 'path', false);

create table template (
  id uuid primary key,
  path text collate "C" not null,
  name text not null check (length(name) between 1 and 60),
  text text not null check (length(text) between 1 and 4000),
  language text not null default 'zh-CN' check (language in ('zh-CN', 'en')),
  retired_at timestamptz,
  version integer not null default 1
);
create index template_path on template (path) where retired_at is null;
insert into place_path_column (table_name, column_name, follows_merge) values ('template', 'path', false);

-- The library of laws and policies: every refusal or exclusion cites an item of it.
create table law (
  id uuid primary key,
  path text collate "C" not null,
  kind text not null check (kind in ('law', 'regulation', 'rule', 'policy', 'standard')),
  name text not null check (length(name) between 1 and 160),
  name_en text,
  article text,
  plain text not null check (length(plain) between 1 and 4000),
  plain_en text,
  valid_from date,
  retired_at timestamptz,
  version integer not null default 1
);
create index law_path on law (path) where retired_at is null;
insert into place_path_column (table_name, column_name, follows_merge) values ('law', 'path', false);

do $$ declare named text; begin
  foreach named in array array['place_setting', 'category', 'template', 'law'] loop
    execute format('alter table %I enable row level security', named);
    execute format('create policy %I on %I for select to linli_app using (true)', named || '_read', named);
    execute format($p$create policy %I on %I for insert to linli_app with check (access.covers((select access.reach('place.settings')), path))$p$, named || '_made', named);
    execute format($p$create policy %I on %I for update to linli_app using (access.covers((select access.reach('place.settings')), path)) with check (access.covers((select access.reach('place.settings')), path))$p$, named || '_edited', named);
    execute format('create policy %I on %I for select to linli_jobs using (true)', named || '_jobs', named);
    execute format('grant select, insert, update on %I to linli_app', named);
    execute format('grant select on %I to linli_jobs', named);
  end loop;
end $$;
-- A setting can be given up, so that what holds above holds here again.
create policy place_setting_given_up on place_setting for delete to linli_app using (access.covers((select access.reach('place.settings')), path));
grant delete on place_setting to linli_app;

------------------------------------------------------------------------------- my data

-- Who looked at what is held about me: the post and body of the reader, and the name under which they hold it. Definer,
-- because the reader's tenure may since have ended or belong to a post that is not shown; it tells each person of themselves alone.
create function readings_of_me(before uuid, at_most integer)
  returns table (id uuid, at timestamptz, what text, purpose text, record_kind text, subject_record uuid,
    holder_name text, title text, title_en text, body_name text, body_name_en text)
  language sql stable security definer set search_path = pg_catalog, public as $$
    select l.id, l.at, l.what, l.purpose, l.record_kind, l.subject_record, t.holder_name, p.title, p.title_en, b.name, b.name_en
    from access.log l
      left join public.tenure t on t.id = l.tenure
      left join public.post p on p.id = t.post
      left join public.body b on b.id = p.body
    where l.subject_person = access.person() and l.reader is distinct from access.person()
      and (before is null or l.id < before)
    order by l.id desc limit least(at_most, 500)
  $$;
revoke all on function readings_of_me(uuid, integer) from public;
grant execute on function readings_of_me(uuid, integer) to linli_app;

-- Erasing the salts of a person's acts: the facts stay provable, the tie to any words goes. Jobs alone.
create function ledger.erase_salts(of_person uuid) returns integer
  language sql volatile security definer set search_path = pg_catalog, ledger, public as $$
    with gone as (
      delete from ledger.salt s using ledger.act a where a.id = s.act and a.actor = of_person returning 1)
    select count(*)::integer from gone
  $$;
revoke all on function ledger.erase_salts(uuid) from public;
grant execute on function ledger.erase_salts(uuid) to linli_jobs;
create index if not exists act_actor on ledger.act (actor) where actor is not null;
