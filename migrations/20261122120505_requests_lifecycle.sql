-- Up Migration

-- Whether a text says something, as saysSomething of the room: a full stop is no reason.
create function says_something(said text) returns boolean
  language sql immutable parallel safe as $$ select coalesce(regexp_count(said collate pg_c_utf8, '[[:alpha:]]') >= 2, false) $$;

-- The lifecycle as the database guards it: which act leads from which states to which, who may do it, how it may end and what it may
-- change. The rules decide, with all their conditions; this is the wall behind them, and a test holds the two together.
create table request_step (
  act text not null,
  from_states text[] not null,
  -- Null: the state stays as it was.
  next text,
  who text[] not null,
  results text[] not null default '{}',
  changes text[] not null default '{}',
  -- The line of the timeline that has to be written with it, in words that say something: the reporter reads them.
  says text,
  unique nulls not distinct (act, from_states, who)
);
do $$
  declare
    every text[] := '{received,accepted,dispatched,acknowledged,answered,closed}';
    open text[] := '{received,accepted,dispatched,acknowledged,answered}';
    at_work text[] := '{received,accepted,dispatched,acknowledged}';
    with_unit text[] := '{dispatched,acknowledged}';
    teller text[] := '{reporter,link}';
    both_sides text[] := '{lead,assistant,reporter,link}';
    clock text[] := '{due_at,due_kind,due_provisional,promised_at,promised_provisional,overdue_stage,step_at}';
    hands text[] := '{bodies,responsible,first_receiver}';
    ending text[] := clock || '{closed_at,reopen_until,bodies,responsible}';
    said text[] := '{solved,partly,unsolved}';
  begin
    insert into request_step (act, from_states, next, who, results, changes) values
      ('accept', '{received}', 'accepted', '{request.accept}', '{}', clock || '{accepted_at}'),
      ('dispatch', '{accepted}', 'dispatched', '{request.dispatch}', '{}', clock || hands || '{dispatched_at}'),
      ('redispatch', '{accepted}', 'dispatched', '{request.dispatch}', '{}', clock || hands || '{dispatched_at}'),
      ('transfer', '{received,accepted}', 'received', '{request.dispatch}', '{}', clock || hands || '{path,level_path,holder,transfers,returns,senders}'),
      ('transfer', '{received,accepted}', 'received', '{request.dispatch above}', '{}', clock || hands || '{path,level_path,holder,transfers,returns,senders}'),
      ('consent', '{dispatched}', 'acknowledged', '{lead}', '{}', clock || hands || '{acknowledged_at}'),
      ('consent', with_unit, null, '{assistant}', '{}', '{}'),
      ('decline', '{dispatched}', 'accepted', '{lead}', '{}', clock || hands),
      ('decline', with_unit, null, '{assistant}', '{}', '{}'),
      ('acknowledge', '{dispatched}', 'acknowledged', '{lead}', '{}', clock || hands || '{acknowledged_at}'),
      ('acknowledge', with_unit, null, '{assistant}', '{}', '{}'),
      ('return', with_unit, 'accepted', '{lead}', '{}', clock || hands || '{returns}'),
      ('return', with_unit, null, '{assistant}', '{}', '{bodies}'),
      ('assist', with_unit, null, '{lead,request.dispatch}', '{}', '{bodies}'),
      ('answer-part', with_unit, null, '{assistant}', '{}', '{}'),
      ('draft', '{acknowledged}', null, '{lead}', '{}', '{}'),
      ('answer', '{acknowledged}', 'answered', '{lead}', '{}', clock || hands || '{answered_at,answer_kind,judged}'),
      ('explain', '{received}', null, '{request.accept}', '{}', '{}'),
      ('explain', '{accepted}', null, '{request.dispatch}', '{}', '{}'),
      ('explain', '{acknowledged}', null, '{lead}', '{}', '{}'),
      ('agree-explanation', '{received,accepted,acknowledged}', 'answered', '{request.agree}', '{}', clock || hands || '{answered_at,answer_kind,judged}'),
      ('disagree-explanation', '{received,accepted,acknowledged}', null, '{request.agree}', '{}', '{}'),
      ('extend', with_unit, null, '{request.extend}', '{}', clock || '{extended_at}'),
      ('merge', at_work, 'closed', '{request.dispatch}', '{merged}', ending || '{merged_into}'),
      ('split', '{accepted,acknowledged}', null, '{request.dispatch}', '{}', '{}'),
      ('categorise', at_work, null, '{request.accept,request.dispatch}', '{}', clock || '{category}'),
      ('set-urgency', at_work, null, '{request.accept,request.dispatch}', '{}', clock || '{urgency}'),
      ('supervise', open, null, '{request.supervise above}', '{}', '{supervised,supervised_at}'),
      ('note', every, null, '{lead,assistant,request.accept,request.dispatch,request.supervise,request.callback}', '{}', '{}'),
      ('add', open, null, teller, '{}', '{}'),
      ('add', open, null, '{request.enter}', '{}', '{}'),
      ('correct-phone', every, null, teller, '{}', '{}'),
      ('correct', at_work, null, teller, '{}', '{title,body,spot,words}'),
      ('correct', at_work, null, '{request.enter}', '{}', '{title,body,spot,words}'),
      ('withdraw', open, 'closed', teller, '{withdrawn}', ending),
      ('withdraw', at_work, 'closed', '{request.enter}', '{withdrawn}', ending),
      ('judge', '{answered}', 'closed', '{judge,reporter}', said, ending || '{judged}'),
      ('judge', '{closed}', 'closed', '{judge,reporter}', said, ending || '{judged}'),
      ('call-back', '{answered}', 'closed', '{request.callback}', said, ending || '{judged}'),
      ('miss-call-back', '{answered}', null, '{request.callback}', '{}', '{}'),
      ('hand-slip', '{answered}', null, '{request.callback}', '{}', '{}'),
      ('reopen', '{closed}', 'accepted', '{reporter,link,judge,request.enter,request.callback}', '{}',
        clock || hands || '{level_path,holder,returns,reopened,reopened_at,accepted_at,round_at,answered_at,closed_at,reopen_until,answer_kind,judged,heard_at,merged_into}'),
      ('complain', every, null, teller, '{}', '{}'),
      ('complain', every, null, '{request.enter}', '{}', '{}'),
      ('arrange-visit', with_unit, null, both_sides, '{}', '{}'),
      ('agree-visit', with_unit, null, both_sides, '{}', '{}'),
      ('move-visit', with_unit, null, both_sides, '{}', '{}'),
      ('cancel-visit', with_unit, null, both_sides, '{}', '{}'),
      ('permit-publication', every, null, teller, '{}', '{consent_public}'),
      ('forbid-publication', every, null, teller, '{}', '{consent_public}'),
      ('publish', every, null, '{request.publish}', '{}', '{}'),
      ('unpublish', every, null, teller, '{}', '{}'),
      ('unpublish', every, null, '{request.publish}', '{}', '{}');
    update request_step s set says = line.kind
      from (values ('redispatch', 'redispatched'), ('transfer', 'transferred'), ('return', 'returned'), ('return', 'part_returned'),
        ('assist', 'assistance_asked'), ('answer', 'answered'), ('extend', 'extended'), ('merge', 'merged'), ('split', 'split'),
        ('supervise', 'supervised'), ('correct', 'corrected'), ('withdraw', 'withdrawn'), ('unpublish', 'unpublished')) line (act, kind)
      where s.act = line.act and s.who <> teller and (s.act <> 'return' or (line.kind = 'returned') = (s.next is not null));
  end $$;
