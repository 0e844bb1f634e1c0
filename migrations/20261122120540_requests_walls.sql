-- Up Migration

-- Who is what to a request, who reads how it ended, and who may write what beside it.

------------------------------------------------------------------------------- who is what to a request, and reads what

-- What whoever entered this transaction is to a request, in the words of the lifecycle.
create function request_standing(r request, reopening boolean) returns text[]
  language sql stable security definer set search_path = pg_catalog, public as $$
    with held as materialized (
      select path, body, duties from access.held()
    ), answers as (
      select b.path collate "C" as path, b.id from public.body b where b.id = r.responsible
    )
    select array(
      select 'reporter' where r.reporter = access.person()
      union all select 'link' where r.id = access.link()
      -- A token that was used judges no more; the matter can still be asked for again with it.
      union all select 'judge' where r.id = access.judge() and (reopening or not access.judge_used())
      union all select case p.role when 'lead' then 'lead' else 'assistant' end
        from public.request_part p join held h on h.body = p.body where p.request = r.id and 'request.handle' = any (h.duties)
          -- What is held, or was until a moment ago: within one act the part changes before the request does.
          and (p.state in ('offered', 'dispatched', 'acknowledged') or p.xmin = pg_current_xact_id_if_assigned()::xid)
      union all select d from held h, unnest(h.duties) d where starts_with(r.level_path, h.path)
      union all select d || ' above' from held h, unnest(h.duties) d, answers a
        where starts_with(a.path, h.path) and (h.path <> a.path or h.body <> a.id)
          -- At the district nobody stands above: there, another body counts.
          and (h.path <> a.path or starts_with(substring(r.path from '^(?:[^/]*/){1,3}'), h.path)))
  $$;
revoke all on function request_standing(request, boolean) from public;

-- How requests ended, for whoever asks. What the resident said of the answer (solved, partly, unsolved) is for the resident and for those
-- who read judgements there and had no hand in it; to all others such a request is closed, and no more.
create function request_results(ids uuid[]) returns table (id uuid, result text)
  language plpgsql stable security definer set search_path = pg_catalog, public as $$
  declare
    -- Asked once: each asking verifies the seal of the transaction.
    who uuid := access.person();
    own uuid[] := access.bodies();
    held_link uuid := access.link();
    -- One that staff handed out may have stayed in the hands it came from.
    own_link uuid := case when access.handed_by() is null then held_link end;
    held_judge uuid := access.judge();
    reading text[] := access.reach('request.read');
    judging text[] := access.reach('judgement.read');
    handling text[] := public.request_handling_kinds();
  begin
    if session_user <> 'linli_app' then
      return query select r.id, r.result from public.request r where r.id = any (ids) and r.result is not null;
      return;
    end if;
    return query
      select r.id, case when r.result not in ('solved', 'partly', 'unsolved')
          or r.id = own_link or r.id = held_judge or r.reporter = who
          or access.covers(judging, r.path)
            and not exists (select from public.judgement j where j.request = r.id
              and (who = any (j.handlers) or j.handler_bodies && own))
            and not exists (select from public.request_part p where p.request = r.id and p.body = any (own))
            -- As request_handlers, beginning with the matter's own lines.
            and not coalesce(who = any (array(select t.person from public.request_entry e join public.tenure t on t.id = e.tenure
              where e.request = r.id and e.kind = any (handling))), false)
        then r.result end
      from public.request r
      where r.id = any (ids) and r.result is not null
        -- As request_seen.
        and not coalesce(who = any (r.excluded_people), false) and not (r.excluded_bodies && own)
        and (access.covers(reading, r.path) or coalesce(r.id = held_link, false) or coalesce(r.id = held_judge, false)
             or coalesce(r.reporter = who, false) or r.bodies && own);
  end $$;
revoke all on function request_results(uuid[]) from public;
grant execute on function request_results(uuid[]) to linli_app, linli_jobs;

------------------------------------------------------------------------------- who may write what beside a request

-- The places below the district where those whom a request is about stand: of the bodies, and of the posts that the people hold now.
create function places_barred(people uuid[], of_bodies uuid[]) returns text[]
  language sql stable security definer set search_path = pg_catalog, public as $$
    select coalesce(array_agg(distinct b.path), '{}') from public.body b
    where (b.id = any (of_bodies) or b.id in (select p.body from public.tenure t join public.post p on p.id = t.post
        where t.person = any (people) and t.during @> now()))
      and b.path ~ '^([^/]*/){4,}$'
  $$;
revoke all on function places_barred(uuid[], uuid[]) from public;
grant execute on function places_barred(uuid[], uuid[]) to linli_app, linli_jobs;

