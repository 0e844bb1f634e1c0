-- Up Migration

-- Requests that belong together without being one: the same thing elsewhere, or one cause of both. A link is undone, never deleted.
create table request_link (
  id uuid primary key,
  one uuid not null references request on delete cascade,
  other uuid not null references request on delete cascade,
  kind text not null check (kind in ('same_kind', 'same_cause')),
  made_at timestamptz not null,
  made_by uuid not null references tenure (id),
  undone_at timestamptz,
  undone_by uuid references tenure (id),
  check (one <> other),
  check ((undone_at is null) = (undone_by is null))
);
create unique index request_link_once on request_link (least(one, other), greatest(one, other)) where undone_at is null;
create index request_link_one on request_link (one);
create index request_link_other on request_link (other);
create index request_link_made_by on request_link (made_by);
create index request_link_undone_by on request_link (undone_by) where undone_by is not null;

alter table request_link enable row level security;
-- Read by whoever reads both; made and undone by whoever accepts or dispatches one of them.
create policy request_link_read on request_link for select to linli_app using (
  exists (select from request r where r.id = request_link.one) and exists (select from request r where r.id = request_link.other));
create policy request_link_made on request_link for insert to linli_app with check (
  undone_at is null and is_present(made_at) and made_by = any ((select access.tenures())::uuid[])
  and exists (select from request r, request o where r.id = request_link.one and o.id = request_link.other
    and r.excluded_people @> o.excluded_people and o.excluded_people @> r.excluded_people
    and r.excluded_bodies @> o.excluded_bodies and o.excluded_bodies @> r.excluded_bodies)
  and request_stands(one, '{request.accept,request.dispatch}'));
create policy request_link_undone on request_link for update to linli_app
  using (undone_at is null and (request_stands(one, '{request.accept,request.dispatch}') or request_stands(other, '{request.accept,request.dispatch}')))
  with check (is_present(undone_at) and undone_by = any ((select access.tenures())::uuid[]));
create policy request_link_jobs on request_link for all to linli_jobs using (true) with check (true);
grant select, insert, update (undone_at, undone_by) on request_link to linli_app;
grant select, insert, update on request_link to linli_jobs;

insert into request_step (act, from_states, next, who) values
  ('link', '{received,accepted,dispatched,acknowledged,answered,closed}', null, '{request.accept,request.dispatch}'),
  ('unlink', '{received,accepted,dispatched,acknowledged,answered,closed}', null, '{request.accept,request.dispatch}');
