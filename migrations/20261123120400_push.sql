-- Up Migration

-- Devices that asked to be told: of one record (whoever holds its secret link), or of all that concerns a person who signed in, for as
-- long as that sign-in lasts. Where a device is reached is sealed under the row's id; the digest tells that it asked before.
create table push_device (
  id uuid primary key,
  purpose text not null check (purpose in ('record', 'own', 'work')),
  -- The record, or the person.
  owner uuid not null,
  session text,
  sealed bytea not null,
  digest bytea not null check (length(digest) = 32),
  language text not null check (language in ('zh-CN', 'en')),
  created_at timestamptz not null,
  -- When the device last said that it still wants to be told.
  seen_at timestamptz not null,
  check ((purpose = 'record') = (session is null)),
  unique (owner, purpose, digest)
);
create index push_device_seen on push_device (seen_at);

-- The application reads none of it: what it may do goes through the functions below, which look at who is asking.
alter table push_device enable row level security;
create policy push_device_told on push_device for all to linli_jobs using (true);
grant select, delete on push_device to linli_jobs;

-- Whom a purpose is about, as far as the asker is that; null where they are not.
create function access.push_owner(for_purpose text) returns uuid
  language sql stable security definer set search_path = pg_catalog, public as $$
    select case when for_purpose = 'record' then access.link() else access.person() end
  $$;
revoke all on function access.push_owner(text) from public;

-- Keeps a device, or notes that it is still wanted. False where nobody asks, or where ten devices are told already.
create function push_keep(device uuid, for_purpose text, sealed_address bytea, address_digest bytea, spoken text, at timestamptz)
  returns boolean
  language plpgsql volatile security definer set search_path = pg_catalog, public as $$
  declare
    whose uuid := access.push_owner(for_purpose);
  begin
    if whose is null then return false; end if;
    update public.push_device set seen_at = at, language = spoken,
        session = case when purpose = 'record' then null else access.session() end
      where owner = whose and purpose = for_purpose and digest = address_digest;
    if found then return true; end if;
    if (select count(*) >= 10 from public.push_device where owner = whose and purpose = for_purpose) then return false; end if;
    insert into public.push_device (id, purpose, owner, session, sealed, digest, language, created_at, seen_at)
      values (device, for_purpose, whose, case when for_purpose = 'record' then null else access.session() end, sealed_address,
        address_digest, spoken, at, at)
      on conflict (owner, purpose, digest) do nothing;
    return true;
  end $$;
revoke all on function push_keep(uuid, text, bytea, bytea, text, timestamptz) from public;
grant execute on function push_keep(uuid, text, bytea, bytea, text, timestamptz) to linli_app;

-- The device no longer wants to be told, and what waits for it is not sent. False where it was not.
create function push_drop(for_purpose text, address_digest bytea) returns boolean
  language plpgsql volatile security definer set search_path = pg_catalog, public as $$
  begin
    delete from public.push_device
      where owner = access.push_owner(for_purpose) and purpose = for_purpose and digest = address_digest;
    return found;
  end $$;
revoke all on function push_drop(text, bytea) from public;
grant execute on function push_drop(text, bytea) to linli_app;

-- For the copy of one's data: since when devices are told.
create function push_mine() returns table (purpose text, created_at timestamptz)
  language sql stable security definer set search_path = pg_catalog, public as $$
    select d.purpose, d.created_at from public.push_device d
      where d.owner = access.person() and d.purpose <> 'record' order by d.created_at
  $$;
revoke all on function push_mine() from public;
grant execute on function push_mine() to linli_app;

-- Of these devices, those that are still to be told: a sign-in that has ended takes its devices along.
create function push_alive(devices uuid[], at timestamptz) returns setof uuid
  language plpgsql stable security definer set search_path = pg_catalog, public as $$
  begin
    return query select d.id from public.push_device d
      where d.id = any (devices)
        and (d.session is null or exists (select from auth.session s where s.id = d.session and s."expiresAt" > at));
  end $$;
revoke all on function push_alive(uuid[], timestamptz) from public;
grant execute on function push_alive(uuid[], timestamptz) to linli_jobs;

alter table outbox drop constraint outbox_channel_check;
alter table outbox add constraint outbox_channel_check check (channel in ('sms', 'mail', 'push'));
