-- Up Migration

-- The shape of a place: one ring around it. A grid, a community or a building that has one is found by a point that lies in it; a place
-- without is found by how near it is.
create table place_shape (
  place uuid primary key references place,
  ring polygon not null check (npoints(ring) between 3 and 2000),
  changed_at timestamptz not null default now()
);
-- Asked as `ring && polygon(box(p, p)) and ring @> p`: the first serves the index, which the second alone does not.
create index place_shape_ring on place_shape using gist (ring);

-- Shapes are public as their places are.
alter table place_shape enable row level security;
create policy place_shape_read on place_shape for select to linli_app, linli_jobs using (true);
create policy place_shape_drawn on place_shape for insert to linli_app
  with check (exists (select from place p where p.id = place and place_editable(p.path)));
create policy place_shape_changed on place_shape for update to linli_app
  using (exists (select from place p where p.id = place and place_editable(p.path)));
create policy place_shape_taken_away on place_shape for delete to linli_app
  using (exists (select from place p where p.id = place and place_editable(p.path)));
grant select on place_shape to linli_app, linli_jobs;
grant insert, delete, update (ring, changed_at) on place_shape to linli_app;

-- That a shape was drawn anew or taken away stands in the history of its place.
alter table place_history drop constraint place_history_kind_check;
alter table place_history add constraint place_history_kind_check
  check (kind in ('created', 'renamed', 'moved', 'merged', 'abolished', 'restored', 'reshaped'));
