-- Up Migration

-- What the secret of an answer's address is of, and whether it has ended: an address that never was is refused before the mail is read, and
-- only an address that the secret was made for is answered by itself. No row where there never was one, or whoever had it was erased.
create function access.reply_known(reply_hash bytea) returns table (record uuid, ended boolean)
  language sql stable security definer set search_path = pg_catalog, public as $$
    select t.record, t.expires_at <= clock_timestamp() from access.token t where t.hash = reply_hash and t.kind = 'reply'
  $$;
revoke all on function access.reply_known(bytea) from public;
grant execute on function access.reply_known(bytea) to linli_app;
