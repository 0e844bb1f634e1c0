-- Up Migration

-- What belongs to a request: who reported, the units that have parts of it, its timeline, its answers, and who has it in hand.

-- Who reported, apart from what was reported: another duty reads it, and each reading is logged.
create table request_contact (
  request uuid primary key references request,
  person uuid references person,
  name_encrypted bytea,
  phone_encrypted bytea,
  phone_index bytea,
  mail_encrypted bytea,
  may_call boolean not null default true
);
create index request_contact_phone on request_contact (phone_index) where phone_index is not null;
create index request_contact_person on request_contact (person) where person is not null;

-- Numbers that a reporter left before and put right: kept as what was done, used for nothing.
create table request_contact_before (
  request uuid not null references request,
  phone_encrypted bytea not null,
  replaced_at timestamptz not null,
  primary key (request, replaced_at)
);

-- The reporter puts right, or leaves, the number by which they are reached. A link that staff handed out may have stayed in the hands
-- it came from: with it the question how it was done would be turned to another's telephone. What was sent to the old number opens
-- nothing any more, but for the link by which it is put right. Returns whether it was done.
create function request_phone_correct(of_request uuid, phone bytea, index bytea, at timestamptz, by_link bytea) returns boolean
  language plpgsql security definer set search_path = pg_catalog, public as $$
  begin
    if not is_present(at) or not exists (select from public.request r where r.id = of_request and not r.anonymous
        and (r.id = access.link() and access.handed_by() is null or r.reporter = access.person())) then
      return false;
    end if;
    insert into public.request_contact_before (request, phone_encrypted, replaced_at)
      select c.request, c.phone_encrypted, at from public.request_contact c
      where c.request = of_request and c.phone_encrypted is not null;
    insert into public.request_contact (request, phone_encrypted, phone_index) values (of_request, phone, index)
      on conflict (request) do update set phone_encrypted = excluded.phone_encrypted, phone_index = excluded.phone_index;
    delete from access.token t where t.record = of_request and t.sent and t.kind in ('follow', 'judge') and t.hash is distinct from by_link;
    return true;
  end $$;
revoke all on function request_phone_correct(uuid, bytea, bytea, timestamptz, bytea) from public;
grant execute on function request_phone_correct(uuid, bytea, bytea, timestamptz, bytea) to linli_app;

-- How often the number was put right: whoever had the old one cannot know the token by which an answer is judged now. For the
-- reporter and for whoever judges; to all others it is none.
create function request_phone_round(of_request uuid) returns integer
  language sql stable security definer set search_path = pg_catalog, public as $$
    select count(*)::integer from public.request_contact_before b where b.request = of_request
      and (session_user <> 'linli_app' or of_request in (access.link(), access.judge())
        or exists (select from public.request r where r.id = of_request and r.reporter = access.person()))
  $$;
revoke all on function request_phone_round(uuid) from public;
grant execute on function request_phone_round(uuid) to linli_app, linli_jobs;

-- The same caller's other requests, for the duty to read contacts there. The index by which they are found stays unread: with it one
-- could ask for somebody else's link.
create function request_earlier(of_request uuid) returns setof uuid
  language sql stable security definer set search_path = pg_catalog, public as $$
    select other.request from public.request_contact own
      join public.request r on r.id = own.request
      join public.request_contact other on other.request <> own.request
        and (other.phone_index = own.phone_index or other.person = own.person)
      -- A matter about whoever asks is none that they hear of.
      join public.request o on o.id = other.request
    where own.request = of_request and public.request_seen(r) and access.covers(access.reach('request.contact'), r.path)
      and public.request_seen(o)
  $$;
revoke all on function request_earlier(uuid) from public;
grant execute on function request_earlier(uuid) to linli_app;

-- The contact that goes along with each part of what is divided, sealed as it stands, for whoever may divide it.
create function request_contact_to_divide(of_request uuid)
  returns table (person uuid, name_encrypted bytea, phone_encrypted bytea, mail_encrypted bytea, may_call boolean)
  language sql stable security definer set search_path = pg_catalog, public as $$
    select c.person, c.name_encrypted, c.phone_encrypted, c.mail_encrypted, c.may_call
    from public.request r join public.request_contact c on c.request = r.id
    where r.id = of_request and r.state in ('accepted', 'acknowledged')
      and (session_user <> 'linli_app' or public.request_seen(r) and access.covers(access.reach('request.dispatch'), r.level_path))
  $$;
