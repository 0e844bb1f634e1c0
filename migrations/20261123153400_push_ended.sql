-- Up Migration

-- A device that is told of a record came by a secret link, and ends with it: the link's digest stands beside it. What asked before has
-- none until its next visit, and is told while any link of its record stands. `failures`: how often in a row nothing was reached.
alter table push_device add column link_hash bytea check (length(link_hash) = 32), add column failures smallint not null default 0;
alter table push_device add check (link_hash is null or purpose = 'record');
grant update (failures) on push_device to linli_jobs;

-- Whether a link is one of a record, and stands.
create function access.push_link(of_hash bytea, of_record uuid, at timestamptz) returns boolean
  language sql stable security definer set search_path = pg_catalog, public as $$
    select exists (select from access.token t where t.record = of_record and t.kind = 'follow'
      and (of_hash is null or t.hash = of_hash) and (t.expires_at is null or t.expires_at > at))
  $$;
revoke all on function access.push_link(bytea, uuid, timestamptz) from public;

-- Notes that a device is still wanted, by whoever wanted it. False where it is not known as theirs.
create function push_again(for_purpose text, address_digest bytea, spoken text, by_link bytea, at timestamptz) returns boolean
  language plpgsql volatile security definer set search_path = pg_catalog, public as $$
  declare
    whose uuid := access.push_owner(for_purpose);
  begin
    update public.push_device d set seen_at = at, language = spoken,
        session = case when d.purpose = 'record' then null else access.session() end,
        link_hash = case when d.purpose = 'record' and access.push_link(by_link, whose, at) then by_link else d.link_hash end
      where d.owner = whose and d.purpose = for_purpose and d.digest = address_digest;
    return found;
  end $$;
revoke all on function push_again(text, bytea, text, bytea, timestamptz) from public;
grant execute on function push_again(text, bytea, text, bytea, timestamptz) to linli_app;

-- Of these devices, those that are still to be told: a sign-in or a link that has ended takes its devices along.
create or replace function push_alive(devices uuid[], at timestamptz) returns setof uuid
  language plpgsql stable security definer set search_path = pg_catalog, public as $$
  begin
    return query select d.id from public.push_device d
      where d.id = any (devices)
        and case when d.purpose = 'record' then access.push_link(d.link_hash, d.owner, at)
          else exists (select from auth.session s where s.id = d.session and s."expiresAt" > at) end;
  end $$;
