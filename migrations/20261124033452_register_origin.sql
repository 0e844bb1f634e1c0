-- Up Migration

-- A part of an installation that became one of its own brings acts along that stand in the register of the whole. Here they get places in a
-- register of its own; that they stand in the other, and where, stays provable: by its signed checkpoint and a path for each act.
create table ledger.origin (
  -- Name, id and key of the register: linli-register/…+…+….
  key text collate "C" primary key check (length(key) between 1 and 400),
  size bigint not null check (size >= 0),
  -- The checkpoint as that register signed it.
  note text not null check (length(note) between 1 and 2000),
  at timestamptz not null
);
create table ledger.came (
  act uuid not null references ledger.act,
  origin text collate "C" not null references ledger.origin,
  -- The first is 1.
  place bigint not null check (place > 0),
  -- From the leaf up to the root of the checkpoint (RFC 9162 §2.1.3.1).
  path bytea[] not null check (cardinality(path) <= 64),
  primary key (act, origin)
);
create index came_origin on ledger.came (origin);

alter table ledger.origin enable row level security;
alter table ledger.came enable row level security;
create policy origin_read on ledger.origin for select to linli_jobs using (true);
create policy came_read on ledger.came for select to linli_jobs using (true);
grant select on ledger.origin, ledger.came to linli_jobs;
