-- Up Migration

-- Other software that is told of what the public may see. `path`: of which place and below; '' for everywhere.
create table webhook (
  id uuid primary key,
  url text not null check (length(url) <= 1000),
  kinds text[] not null check (cardinality(kinds) > 0),
  place uuid references place,
  path text collate "C" not null,
  -- Whether it may lie within the operator's own network.
  inner_network boolean not null default false,
  secret_sealed bytea not null,
  created_at timestamptz not null,
  revoked_at timestamptz
);
create index webhook_place on webhook (place) where place is not null;
insert into place_path_column (table_name, column_name) values ('webhook', 'path');

-- What is to be told, in the order in which it happened. Nothing but what everybody may read stands in it, and no words.
create table webhook_delivery (
  id uuid primary key default uuidv7(),
  position bigint generated always as identity,
  webhook uuid not null references webhook,
  kind text not null,
  record uuid not null,
  subject text not null,
  data jsonb not null,
  state text not null default 'waiting' check (state in ('waiting', 'delivered', 'dead')),
  attempts integer not null default 0,
  next_attempt_at timestamptz not null,
  claimed_until timestamptz,
  reason text,
  created_at timestamptz not null,
  ended_at timestamptz
);
create index webhook_delivery_due on webhook_delivery (webhook, position) where state = 'waiting';
create index webhook_delivery_record on webhook_delivery (webhook, record, position) where state = 'waiting';
create index webhook_delivery_webhook on webhook_delivery (webhook, position desc);
create index webhook_delivery_ended on webhook_delivery (ended_at) where ended_at is not null;

-- No samples of what goes by itself.
alter table webhook_delivery alter column kind set statistics 0, alter column subject set statistics 0,
  alter column data set statistics 0;
alter table webhook enable row level security;
alter table webhook_delivery enable row level security;
create policy webhook_jobs on webhook for all to linli_jobs using (true) with check (true);
create policy webhook_delivery_jobs on webhook_delivery for all to linli_jobs using (true) with check (true);
grant select, update on webhook to linli_jobs;
grant select, update, delete on webhook_delivery to linli_jobs;

-- Port: a room tells of a record, from a trigger of its own table, in the transaction that changes it. In order for each record, since
-- whoever changes a record holds its row.
create function webhook_tell(of_kind text, of_record uuid, at_path text, of_subject text, said jsonb) returns void
  language sql volatile security definer set search_path = pg_catalog, public as $$
    insert into public.webhook_delivery (webhook, kind, record, subject, data, next_attempt_at, created_at)
    select w.id, of_kind, of_record, of_subject, said, now(), now() from public.webhook w
    where w.revoked_at is null and of_kind = any (w.kinds) and starts_with(at_path, w.path)
  $$;
revoke all on function webhook_tell(text, uuid, text, text, jsonb) from public;

-- Released requests: released, changed (state, answer, category), withdrawn. Where one lies is told no closer than its community.
create function publication_told() returns trigger
  language plpgsql security definer set search_path = pg_catalog, public as $$
  declare
    kind text;
  begin
    if new.withdrawn_at is not null then
      if tg_op = 'INSERT' or old.withdrawn_at is not null then return null; end if;
      kind := 'request.withdrawn';
    elsif tg_op = 'INSERT' or old.withdrawn_at is not null then
      kind := 'request.released';
    elsif (old.state, old.result, old.answer, old.category, old.title, old.body)
        is distinct from (new.state, new.result, new.answer, new.category, new.title, new.body) then
      kind := 'request.changed';
    else
      return null;
    end if;
    perform public.webhook_tell(kind, new.request, new.path, 'raised/' || new.number, jsonb_build_object(
      'number', new.number::text, 'path', '/raised/' || new.number,
      'place', (select c.code from public.place c where c.path = substring(new.path from '^(?:[^/]+/){1,5}') collate "C"))
      || case when kind = 'request.withdrawn' then '{}'::jsonb else jsonb_build_object(
        'state', new.state,
        'category', (select concat_ws(' / ', c.level1, c.level2, c.level3) from public.category c where c.id = new.category),
        'filedAt', new.filed_at, 'answeredAt', new.answered_at, 'closedAt', new.closed_at) end);
    return null;
  end $$;
revoke all on function publication_told() from public;
create trigger publication_told after insert or update on publication for each row execute function publication_told();