revoke all on function request_contact_to_divide(uuid) from public;
grant execute on function request_contact_to_divide(uuid) to linli_app, linli_jobs;

-- What a request was divided into, for its reporter: who follows the whole follows each part; what was said of an answer only by a link of
-- their own.
create function request_divided(of_request uuid) returns table (id uuid, number bigint, title text, state text, result text)
  language sql stable security definer set search_path = pg_catalog, public as $$
    select part.id, part.number, part.title, part.state,
      case when part.result not in ('solved', 'partly', 'unsolved') or access.handed_by() is null or whole.reporter = access.person()
        then part.result end
    from public.request whole join public.request part on part.split_from = whole.id
    where whole.id = of_request and (whole.id = access.link() or whole.reporter = access.person())
    order by part.id
  $$;
revoke all on function request_divided(uuid) from public;
grant execute on function request_divided(uuid) to linli_app;

-- A complaint about handling and the matter it is about, each for whoever follows the other: of a matter, what its reporter complained of,
-- kept from handlers who hold its link on paper; of a complaint, the matter.
create function request_complaints_followed(of_request uuid)
  returns table (id uuid, number bigint, title text, filed_at timestamptz, original boolean)
  language sql stable security definer set search_path = pg_catalog, public as $$
    select about.id, about.number, case when told.entered_by is null then about.title end, about.filed_at, true
    from public.request told join public.request about on about.id = told.about_request
    where told.id = of_request and (told.id = access.link() or told.reporter = access.person())
    union all
    select complaint.id, complaint.number, null, complaint.filed_at, false
    from public.request told join public.request complaint on complaint.about_request = told.id
    where told.id = of_request and complaint.entered_by is null
      and ((told.id = access.link() and access.handed_by() is null) or told.reporter = access.person())
      and not coalesce(access.person() = any (complaint.excluded_people), false)
  $$;
revoke all on function request_complaints_followed(uuid) from public;
grant execute on function request_complaints_followed(uuid) to linli_app;

-- Parts: which body has it, as lead or assisting.
create table request_part (
  id uuid primary key,
  request uuid not null references request,
  body uuid not null references body,
  role text not null check (role in ('lead', 'assisting')),
  state text not null check (state in ('offered', 'dispatched', 'acknowledged', 'returned', 'answered', 'ended')),
  ask text,
  dispatched_at timestamptz not null default now(),
  acknowledged_at timestamptz,
  returned_at timestamptz,
  answered_at timestamptz,
  ended_at timestamptz,
  return_reason text,
  return_belongs_to uuid references body,
  version integer not null default 1
);
create index request_part_request on request_part (request);
create index request_part_body on request_part (body, state, request);
create index request_part_belongs on request_part (return_belongs_to) where return_belongs_to is not null;
create unique index request_part_lead on request_part (request) where role = 'lead' and state in ('offered', 'dispatched', 'acknowledged');

-- The timeline. `tenure` says who and under which post; a resident's own entries carry none.
create table request_entry (
  id uuid primary key,
  request uuid not null references request,
  act uuid,
  kind text not null,
  at timestamptz not null default now(),
  tenure uuid references tenure (id),
  -- Where it was done by a link that reached its holder through staff: the tenure that handed it out.
  handed_by uuid references tenure (id),
  body uuid references body,
  part uuid references request_part,
  internal boolean not null default false,
  text text,
  facts jsonb not null default '{}'
);
create index request_entry_request on request_entry (request, at, id);
create index request_entry_tenure on request_entry (tenure) where tenure is not null;
create index request_entry_handed_by on request_entry (handed_by) where handed_by is not null;
create index request_entry_body on request_entry (body) where body is not null;
create index request_entry_part on request_entry (part) where part is not null;

-- Who had a hand in a request: people of the tenures that wrote its handling lines. A resident who judges may not read the
-- tenures themselves, yet what they say must be kept from these.
create function request_handlers(request_id uuid) returns setof uuid
  language sql stable security definer set search_path = pg_catalog, public as $$
    select distinct t.person from public.request_entry e join public.tenure t on t.id = e.tenure join public.request r on r.id = e.request
    where e.request = request_id and e.kind = any (public.request_handling_kinds()) and (session_user <> 'linli_app' or public.request_seen(r))
  $$;
revoke all on function request_handlers(uuid) from public;
grant execute on function request_handlers(uuid) to linli_app, linli_jobs;

