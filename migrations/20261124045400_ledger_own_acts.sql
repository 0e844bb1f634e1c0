-- Up Migration

-- The role that serves requests gives salt and a place in the queue to acts of its own transaction and to no other: not to one whose salt was
-- erased, nor to one that has its place. Looked at once the statement that wrote the act is done, and only for what that role writes by its own
-- hand: rooms' functions append as their owner, so that filing looks at nothing more.
create function ledger.refuse_other_acts() returns trigger
  language plpgsql security definer set search_path = pg_catalog as $$
  begin
    if not exists (select from ledger.act a where a.id = new.act and a.xmin = pg_current_xact_id()::xid) then
      raise exception 'not an act of this transaction' using errcode = 'insufficient_privilege';
    end if;
    return null;
  end $$;
revoke all on function ledger.refuse_other_acts() from public;
create trigger salt_own after insert on ledger.salt
  for each row when (current_user = 'linli_app') execute function ledger.refuse_other_acts();
create trigger pending_own after insert on ledger.pending
  for each row when (current_user = 'linli_app') execute function ledger.refuse_other_acts();