-- Whether the reporter left something by which a message goes out here.
create function request_reaches(of_request uuid, by_sms boolean, by_mail boolean) returns boolean
  language sql stable security definer set search_path = pg_catalog, public as $$
    select exists (select from public.request_contact c join public.request r on r.id = c.request
      where c.request = of_request and (session_user <> 'linli_app' or public.request_seen(r))
        and (by_sms and c.phone_encrypted is not null or by_mail and c.mail_encrypted is not null))
  $$;
revoke all on function request_reaches(uuid, boolean, boolean) from public;
grant execute on function request_reaches(uuid, boolean, boolean) to linli_app, linli_jobs;

-- Whether staff may withdraw a request for its reporter: not what is late, nor by whoever holds it or had a hand in it, nor where the
-- reporter left nothing.
create function request_withdrawable(r request) returns boolean
  language sql stable security definer set search_path = pg_catalog, public as $$
    select coalesce(r.overdue_stage, '') not in ('overdue', 'far_overdue') and coalesce(r.due_at > now(), true)
      and not array[r.holder, r.responsible] && access.bodies()
      and public.request_reaches(r.id, true, true)
      and not coalesce(access.person() in (select public.request_handlers(r.id)), false)
  $$;
revoke all on function request_withdrawable(request) from public;

-- Whether a request may go on in another: one in sight, told before it in the same community, not answered yet, hidden from the same, and not
-- received at or beneath the place of whoever it is about.
create function request_mergeable(r request, into_id uuid) returns boolean
  language sql stable security definer set search_path = pg_catalog, public as $$
    select exists (select from public.request t join public.body b on b.id = t.holder
      where t.id = into_id and t.id <> r.id and public.request_seen(t) and t.state in ('received', 'accepted', 'dispatched', 'acknowledged')
        and t.filed_at <= r.filed_at
        and substring(t.path from '^(?:[^/]*/){1,5}') = substring(r.path from '^(?:[^/]*/){1,5}')
        and t.excluded_people @> r.excluded_people and r.excluded_people @> t.excluded_people
        and t.excluded_bodies @> r.excluded_bodies and r.excluded_bodies @> t.excluded_bodies
        and not exists (select from unnest(public.places_barred(r.excluded_people, r.excluded_bodies)) barred where starts_with(b.path, barred)))
  $$;
revoke all on function request_mergeable(request, uuid) from public;

-- Whether whoever entered this transaction sees a request and is one of these to it.
create function request_stands(request_id uuid, as_one_of text[]) returns boolean
  language sql stable security definer set search_path = pg_catalog, public as $$
    select exists (select from public.request r where r.id = request_id and public.request_seen(r)
      and public.request_standing(r, false) && as_one_of)
  $$;
revoke all on function request_stands(uuid, text[]) from public;
grant execute on function request_stands(uuid, text[]) to linli_app;

-- A request is given to a unit by whoever dispatches it; the unit that leads asks others to assist.
create policy request_part_made on request_part for insert to linli_app with check (
  case state
    -- A group of residents is asked first.
    when 'dispatched' then not exists (select from body b where b.id = request_part.body and b.kind = 'residents_group')
    when 'offered' then true
    -- What a unit has taken on goes along where a matter is divided.
    when 'acknowledged' then exists (select from request r where r.id = request_part.request and r.version = 1 and r.split_from is not null)
    else false end
  and not exists (select from request r join body b on b.id = request_part.body, unnest(places_barred(r.excluded_people, r.excluded_bodies)) barred
    where r.id = request_part.request and r.split_from is null and starts_with(b.path, barred))
  and request_stands(request, case role when 'lead' then '{request.dispatch}' else '{request.dispatch,lead}' end::text[]));
-- What is over stays so.
create policy request_part_changed on request_part for update to linli_app
  using (state in ('offered', 'dispatched', 'acknowledged') and request_stands(request,
    '{lead,assistant,reporter,link,request.enter,request.dispatch,request.dispatch above,request.agree}'))
  with check (state = 'ended' or request_stands(request, '{lead,assistant,request.dispatch,request.dispatch above,request.agree}'));

-- A part is taken on, returned and answered by the unit that has it; whoever agrees to an explanation answers for the one that leads.
-- That it ended is asked when the transaction ends.
create function request_part_step() returns trigger
  language plpgsql security definer set search_path = pg_catalog, public as $$
  begin
    if session_user = 'linli_app' and (new.state = old.state or new.state in ('offered', 'dispatched')
       or new.state <> 'ended'
         and not exists (select from access.held() h where h.body = old.body and 'request.handle' = any (h.duties))
         and not (new.state = 'answered' and old.role = 'lead' and exists (select from public.request_answer a
           where a.request = old.request and a.kind = 'explanation' and a.state = 'sent' and a.agreed_by = any (access.tenures())))) then
      raise exception 'a part of another unit' using errcode = '42501';
    end if;
    return new;
  end $$;
create trigger request_part_step before update on request_part for each row execute function request_part_step();

