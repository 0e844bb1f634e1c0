-- Up Migration

-- What direct SQL under the application's role could still do to the register and to links, and no longer can.

-- An act names a tenure of its actor, never somebody else's.
drop policy act_append on ledger.act;
create policy act_append on ledger.act for insert to linli_app with check (
  actor is not distinct from (select access.person())
  and (tenure is null or tenure = any ((select access.tenures())::uuid[])));

-- Only a job may make a judge token: whoever files, or holds the link, must not judge in the reporter's place.
create or replace function access.grant_token(token_hash bytea, token_kind text, token_record uuid, expiry timestamptz) returns void
  language plpgsql volatile security definer set search_path = pg_catalog, public as $$
  begin
    if session_user = 'linli_app' then
      if token_kind = 'judge' then
        raise exception 'a judge token is made by a job' using errcode = '42501';
      end if;
      if exists (select from access.token t where t.record = token_record and t.kind = token_kind)
         and access.link() is distinct from token_record then
        raise exception 'a link to this record exists' using errcode = '42501';
      end if;
      if not access.is_new(token_record) and access.link() is distinct from token_record then
        raise exception 'this record was not made here' using errcode = '42501';
      end if;
    end if;
    insert into access.token (hash, kind, record, expires_at) values (token_hash, token_kind, token_record, expiry);
  end $$;

-- An act that already has its place and is put among the waiting once more would stop the chain for ever: it is let go instead.
create or replace function ledger.sequence(at_most integer default 5000) returns integer
  language plpgsql volatile security definer set search_path = pg_catalog, ledger, public as $$
  declare
    last_place bigint;
    last_hash bytea;
    waiting record;
    places bigint[] := '{}';
    acts uuid[] := '{}';
    leaves bytea[] := '{}';
    hashes bytea[] := '{}';
    again uuid[] := '{}';
  begin
    if not pg_try_advisory_xact_lock(7263541, 1) then return 0; end if;
    select place, hash into last_place, last_hash from ledger.head for update;
    for waiting in
      select p.act, a.leaf, exists (select from ledger.entry e where e.act = p.act) as placed
      from ledger.pending p join ledger.act a on a.id = p.act order by a.at, p.act limit at_most
    loop
      if waiting.placed then
        again := again || waiting.act;
        continue;
      end if;
      last_place := last_place + 1;
      last_hash := sha256(last_hash || waiting.leaf);
      places := places || last_place;
      acts := acts || waiting.act;
      leaves := leaves || waiting.leaf;
      hashes := hashes || last_hash;
    end loop;
    if cardinality(again) > 0 then delete from ledger.pending p where p.act = any(again); end if;
    if cardinality(acts) > 0 then
      insert into ledger.entry (place, act, leaf, hash)
        select * from unnest(places, acts, leaves, hashes);
      delete from ledger.pending p where p.act = any(acts);
      update ledger.head set place = last_place, hash = last_hash;
      -- One notice a batch: NOTIFY in every writing transaction would make commits wait for each other.
      perform pg_notify('linli_ledger', last_place::text);
    end if;
    return cardinality(acts) + cardinality(again);
  end $$;
