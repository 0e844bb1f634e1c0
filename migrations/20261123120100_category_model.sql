-- Up Migration

-- What was learned from a place's closed requests about which category a text belongs to. A row for each night, whose accuracy is
-- kept; the model itself only in the newest. It holds words that several people's requests share, none of one person alone, and is made
-- anew from what still stands, so that what a resident has erased goes with the next one.
create table category_model (
  id uuid primary key,
  path text collate "C" not null,
  made_at timestamptz not null,
  -- Requests whose category staff had set, and all whose words were counted.
  rows integer not null check (rows >= 0),
  texts integer not null check (texts >= rows),
  -- Shares of rows that were not learned from: the first suggestion right, one of three right; of the first level, and of the category.
  level_first real not null check (level_first between 0 and 1),
  level_three real not null check (level_three between 0 and 1),
  category_first real check (category_first between 0 and 1),
  category_three real check (category_three between 0 and 1),
  model bytea
);
create index category_model_path on category_model (path, made_at desc);
insert into place_path_column (table_name, column_name, follows_merge) values ('category_model', 'path', false);

alter table category_model enable row level security;
-- As the categories themselves, which everybody reads.
create policy category_model_read on category_model for select to linli_app using (true);
create policy category_model_jobs on category_model for all to linli_jobs using (true) with check (true);
grant select on category_model to linli_app;
grant select, insert, update, delete on category_model to linli_jobs;