alter table request_step enable row level security;

-- The columns that a change would make another. Moments are compared as the application writes them, in milliseconds, and bodies as
-- a set.
create function request_changes(was request, will request, change jsonb) returns text[]
  language plpgsql stable set search_path = pg_catalog, public as $$
  declare
    before jsonb := to_jsonb(was) - 'words';
    after jsonb := to_jsonb(will) - 'words';
    changed text[] := '{}';
    named text;
  begin
    for named in select jsonb_object_keys(before) loop
      if before -> named is distinct from after -> named then
        if named like '%\_at' and date_trunc('milliseconds', (before ->> named)::timestamptz)
            is not distinct from date_trunc('milliseconds', (after ->> named)::timestamptz) then continue; end if;
        if named = 'bodies' and was.bodies @> will.bodies and will.bodies @> was.bodies then continue; end if;
        changed := changed || named;
      end if;
    end loop;
    if change ? 'words' then changed := changed || 'words'::text; end if;
    return array(select c from unnest(changed) c where c not in ('state', 'result'));
  end $$;
revoke all on function request_changes(request, request, jsonb) from public;

-- Slips of paper by which an answer would be judged and that nobody used: they open nothing any more.
create function judge_slips_end(of_request uuid) returns void
  language sql volatile security definer set search_path = pg_catalog, public as $$
    update access.token t set expires_at = now()
      where t.record = of_request and t.kind = 'judge' and t.handed_by is not null and t.used_at is null and t.expires_at > now()
  $$;
