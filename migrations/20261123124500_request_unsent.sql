-- What became of the last message to whoever told a matter, where it was not sent, for staff who have the matter before them: then
-- somebody calls. The table of messages itself stays unread by those who serve requests; neither address nor text is given here.
create function request_unsent(of_request uuid, templates text[]) returns table (channel text, given_up boolean, at timestamptz)
  language sql stable security definer set search_path = pg_catalog, public as $$
    select last.channel, last.state = 'dead', coalesce(last.ended_at, last.created_at)
    from (select o.channel, o.state, o.attempts, o.reason, o.created_at, o.ended_at
          from public.outbox o join public.request r on r.id = o.record
          where o.record = of_request and o.template = any (templates) and public.request_seen(r)
            -- Whoever follows their own matter reads on its page what the message would have said.
            and (access.covers(access.reach('request.read'), r.path) or r.bodies && access.bodies())
          order by o.id desc limit 1) last
    where last.state = 'dead' and coalesce(last.reason, '') not in ('erased', 'too late')
      or last.state = 'waiting' and last.attempts > 0 and last.reason is not null
  $$;
revoke all on function request_unsent(uuid, text[]) from public;
grant execute on function request_unsent(uuid, text[]) to linli_app;