-- The present posts of whoever holds a tenure: a request about an official is routed past all of them. Residents name those whose
-- post is shown to them.
create function official_posts(tenure_id uuid) returns table (person uuid, body uuid, path text, head boolean)
  language sql stable security definer set search_path = pg_catalog, public as $$
    select t.person, b.id, b.path, p.is_head
    from public.tenure asked join public.tenure t on t.person = asked.person and t.during @> now()
      join public.post p on p.id = t.post join public.body b on b.id = p.body
    where asked.id = tenure_id
      and (session_user <> 'linli_app' or cardinality(access.bodies()) > 0
           or exists (select from public.post shown where shown.id = asked.post and shown.shown))
  $$;
revoke all on function official_posts(uuid) from public;
grant execute on function official_posts(uuid) to linli_app, linli_jobs;

-- What was written before a correction: both versions are kept.
create table request_version (
  id uuid primary key,
  request uuid not null references request,
  title text not null,
  body text not null,
  spot text,
  replaced_at timestamptz not null default now()
);
create index request_version_request on request_version (request);

create table request_answer (
  id uuid primary key,
  request uuid not null references request,
  part uuid references request_part,
  kind text not null check (kind in ('answer', 'explanation', 'part')),
  state text not null check (state in ('draft', 'proposed', 'sent', 'refused')),
  text text not null check (length(text) between 1 and 8000),
  ground text,
  law uuid references law,
  next_remedy text,
  author uuid not null references tenure (id),
  reader uuid references tenure (id),
  reader_note text,
  agreed_by uuid references tenure (id),
  agreed_at timestamptz,
  created_at timestamptz not null default now(),
  sent_at timestamptz,
  version integer not null default 1,
  check (agreed_by is null or agreed_by <> author)
);
create index request_answer_request on request_answer (request, created_at);
create index request_answer_proposed on request_answer (request) where kind = 'explanation' and state = 'proposed';
create index request_answer_part on request_answer (part) where part is not null;
create index request_answer_law on request_answer (law) where law is not null;
create index request_answer_author on request_answer (author);
create index request_answer_reader on request_answer (reader) where reader is not null;
create index request_answer_agreed on request_answer (agreed_by) where agreed_by is not null;

do $$ declare named text; begin
  foreach named in array array['request_contact', 'request_contact_before', 'request_part', 'request_entry', 'request_version', 'request_answer'] loop
    execute format('alter table %I enable row level security', named);
    execute format('create policy %I on %I for all to linli_jobs using (true) with check (true)', named || '_jobs', named);
    execute format('grant select, insert, update on %I to linli_jobs', named);
  end loop;
end $$;
grant select, insert on request_part, request_answer to linli_app;
grant update (state, acknowledged_at, returned_at, answered_at, ended_at, return_reason, return_belongs_to, version) on request_part to linli_app;
grant update (state, reader, reader_note, agreed_by, agreed_at, sent_at, version) on request_answer to linli_app;
grant select, insert on request_entry, request_version to linli_app;
grant delete on request_contact_before to linli_jobs;
-- Not the index of the phone: nobody reads it, and what is to be found by it is found by functions.
grant select (request, person, name_encrypted, phone_encrypted, mail_encrypted, may_call) on request_contact to linli_app;

-- Whether a body of whoever asks has a request, or had it and answered. One that sent it to another place has it no more.
create function request_in_hand(of_request uuid, bodies uuid[], senders uuid[], charged uuid[], own uuid[]) returns boolean
  language sql stable as $$
    select bodies && own and (not senders && own or charged && own
      or exists (select from request_part p where p.request = of_request and p.body = any (own) and p.state <> 'returned'))
  $$;

-- Contact: the reporter, the holder of the link, the unit that has it, and the duty that needs it.
create policy request_contact_read on request_contact for select to linli_app using (
  request = (select access.link()) or person = (select access.person())
  or exists (select from request r where r.id = request_contact.request
             and (request_in_hand(r.id, r.bodies, r.senders, array[r.holder, r.first_receiver, r.responsible], (select access.bodies()))
                  or exists (select from unnest((select access.reach('request.contact'))) p where r.path >= p and r.path < p || '~'))));
create policy request_part_read on request_part for select to linli_app
  using (exists (select from request r where r.id = request_part.request));