-- A request and its parts are written one after the other; when the transaction ends they fit. Where a unit has the request, one body
-- leads it and has taken it on or not as the request says; where none has, nobody holds a part; and an assisting unit's part does not
-- end over its head while the others go on.
create function request_parts_fit() returns trigger
  language plpgsql security definer set search_path = pg_catalog, public as $$
  declare
    whose uuid;
    stands text;
    leads text[];
    assisting integer;
  begin
    if session_user <> 'linli_app' then return null; end if;
    if tg_table_name = 'request' then whose := new.id; else whose := new.request; end if;
    select r.state into stands from public.request r where r.id = whose;
    select coalesce(array_agg(p.state) filter (where p.role = 'lead'), '{}'), count(*) filter (where p.role = 'assisting')
      into leads, assisting
      from public.request_part p where p.request = whose and p.state in ('offered', 'dispatched', 'acknowledged');
    if (case stands
        when 'acknowledged' then leads = '{acknowledged}'
        when 'dispatched' then leads in ('{offered}', '{dispatched}')
        else leads = '{}' and assisting = 0 end) is not true then
      raise exception 'a request and its parts that do not fit: %, led %', stands, leads using errcode = '42501';
    end if;
    if tg_table_name = 'request_part' and tg_op = 'UPDATE' then
      if new.state = 'ended' and new.role = 'assisting' and stands in ('dispatched', 'acknowledged')
         and not exists (select from access.held() h where h.body = new.body and 'request.handle' = any (h.duties)) then
        raise exception 'a part of another unit' using errcode = '42501';
      end if;
    end if;
    return null;
  end $$;
create constraint trigger request_parts_fit after insert or update on request_part deferrable initially deferred
  for each row execute function request_parts_fit();
create constraint trigger request_parts_fit after update on request deferrable initially deferred
  for each row when (old.state is distinct from new.state) execute function request_parts_fit();

-- Residents write lines of their own in their own matters, and nothing that staff do; staff write under a tenure and for a body of
-- their own, and what is done in handling only where they handle.
create policy request_entry_made on request_entry for insert to linli_app with check (
  is_present(at) and case when tenure is null then
      body is null and not internal
      and kind in ('added', 'phone_corrected', 'corrected', 'withdrawn', 'closed', 'reopened', 'publication_permitted', 'publication_forbidden', 'unpublished',
        'visit_arranged', 'visit_agreed', 'visit_moved', 'visit_cancelled')
      -- What was done by a link that staff handed out says so.
      and handed_by is not distinct from (select access.handed_by())
      and exists (select from request r where r.id = request_entry.request
        and (r.id = (select access.link()) or r.id = (select access.judge()) or r.reporter = (select access.person())))
    else
      handed_by is null and tenure = any ((select access.tenures())::uuid[])
      and (body is null or body = any ((select access.bodies())::uuid[]))
      and kind not in ('filed', 'phone_corrected', 'due_soon', 'overdue', 'far_overdue', 'call_back_drawn')
      and case when kind = any (request_handling_kinds()) then request_stands(request,
            '{lead,assistant,request.accept,request.dispatch,request.dispatch above,request.extend,request.agree}')
          when kind = 'supervised' then request_stands(request, '{request.supervise above}')
          when kind = 'slip_handed' then request_stands(request, '{request.callback}')
          else exists (select from request r where r.id = request_entry.request) end
    end);

-- What stood before a correction is what stands now.
create policy request_version_made on request_version for insert to linli_app with check (
  is_present(replaced_at) and request_stands(request, '{reporter,link,request.enter}')
  and exists (select from request r where r.id = request_version.request
    and (r.title, r.body, r.spot) is not distinct from (request_version.title, request_version.body, request_version.spot)));

-- Only the unit that leads drafts and answers, only one that assists answers its part; that an explanation was agreed to is written
-- by whoever agrees, later.
create policy request_answer_made on request_answer for insert to linli_app with check (
  author = any ((select access.tenures())::uuid[]) and agreed_by is null and agreed_at is null and reader is null
  and case state when 'sent' then sent_at is not null and is_present(sent_at) else sent_at is null end
  -- What the resident will read says something; a draft may still be anything.
  and (state = 'draft' or says_something(text)) and (kind <> 'explanation' or says_something(next_remedy))
  and case kind when 'answer' then state in ('draft', 'sent') and request_stands(request, '{lead}')
    when 'part' then state = 'sent' and request_stands(request, '{assistant}')
    else state = 'proposed' and request_stands(request, '{lead,request.accept,request.dispatch}') end);