revoke all on function judge_slips_end(uuid) from public;

-- The only way the application changes a request: within its reader's reach, from the version it saw, and by a step of the lifecycle
-- that is open to whoever asks. A change may take the request out of that reach (a transfer, a return), which a plain UPDATE
-- beneath the policies could not.
-- `change` holds column names and new values. Returns the new version, or null where another was faster.
create function request_change(request_id uuid, expected_version integer, change jsonb) returns integer
  language plpgsql volatile security definer set search_path = pg_catalog, public as $$
  declare
    was public.request;
    will public.request;
    changed text[];
    standing text[];
  begin
    select * into was from public.request where id = request_id for update;
    if was.id is null or (session_user = 'linli_app' and not public.request_seen(was)) then
      raise exception 'no such request' using errcode = 'P0002';
    end if;
    if was.version <> expected_version then return null; end if;
    will := jsonb_populate_record(was, change - array['id', 'number', 'version', 'filed_at', 'filed_path', 'place', 'reporter', 'anonymous', 'entered_by', 'channel', 'words', 'outer_number']);
    -- Permission to publish is the reporter's: a link that staff handed out may have stayed in the hands it came from.
    if session_user = 'linli_app' and will.consent_public and not was.consent_public and access.handed_by() is not null
      and (was.reporter is null or access.person() is distinct from was.reporter) then
      raise exception 'permission by a link that staff handed out' using errcode = '42501';
    end if;
    -- Whoever may not read how a closed request ended hands in nothing there: it stays as it was, and a guess is not answered.
    if was.state = 'closed' and will.state = 'closed' and (will.result is null or session_user = 'linli_app'
        and not exists (select from public.request_results(array[request_id]) q where q.result is not null)) then
      will.result := was.result;
    end if;
    if session_user = 'linli_app' and not (
      -- What a split has just made takes its parent's state.
      was.version = 1 and was.split_from is not null
      and exists (select from public.request made where made.id = was.id and made.xmin = pg_current_xact_id_if_assigned()::xid)
      and access.covers(access.reach('request.dispatch'), was.level_path)
      and will.state in ('received', 'accepted', 'acknowledged')
      and exists (select from public.request whole where whole.id = was.split_from and whole.split_from is null and public.request_seen(whole)
        and (select count(*) from public.request part where part.split_from = whole.id) <= 9
        and access.covers(access.reach('request.dispatch'), whole.level_path) and (whole.consent_public or not will.consent_public)
          and will.promised_at <= whole.promised_at)) then
      changed := public.request_changes(was, will, change);
      standing := public.request_standing(was, was.state = 'closed' and will.state = 'accepted');
      if not exists (
        select from public.request_step s
        where was.state = any (s.from_states) and coalesce(s.next, was.state) = will.state and changed <@ s.changes
          -- A unit that answered may still write a note.
          and (s.who && standing or s.act = 'note' and exists (select from public.request_part p join access.held() h on h.body = p.body
            where p.request = request_id and p.state = 'answered' and 'request.handle' = any (h.duties)))
          and (will.result is not distinct from was.result or will.result is null or will.result = any (s.results))
          and (s.says is null or exists (select from public.request_entry e where e.request = request_id and e.kind = s.says
            and public.says_something(e.text) and e.xmin = pg_current_xact_id_if_assigned()::xid))
          and (s.act <> 'withdraw' or s.who <> '{request.enter}' or public.request_withdrawable(was))
          -- Whoever wrote it down does not decide in the resident's name.
          and (s.act not in ('withdraw', 'judge', 'reopen') or not exists (select from public.tenure t
            where t.id = was.entered_by and t.person = access.person()))
          and (s.act <> 'merge' or public.request_mergeable(was, will.merged_into))
          -- What is supervised is not supervised once more.
          and (s.act <> 'supervise' or was.supervised is distinct from 'above')
          -- One judgement of one answer: written in this transaction, and the verdict is what it says.
          and (s.act not in ('judge', 'call-back') or not was.judged and will.judged
            and exists (select from public.judgement j where j.request = request_id and j.at = now()
              and will.result = case j.solved when 'not' then 'unsolved' else j.solved end))) then
        raise exception 'no step of the lifecycle that is open here: % to % (%)', was.state, will.state, array_to_string(changed, ', ')
          using errcode = '42501';
      end if;
      -- Sent beyond the district only by whoever dispatches in both places.
      if not starts_with(will.path, substring(was.path from '^(?:[^/]*/){1,3}')) and not exists (select from access.held() h
          where 'request.dispatch' = any (h.duties) and starts_with(was.level_path, h.path) and starts_with(will.path, h.path)) then
        raise exception 'a matter sent over the heads of both places' using errcode = '42501';
      end if;
      -- Nobody receives it at or beneath the place of whoever it is about.
      if exists (select from public.body b, unnest(public.places_barred(was.excluded_people, was.excluded_bodies)) barred
          where b.id = any (will.bodies) and not b.id = any (was.bodies) and starts_with(b.path, barred)) then
        raise exception 'a matter given to those beneath whoever it is about' using errcode = '42501';
      end if;
      if (will.senders is distinct from was.senders) and not (will.senders <@ (was.senders || was.holder)) then
        raise exception 'a sender that never had it' using errcode = '42501';
      end if;
      -- A promise moves back by an extension or in a new round, else only as long as no unit has had it in this one. The round of what
      -- was brought in begins at its turn, before which it may have been given to one.
      if will.promised_at > was.promised_at and not changed && '{extended_at,round_at}'
         and (was.dispatched_at >= was.round_at or was.reopened = 0 and was.dispatched_at is not null) then
        raise exception 'a promise that moves back' using errcode = '42501';
      end if;
      -- What runs goes on running: while somebody works on it something is due, no later than the promise; a step keeps its beginning and
      -- its time until it is done; and what is late stays late until it is answered.
      if will.state in ('received', 'accepted', 'dispatched', 'acknowledged') and ((will.due_at <= will.promised_at) is not true
           or will.state = was.state and will.transfers = was.transfers and ('step_at' = any (changed)
             or will.due_at > was.due_at and was.due_kind <> 'answer' and will.due_kind = was.due_kind)
           or was.due_kind = 'answer' and was.overdue_stage in ('overdue', 'far_overdue')
             and changed && '{due_at,due_kind,overdue_stage}') then
        raise exception 'a deadline that is put off' using errcode = '42501';
      end if;
    end if;
    update public.request set
      path = will.path, level_path = will.level_path, title = will.title, body = will.body, spot = will.spot,
      longitude = will.longitude, latitude = will.latitude, category = will.category, urgency = will.urgency,
      state = will.state, result = will.result, consent_public = will.consent_public,
      first_receiver = will.first_receiver, holder = will.holder, responsible = will.responsible, bodies = will.bodies,
      excluded_people = will.excluded_people, excluded_bodies = will.excluded_bodies,
      accepted_at = will.accepted_at, dispatched_at = will.dispatched_at, acknowledged_at = will.acknowledged_at,
      answered_at = will.answered_at, answer_kind = will.answer_kind, judged = will.judged, heard_at = will.heard_at, closed_at = will.closed_at, reopen_until = will.reopen_until, senders = will.senders, due_at = will.due_at, due_kind = will.due_kind,
      due_provisional = will.due_provisional, promised_at = will.promised_at, promised_provisional = will.promised_provisional,
      round_at = will.round_at, step_at = will.step_at, transfers = will.transfers, overdue_stage = will.overdue_stage,
      returns = will.returns, extended_at = will.extended_at, reopened = will.reopened, reopened_at = will.reopened_at,
      supervised_at = will.supervised_at, supervised = will.supervised, merged_into = will.merged_into,
      about_request = will.about_request, faults = will.faults,
      words = case when change ? 'words' then (change ->> 'words')::tsvector else was.words end,
      version = was.version + 1
      where id = request_id;
    -- A judge token is for one answer: it ends with the next one, and when the request ends otherwise than by time or judgement. Where
    -- it was used and the matter is asked for again, the page that said so may still be looked at.
    if will.state = 'answered' and was.state <> 'answered' or was.state = 'closed' and will.state <> 'closed'
       or will.state = 'closed' and will.result in ('withdrawn', 'merged') then
      update access.token t set expires_at = case when t.used_at is null or will.state = 'answered' then now() else now() + interval '1 hour' end
        where t.record = request_id and t.kind = 'judge' and (t.expires_at is null or t.expires_at > now());
    elsif will.judged and not was.judged then
      perform public.judge_slips_end(request_id);
    end if;
    -- What a resident said of the answer is not for everyone: a handler would read there what is kept from them.
    update public.publication set state = will.state, answered_at = will.answered_at, closed_at = will.closed_at,
      result = case when will.result not in ('solved', 'partly', 'unsolved') then will.result end,
      path = will.path, promised_at = will.promised_at where request = request_id;
    return was.version + 1;
  end $$;
