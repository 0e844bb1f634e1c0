-- Up Migration

-- What the register is called in what it signs: it stays when the address changes, and goes along with a backup.
alter table ledger.head add column origin uuid not null default gen_random_uuid();

-- What was published: so many leaves, the root over them, and the signed note. Each is of a state that the register had, and stays.
create table ledger.checkpoint (
  size bigint primary key check (size > 0),
  root bytea not null check (octet_length(root) = 32),
  note text not null check (length(note) between 1 and 2000),
  at timestamptz not null
);
alter table ledger.checkpoint enable row level security;
create policy checkpoint_read on ledger.checkpoint for select to linli_app, linli_jobs using (true);
create policy checkpoint_made on ledger.checkpoint for insert to linli_jobs
  with check (exists (select from ledger.head h where h.place = size and h.root = checkpoint.root));
grant select on ledger.checkpoint to linli_app;
grant select, insert on ledger.checkpoint to linli_jobs;

-- That a witness saw a checkpoint and found it to go on from the one before: its line beneath the note.
create table ledger.cosignature (
  size bigint not null references ledger.checkpoint,
  witness text not null check (length(witness) between 1 and 300),
  line text not null check (length(line) between 1 and 500),
  at timestamptz not null,
  primary key (size, witness)
);
alter table ledger.cosignature enable row level security;
create policy cosignature_read on ledger.cosignature for select to linli_app, linli_jobs using (true);
create policy cosignature_made on ledger.cosignature for insert to linli_jobs with check (true);
grant select on ledger.cosignature to linli_app;
grant select, insert on ledger.cosignature to linli_jobs;