-- What was sent does not change; a draft or a proposal does, and a proposal that is agreed to becomes what is sent.
create policy request_answer_changed on request_answer for update to linli_app
  using (state in ('draft', 'proposed')
    and request_stands(request, case kind when 'answer' then '{lead}' else '{request.agree}' end::text[])
    -- The second person is another one, whatever posts they hold.
    and (kind = 'answer' or not exists (select from tenure t where t.id = author and t.person = (select access.person()))))
  with check (state = 'refused' and (reader is null or reader = any ((select access.tenures())::uuid[])) and agreed_by is null
    or state = 'sent' and kind = 'explanation' and agreed_by = any ((select access.tenures())::uuid[]));

-- What a unit sends as the answer is what the request is answered with, in the same transaction.
create function request_answer_fits() returns trigger
  language plpgsql security definer set search_path = pg_catalog, public as $$
  begin
    if session_user = 'linli_app' and not exists (select from public.request r
        where r.id = new.request and r.state = 'answered' and r.xmin = pg_current_xact_id_if_assigned()::xid) then
      raise exception 'an answer beside the answer' using errcode = '42501';
    end if;
    return null;
  end $$;
create constraint trigger request_answer_fits after insert on request_answer deferrable initially deferred
  for each row when (new.kind = 'answer' and new.state = 'sent') execute function request_answer_fits();

-- Either side proposes, as itself; either moves and cancels.
create policy visit_made on visit for insert to linli_app with check (
  state = 'proposed' and case proposed_by
    when 'unit' then tenure = any ((select access.tenures())::uuid[]) and request_stands(request, '{lead,assistant}')
    else tenure is null and request_stands(request, '{reporter,link}') end);
create policy visit_changed on visit for update to linli_app
  using (state in ('proposed', 'agreed') and request_stands(request, '{lead,assistant,reporter,link}'))
  -- Agreed to by the other side.
  with check (state = 'cancelled' or state = 'agreed'
    and request_stands(request, case proposed_by when 'unit' then '{reporter,link}' else '{lead,assistant}' end::text[]));

-- Port filled: an act about a request is of whoever sees it or has just filed it; without a person, of whoever holds a link to it.
-- Anything else is of whoever holds a post over its place; without one, of oneself or a tenure of one's own.
create or replace function access.concerns(record uuid, path text) returns boolean
  language plpgsql stable security definer set search_path = pg_catalog, public as $$
  declare
    about public.request;
  begin
    select * into about from public.request r where r.id = concerns.record;
    if about.id is not null then
      return about.path = concerns.path and (about.filed_at = transaction_timestamp() or public.request_seen(about));
    end if;
    return coalesce(record = access.person(), false)
      or exists (select from public.tenure t where t.id = concerns.record and t.person = access.person())
      or exists (select from access.held() h where concerns.path is null or starts_with(concerns.path, h.path));
  end $$;

-- Port filled: the acts of a matter are kept from those whom it is about, and that somebody complained from those complained about.
create or replace function access.withheld(record uuid, kind text) returns boolean
  language plpgsql stable security definer cost 10000 set search_path = pg_catalog, public as $$
  declare
    told record;
  begin
    select r.excluded_people, r.excluded_bodies into told from public.request r where r.id = withheld.record;
    -- Who is asking is asked only where it matters: each asking verifies the seal of the transaction.
    if (told.excluded_people <> '{}' or told.excluded_bodies <> '{}')
       and (coalesce(access.person() = any (told.excluded_people), false) or told.excluded_bodies && access.bodies()) then
      return true;
    end if;
    return kind = 'request.complain' and exists (select from public.request r where r.about_request = withheld.record
      and (coalesce(access.person() = any (r.excluded_people), false) or r.excluded_bodies && access.bodies()));
  end $$;

------------------------------------------------------------------------------- what a body holds

-- How many open requests a body is responsible for, receives or has a part of; for those who found and appoint there. Also those that
-- they themselves do not see.
create function requests_held(of_body uuid) returns integer
  language sql stable security definer set search_path = pg_catalog, public as $$
    select count(*)::integer from (
      select r.id from public.request r where r.holder = of_body and r.state <> 'closed'
      union select r.id from public.request r where r.responsible = of_body and r.state <> 'closed'
      union select p.request from public.request_part p where p.body = of_body and p.state in ('offered', 'dispatched', 'acknowledged')
    ) held
    where session_user <> 'linli_app' or exists (select from public.body b where b.id = of_body
      and (access.covers(access.reach('body.edit'), b.path) or access.covers(access.reach('post.appoint'), b.path)))
  $$;
revoke all on function requests_held(uuid) from public;
grant execute on function requests_held(uuid) to linli_app;

-- Port filled: files become part of a request by whoever makes it, or tells more of it as its reporter.
create or replace function access.may_attach(record uuid) returns boolean
  language sql stable security definer set search_path = pg_catalog, public as $$
    select coalesce(access.is_new(record)
      or exists (select from public.request r where r.id = record and public.request_seen(r)
        and (coalesce(r.id = access.link(), false) or coalesce(r.reporter = access.person(), false))), false)
  $$;
