-- Up Migration

-- An explanation is agreed to by somebody of another body than the one that proposed it, above it or beside it: a head does not make the
-- second person for their own people.
drop policy request_answer_changed on request_answer;
create policy request_answer_changed on request_answer for update to linli_app
  using (state in ('draft', 'proposed')
    and request_stands(request, case kind when 'answer' then '{lead}' else '{request.agree}' end::text[])
    -- The second person is another one, whatever posts they hold.
    and (kind = 'answer' or not exists (select from tenure t where t.id = author and t.person = (select access.person()))))
  with check (state = 'refused' and (reader is null or reader = any ((select access.tenures())::uuid[])) and agreed_by is null
    or state = 'sent' and kind = 'explanation' and agreed_by = any ((select access.tenures())::uuid[])
      and not exists (select from tenure t join post p on p.id = t.post
        where t.id = author and p.body = any ((select access.bodies())::uuid[])));
