-- Up Migration

-- A reporter who no longer wishes it to be seen takes the released version back: the row so changed has to stay readable to
-- whoever changed it, or the database refuses the change.
drop policy publication_read on publication;
create policy publication_read on publication for select to linli_app
  using (withdrawn_at is null or access.covers((select access.reach('request.publish')), path)
         or request = (select access.link())
         or exists (select from request r where r.id = publication.request and r.reporter = (select access.person())));

-- What was sent is read by everyone who reads the request. (Within the subquery an unqualified `state` is that of the request.)
drop policy request_answer_read on request_answer;
create policy request_answer_read on request_answer for select to linli_app using (
  exists (select from request r where r.id = request_answer.request
    and (request_answer.state = 'sent' and request_answer.kind <> 'part'
         or exists (select from unnest((select access.reach('request.read'))) p where r.path >= p and r.path < p || '~')
         or r.bodies && (select access.bodies()))));

-- What was sent does not change; a draft or a proposal does, and may thereby become what is sent.
drop policy request_answer_changed on request_answer;
create policy request_answer_changed on request_answer for update to linli_app
  using (state <> 'sent' and cardinality((select access.bodies())) > 0 and exists (select from request r where r.id = request_answer.request))
  with check (cardinality((select access.bodies())) > 0 and exists (select from request r where r.id = request_answer.request));

-- Holds a request for the rest of the transaction, so that acts on it follow one another: whoever waited reads it as it then
-- stands. Not `for update`: lines of its timeline refer to it, and two writers would wait for each other for ever.
create function request_hold(request_id uuid) returns void
  language sql volatile security definer set search_path = pg_catalog, public as $$
    select from public.request r
      where r.id = request_id and (session_user <> 'linli_app' or public.request_seen(r)) for no key update
  $$;
revoke all on function request_hold(uuid) from public;
grant execute on function request_hold(uuid) to linli_app, linli_jobs;