-- Internal notes and drafts are read by staff who have the request in reach, never through a link or as its reporter.
create policy request_entry_read on request_entry for select to linli_app using (
  exists (select from request r where r.id = request_entry.request
    and (not internal
         or exists (select from unnest((select access.reach('request.read'))) p where r.path >= p and r.path < p || '~')
         or request_in_hand(r.id, r.bodies, r.senders, array[r.holder, r.first_receiver, r.responsible], (select access.bodies())))));
create policy request_version_read on request_version for select to linli_app
  using (exists (select from request r where r.id = request_version.request));
-- What was sent is read by everyone who reads the request. (Within the subquery an unqualified `state` is that of the request.)
create policy request_answer_read on request_answer for select to linli_app using (
  exists (select from request r where r.id = request_answer.request
    and (request_answer.state = 'sent' and request_answer.kind <> 'part'
         or exists (select from unnest((select access.reach('request.read'))) p where r.path >= p and r.path < p || '~')
         or request_in_hand(r.id, r.bodies, r.senders, array[r.holder, r.first_receiver, r.responsible], (select access.bodies())))));

------------------------------------------------------------------------------- who has it in hand

-- Who has had a hand in what is still open. What somebody handles is answered from here, however much they did before.
create table request_hand (
  tenure uuid not null references tenure (id),
  request uuid not null references request on delete cascade,
  primary key (tenure, request)
);
create index request_hand_request on request_hand (request);
alter table request_hand enable row level security;
create policy request_hand_own on request_hand for select to linli_app using (tenure = any ((select access.tenures())::uuid[]));
create policy request_hand_jobs on request_hand for select to linli_jobs using (true);
grant select on request_hand to linli_app, linli_jobs;

create function request_hand_taken() returns trigger
  language plpgsql security definer set search_path = pg_catalog, public as $$
  begin
    insert into public.request_hand (tenure, request)
      select new.tenure, r.id from public.request r where r.id = new.request and r.state <> 'closed' on conflict do nothing;
    return null;
  end $$;
create trigger request_hand_taken after insert on request_entry for each row
  when (new.tenure is not null and new.kind = any (request_handling_kinds())) execute function request_hand_taken();

create function request_hand_turned() returns trigger
  language plpgsql security definer set search_path = pg_catalog, public as $$
  begin
    if new.state = 'closed' then
      delete from public.request_hand h where h.request = new.id;
    else
      insert into public.request_hand (tenure, request)
        select distinct e.tenure, e.request from public.request_entry e
        where e.request = new.id and e.tenure is not null and e.kind = any (public.request_handling_kinds()) on conflict do nothing;
    end if;
    return null;
  end $$;
create trigger request_hand_turned after update of state on request for each row
  when ((old.state = 'closed') <> (new.state = 'closed')) execute function request_hand_turned();

-- Where a matter was merged into another, by however many steps: how that one stands and what it was answered, for whoever follows the
-- one that was merged. Of its reporter there is nothing here, neither words nor verdict.
create function request_merged_followed(of_request uuid)
  returns table (state text, promised_at timestamptz, promised_provisional boolean, responsible uuid, kind text, text text, remedy text,
    law uuid, sent_at timestamptz, who text, post text, post_en text, body text, body_en text)
  language sql stable security definer set search_path = pg_catalog, public as $$
    with recursive step(id, depth) as (
      select told.merged_into, 1 from public.request told
        where told.id = of_request and told.state = 'closed' and told.result = 'merged'
          and (told.id = access.link() or told.reporter = access.person())
      union all
      select r.merged_into, step.depth + 1 from step join public.request r on r.id = step.id
        where r.state = 'closed' and r.result = 'merged' and step.depth < 20
    )
    select into_it.state, into_it.promised_at, into_it.promised_provisional, into_it.responsible, a.kind, a.text, a.next_remedy,
      a.law, a.sent_at, t.holder_name, p.title, p.title_en, b.name, b.name_en
    from step join public.request into_it on into_it.id = step.id and into_it.result is distinct from 'merged'
      left join lateral (select * from public.request_answer said
        where said.request = into_it.id and said.state = 'sent' and said.kind in ('answer', 'explanation')
          and (into_it.state = 'answered' or into_it.state = 'closed' and into_it.result <> 'withdrawn')
        order by said.sent_at desc limit 1) a on true
      left join public.tenure t on t.id = a.author left join public.post p on p.id = t.post left join public.body b on b.id = p.body
    where not coalesce(access.person() = any (into_it.excluded_people), false)
    order by step.depth desc limit 1
  $$;
revoke all on function request_merged_followed(uuid) from public;
grant execute on function request_merged_followed(uuid) to linli_app;