revoke all on function request_change(uuid, integer, jsonb) from public;
grant execute on function request_change(uuid, integer, jsonb) to linli_app, linli_jobs;

-- The one that stays of two merged takes the earlier promise, whoever holds it: only sooner, and only what was promised to the other.
create function request_sooner(request_id uuid, merged uuid, change jsonb) returns void
  language plpgsql volatile security definer set search_path = pg_catalog, public as $$
  declare
    was public.request;
    will public.request;
  begin
    select * into was from public.request where id = request_id for update;
    will := jsonb_populate_record(was, change);
    -- Not true is no: a promise or a deadline that is taken away compares as unknown.
    if (was.state in ('received', 'accepted', 'dispatched', 'acknowledged') and will.promised_at < was.promised_at
         and will.due_at <= was.due_at and will.due_at <= will.promised_at
         and (will.due_kind = was.due_kind or will.due_kind = 'answer' and was.due_kind is not null)
         and (session_user <> 'linli_app' or public.request_seen(was))
         -- Merged in this very transaction, by whoever may merge there.
         and exists (select from public.request m where m.id = merged and m.merged_into = request_id and m.result = 'merged'
           and date_trunc('milliseconds', m.promised_at) = date_trunc('milliseconds', will.promised_at)
           and (session_user <> 'linli_app' or m.xmin = pg_current_xact_id_if_assigned()::xid
             and access.covers(access.reach('request.dispatch'), m.level_path)))) is not true then
      raise exception 'no earlier promise of one that was merged' using errcode = '42501';
    end if;
    update public.request set promised_at = will.promised_at, promised_provisional = will.promised_provisional, due_at = will.due_at,
      due_kind = will.due_kind, due_provisional = will.due_provisional, version = was.version + 1 where id = request_id;
    update public.publication set promised_at = will.promised_at where request = request_id;
  end $$;
revoke all on function request_sooner(uuid, uuid, jsonb) from public;
grant execute on function request_sooner(uuid, uuid, jsonb) to linli_app, linli_jobs;

-- Lines of the timeline that make their writer one who handled the request: they may neither judge nor call back.
create function request_handling_kinds() returns text[] language sql immutable parallel safe
  return array['accepted', 'dispatched', 'redispatched', 'consented', 'acknowledged', 'returned', 'assistance_asked', 'part_acknowledged',
    'part_returned', 'part_answered', 'drafted', 'answered', 'explanation_proposed', 'explanation_refused', 'explained', 'extended',
    'merged', 'split', 'transferred'];
