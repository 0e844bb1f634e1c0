-- Up Migration

-- Requests come in by mail too.
alter table request drop constraint request_channel_check;
alter table request add constraint request_channel_check
  check (channel in ('web', 'phone', 'card', 'visit', 'paper', 'letter', 'mail', 'chat', 'window', 'system')) not valid;
alter table request validate constraint request_channel_check;

-- The secret in the address to which a mail about a record is answered: its holder says more, as by the link that stands in the same mail.
alter table access.token drop constraint token_kind_check;
alter table access.token add constraint token_kind_check check (kind in ('follow', 'judge', 'consent', 'card', 'reply')) not valid;
alter table access.token validate constraint token_kind_check;

-- Begins a transaction's work of whoever answers a mail: what the holder of the record's link may do, and nobody's session. `link` is null
-- where the address is not one of ours, or has ended.
create function access.enter_by_reply(reply_hash bytea) returns jsonb
  language plpgsql volatile security definer set search_path = pg_catalog, public as $$
  declare
    context jsonb;
  begin
    context := jsonb_build_object('tenures', '[]'::jsonb, 'bodies', '[]'::jsonb, 'reach', '{}'::jsonb, 'person', null, 'session', null,
      'expires', null, 'user', null, 'handed_by', null, 'judge', null, 'judge_used', false,
      'link', (select t.record from access.token t where t.hash = reply_hash and t.kind = 'reply'
        and (t.expires_at is null or t.expires_at > clock_timestamp())));
    perform access.settle(context);
    return context;
  end $$;
revoke all on function access.enter_by_reply(bytea) from public;
grant execute on function access.enter_by_reply(bytea) to linli_app;

-- Made by a job as the mail is written, and good for longer with each that follows.
create function access.grant_reply(token_hash bytea, of_record uuid, until timestamptz) returns void
  language sql volatile security definer set search_path = pg_catalog, public as $$
    insert into access.token as t (hash, kind, record, expires_at, sent) values (token_hash, 'reply', of_record, until, true)
      on conflict (hash) do update set expires_at = greatest(t.expires_at, excluded.expires_at) where t.kind = 'reply'
  $$;
revoke all on function access.grant_reply(bytea, uuid, timestamptz) from public;
grant execute on function access.grant_reply(bytea, uuid, timestamptz) to linli_jobs;

-- Whoever is erased is answered to no more: what they were written leads nowhere.
create function access.end_replies(of_record uuid) returns void
  language sql volatile security definer set search_path = pg_catalog, public as $$
    delete from access.token t where t.record = of_record and t.kind = 'reply'
  $$;
revoke all on function access.end_replies(uuid) from public;
grant execute on function access.end_replies(uuid) to linli_jobs;

-- Addresses from which mail came back for good: nothing is sent to them until whoever has one writes from it. The address itself stands
-- nowhere here, only its keyed digest.
create table mail_returned (
  address bytea primary key check (octet_length(address) = 32),
  at timestamptz not null default now(),
  -- As its server named it (RFC 3463): "5.1.1".
  status text check (status ~ '^[245][.][0-9]{1,3}[.][0-9]{1,3}$')
);
-- No samples of what goes.
alter table mail_returned alter column status set statistics 0;
alter table mail_returned enable row level security;
create policy mail_returned_jobs on mail_returned for all to linli_jobs using (true) with check (true);
grant select, insert, update, delete on mail_returned to linli_jobs;
create index mail_returned_at on mail_returned (at);
