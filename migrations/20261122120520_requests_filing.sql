-- Up Migration

-- Files a request with all that belongs to its first moment: contact, first lines, acts of the register, secret link. One call, so
-- that a flood of requests costs one statement each; what the policies of these tables ask of an insert is asked here once.
-- `given`: request, contact (or null), entries, acts as the register stores them, link (SHA-256 in hex, or null).
create function request_file(given jsonb) returns void
  language plpgsql volatile security definer set search_path = pg_catalog, public as $$
  declare
    filed public.request := jsonb_populate_record(null::public.request, given -> 'request');
    contact public.request_contact;
    who uuid;
  begin
    if session_user = 'linli_app' then
      who := access.person();
      -- Anyone may file; nobody may file in another's name, in the past, or already handled, nor under another's tenure.
      if filed.reporter is distinct from who and filed.reporter is not null and filed.split_from is null
         or filed.entered_by is not null and filed.split_from is null and ((filed.entered_by = any (access.tenures())) is not true
              or not access.covers(access.reach('request.enter') || access.reach('request.dispatch'), filed.path)) then
        raise exception 'filed in the name of another' using errcode = '42501';
      end if;
      -- A filing is one act of this kind, about this request, where it lies; its timeline begins with having been filed.
      if jsonb_array_length(given -> 'acts') <> 1 or jsonb_array_length(given -> 'entries') <> 1
         or given #>> '{entries,0,kind}' <> 'filed' or not isfinite((given #>> '{entries,0,at}')::timestamptz)
         or given #>> '{acts,0,kind}' <> 'request.file' or given #>> '{acts,0,result}' is not null
         or (given #>> '{acts,0,record}')::uuid is distinct from filed.id or given #>> '{acts,0,path}' is distinct from filed.path
         or (given #>> '{acts,0,actor}')::uuid is distinct from who
         or (case when filed.split_from is null then (given #>> '{acts,0,tenure}')::uuid is distinct from filed.entered_by
              else ((given #>> '{acts,0,tenure}')::uuid = any (access.tenures())) is not true end) then
        raise exception 'not the act of filing' using errcode = '42501';
      end if;
      -- Ids follow time and numbers their sequence: lists, the nightly check and the next filing rely on both.
      if uuid_extract_version(filed.id) is distinct from 7
         or uuid_extract_timestamp(filed.id) not between now() - interval '61 days' and now() + interval '2 days'
         or filed.number / 10 > (select last_value from public.request_number) then
        raise exception 'an id or a number of another time' using errcode = '42501';
      end if;
      if filed.split_from is null then
        if filed.path is distinct from (select p.path from public.place p where p.id = filed.place and p.abolished_at is null)
           or (given #>> '{contact,person}')::uuid is distinct from who and given #>> '{contact,person}' is not null then
          raise exception 'a place or a contact of another' using errcode = '42501';
        end if;
      -- A part of what is divided goes on where the whole stood, for the same person, told when the whole was, and promised by then.
      elsif not exists (select from public.request w where w.id = filed.split_from and public.request_seen(w) and w.path = filed.path
              and w.split_from is null and w.state in ('accepted', 'acknowledged')
              and (select count(*) from public.request p where p.split_from = w.id) < 9
              and access.covers(access.reach('request.dispatch'), w.level_path)
              and (filed.reporter, filed.entered_by, filed.anonymous, filed.channel) is not distinct from (w.reporter, w.entered_by, w.anonymous, w.channel)
              and filed.promised_at <= w.promised_at
              and ((given #>> '{contact,person}') is null or exists (select from public.request_contact c
                where c.request = w.id and c.person = (given #>> '{contact,person}')::uuid))) then
        raise exception 'divided from what is not in reach' using errcode = '42501';
      end if;
      -- A complaint is about a matter that is before whoever complains.
      if filed.about_request is not null and not exists (
        select from public.request a where a.id = filed.about_request and public.request_seen(a)) then
        raise exception 'about a matter that is not in sight' using errcode = '42501';
      end if;
      if not starts_with(filed.path, filed.level_path) then
        raise exception 'received where it does not lie' using errcode = '42501';
      end if;
      filed.filed_at := coalesce((select w.filed_at from public.request w where w.id = filed.split_from), now());
      filed.accepted_at := null; filed.dispatched_at := null; filed.acknowledged_at := null; filed.answered_at := null;
      filed.answer_kind := null; filed.heard_at := null; filed.closed_at := null; filed.result := null; filed.overdue_stage := null;
      filed.extended_at := null; filed.reopened_at := null; filed.supervised_at := null; filed.supervised := null; filed.merged_into := null;
    end if;
    filed.filed_at := coalesce(filed.filed_at, now());
    filed.state := 'received';
    filed.version := 1;
    filed.judged := false;
    filed.senders := '{}';
    -- Somebody whose post is shown to all and who holds it now, and never one whom the matter is kept from.
    if filed.asked_for is not null then filed.asked_for := (select t.id from public.tenure t join public.post p on p.id = t.post and p.shown
      where t.id = filed.asked_for and t.during @> now() and not coalesce(t.person = any (filed.excluded_people), false)); end if;
    filed.reopen_until := null;
    filed.returns := 0;
    filed.transfers := 0;
    filed.reopened := 0;
    insert into public.request values (filed.*);
    if given -> 'contact' <> 'null' then
      contact := jsonb_populate_record(null::public.request_contact, given -> 'contact');
      contact.request := filed.id;
      insert into public.request_contact values (contact.*);
    end if;
    insert into public.request_entry (id, request, kind, at, tenure, internal)
      select (e ->> 'id')::uuid, filed.id, e ->> 'kind', (e ->> 'at')::timestamptz, filed.entered_by, (e ->> 'internal')::boolean
      from jsonb_array_elements(given -> 'entries') e;
    perform ledger.append(given -> 'acts');
    if given ->> 'link' is not null then
      -- What a job makes goes to the holder alone; what is made here is shown to whoever is asking.
      insert into access.token (hash, kind, record, handed_by) values (decode(given ->> 'link', 'hex'), 'follow', filed.id,
        case when session_user <> 'linli_app' then null
          -- The link of a part stands on the page of the whole: it came by the same hands.
          when filed.split_from is not null then (select min(t.handed_by::text)::uuid from access.token t where t.record = filed.split_from and t.kind = 'follow')
          else coalesce(filed.entered_by, case when filed.about_request is not null then access.handed_by() end) end);
    end if;
  end $$;
revoke all on function request_file(jsonb) from public;
grant execute on function request_file(jsonb) to linli_app, linli_jobs;
