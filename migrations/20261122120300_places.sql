-- Up Migration

-- Places: the tree from province to building. Its data are public; only its edges are guarded.
-- `path` is the key of the tree: it begins with the parent's path, every segment ends in '/',
-- and a subtree is the range `path >= p and path < p || '~'` of a plain b-tree.
create table place (
  id uuid primary key default uuidv7(),
  code text collate "C" unique check (length(code) in (2, 4, 6, 9, 12) and code !~ '[^0-9]'),
  kind text not null check (
    kind in ('province', 'city', 'district', 'subdistrict', 'community', 'grid', 'building', 'station')
  ),
  name text not null check (name <> ''),
  name_en text,
  -- The name without its kind, for finding: the data say 五里居委会, people say 五里社区.
  short_name text collate "C" not null check (short_name <> ''),
  path text collate "C" unique not null check (path ~ '^([0-9a-z]+/)+$'),
  parent_id uuid references place,
  -- One- and two-character grams of the short name: two characters have no trigram.
  grams text[] not null default '{}',
  -- Who decided the name and the end: the national list, or somebody here. An import leaves local decisions alone.
  name_source text not null default 'national' check (name_source in ('national', 'local')),
  abolished_at timestamptz,
  abolished_source text check (abolished_source in ('national', 'local')),
  successor_id uuid references place,
  longitude double precision check (longitude between -180 and 180),
  latitude double precision check (latitude between -90 and 90),
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  version integer not null default 1,
  check (parent_id <> id),
  check (successor_id <> id),
  check ((abolished_at is null) = (abolished_source is null)),
  check (successor_id is null or abolished_at is not null),
  check ((longitude is null) = (latitude is null))
);

create index place_parent on place (parent_id);
create index place_successor on place (successor_id) where successor_id is not null;
create index place_short_name on place (short_name, kind);
create index place_grams on place using gin (grams);
create index place_point on place (longitude, latitude) where longitude is not null;
create index place_name_en on place (lower(name_en)) where name_en is not null;
alter table place alter column grams set statistics 200;

-- What happened to a place, as rows that are never overwritten. What a first load brings has no row: created_at says it.
create table place_history (
  id uuid primary key default uuidv7(),
  place_id uuid not null references place,
  at timestamptz not null default now(),
  kind text not null check (kind in ('created', 'renamed', 'moved', 'merged', 'abolished', 'restored')),
  before jsonb not null default '{}',
  after jsonb not null default '{}',
  by uuid,
  basis text
);
create index place_history_place on place_history (place_id, at);

-- Columns of other rooms that hold the current path of a record. Migrations of those rooms add their rows here,
-- so that one call moves everything in one transaction. No other role sees or changes this table.
create table place_path_column (
  table_name text not null,
  column_name text not null,
  -- Whether rows follow when a place is merged into another. Records do; settings of the merged place end with it.
  follows_merge boolean not null default true,
  primary key (table_name, column_name)
);

-- The first free segment below a parent: the segment itself, then with a letter (001a), then two (001aa).
create function place_free_path(parent_path text, segment text) returns text
language sql stable
as $$
  select parent_path || segment || suffix || '/'
  from (
    select 0 as turn, '' as suffix
    union all select 1, chr(letter) from generate_series(97, 122) letter
    union all select 2, chr(first) || chr(second) from generate_series(97, 122) first, generate_series(97, 122) second
  ) suffixes
  where not exists (select from place where path = parent_path || segment || suffix || '/')
  order by turn, suffix
  limit 1
$$;

-- Whether the one who asks may edit places at this path.
create function place_editable(at_path text) returns boolean
language sql stable
as $$
  select exists (
    select from unnest((select access.reach('place.edit'))) c
    where at_path collate "C" >= c and at_path collate "C" < c || '~'
  )
$$;

-- Rewrites every registered path column of other rooms: the whole subtree, or only rows exactly at the old path.
create function place_rewrite_columns(old_path text, new_path text, subtree boolean) returns bigint
language plpgsql
set search_path = public, pg_temp
as $$
declare
  registered record;
  touched bigint;
  total bigint := 0;
begin
  for registered in
    select table_name, column_name from place_path_column where subtree or follows_merge order by table_name, column_name
  loop
    execute format(
      'update %1$s set %2$I = $1 || substr(%2$I, $2) where %2$I >= $3 and %2$I '
        || case when subtree then '< $3 || ''~''' else '<= $3' end,
      registered.table_name::regclass, registered.column_name
    ) using new_path, length(old_path) + 1, old_path collate "C";
    get diagnostics touched = row_count;
    total := total + touched;
  end loop;
  return total;
end
$$;

-- Moves a place with all below it. Definer, because rows of other rooms move along that the mover may not see;
-- therefore it checks the reach itself, at the place and at the new parent.
create function place_move(moved uuid, new_parent uuid, basis text, by_tenure uuid default null) returns text
language plpgsql security definer
set search_path = public, pg_temp
as $$
declare
  subject place;
  target place;
  segment text;
  new_path text;
begin
  -- One move at a time: two moves could otherwise put each other below themselves.
  perform pg_advisory_xact_lock(hashtext('linli.place.tree'));
  select * into subject from place where id = moved for update;
  select * into target from place where id = new_parent for update;
  if subject.id is null or target.id is null then
    raise exception 'place not found' using errcode = 'no_data_found';
  end if;
  if not place_editable(subject.path) or not place_editable(target.path) then
    raise exception 'place is out of reach' using errcode = 'insufficient_privilege';
  end if;
  if target.path >= subject.path and target.path < subject.path || '~' then
    raise exception 'a place cannot lie below itself' using errcode = 'check_violation';
  end if;
  if target.abolished_at is not null then
    raise exception 'the new parent is abolished' using errcode = 'check_violation';
  end if;
  if subject.parent_id = new_parent then
    return subject.path;
  end if;
  segment := (string_to_array(subject.path, '/'))[cardinality(string_to_array(subject.path, '/')) - 1];
  -- A letter of an earlier move is dropped when the bare segment is free again.
  new_path := place_free_path(target.path, regexp_replace(segment, '(?<=[0-9])[a-z]+$', ''));
  update place
    set path = new_path || substr(path, length(subject.path) + 1),
        parent_id = case when id = moved then new_parent else parent_id end,
        updated_at = now(), version = version + 1
    where path >= subject.path and path < subject.path || '~';
  perform place_rewrite_columns(subject.path, new_path, true);
  insert into place_history (place_id, kind, before, after, by, basis) values (
    moved, 'moved',
    jsonb_build_object('path', subject.path, 'parent_id', subject.parent_id),
    jsonb_build_object('path', new_path, 'parent_id', new_parent),
    by_tenure, basis
  );
  return new_path;
end
$$;

-- Merges a place into another: its children move over, records that stood at it now stand at the other,
-- and it is abolished with the other as its successor. Its row and path stay, so that old papers can be read.
create function place_merge(merged uuid, into_place uuid, basis text, by_tenure uuid default null) returns text
language plpgsql security definer
set search_path = public, pg_temp
as $$
declare
  subject place;
  target place;
  child uuid;
begin
  perform pg_advisory_xact_lock(hashtext('linli.place.tree'));
  select * into subject from place where id = merged for update;
  select * into target from place where id = into_place for update;
  if subject.id is null or target.id is null then
    raise exception 'place not found' using errcode = 'no_data_found';
  end if;
  if not place_editable(subject.path) or not place_editable(target.path) then
    raise exception 'place is out of reach' using errcode = 'insufficient_privilege';
  end if;
  if target.path >= subject.path and target.path < subject.path || '~' then
    raise exception 'a place cannot be merged into itself or what lies below it' using errcode = 'check_violation';
  end if;
  if subject.abolished_at is not null or target.abolished_at is not null then
    raise exception 'an abolished place cannot be merged' using errcode = 'check_violation';
  end if;
  for child in select id from place where parent_id = merged order by path loop
    perform place_move(child, into_place, basis, by_tenure);
  end loop;
  perform place_rewrite_columns(subject.path, target.path, false);
  update place
    set abolished_at = now(), abolished_source = 'local', successor_id = into_place,
        updated_at = now(), version = version + 1
    where id = merged;
  insert into place_history (place_id, kind, before, after, by, basis) values
    (merged, 'merged', jsonb_build_object('name', subject.name, 'path', subject.path),
      jsonb_build_object('successor_id', into_place, 'name', target.name, 'path', target.path), by_tenure, basis),
    (into_place, 'merged', jsonb_build_object('name', target.name, 'path', target.path),
      jsonb_build_object('merged_id', merged, 'name', subject.name, 'path', subject.path), by_tenure, basis);
  return target.path;
end
$$;

-- The path of a place, held until the end of the transaction. Whoever writes a row that carries a path reads it here:
-- a move that runs meanwhile either waits for the row, or this call waits for the move and answers the new path.
create function place_hold(held uuid) returns text
language sql volatile security definer
set search_path = public, pg_temp
as $$
  select path from place where id = held for key share
$$;

-- Whether a text is part of what a place may be called: the list's name, or for a community any of the usual endings,
-- so that 五里社 is on the way to 五里居委会.
create function place_called(name text, short_name text, kind text, spoken text) returns boolean
language sql immutable parallel safe
as $$
  select position(spoken in name) > 0
    or kind = 'community' and (name like '%社区' or name like '%居委会' or name like '%居民委员会')
      and (position(spoken in short_name || '社区居委会') > 0 or position(spoken in short_name || '居民委员会') > 0
        or position(spoken in short_name || '居委会') > 0 or position(spoken in short_name || '社区居民委员会') > 0)
$$;

-- Finds places by the possible short forms of a word, best first: the very name, then names that begin so, then names
-- that contain it; nearer ones first where somebody says where they are, then higher levels. Each step looks at a bounded
-- number of candidates, so that a word as frequent as 新 costs no more than a rare one, and higher levels are among them.
--   forms         what the name without its kind may be (五里社区, 五里); the last is the shortest
--   grams_sought  pieces of the shortest form (kernel/search)
--   same          names in the list that the word means exactly (五里居委会 for 五里社区)
--   spoken        text that the whole name must contain, or null
--   within_path   paths below which to look, or null for everywhere
--   near_path     a path with its ancestors, widest first, or empty
-- Plans are made for the given words each time: 新 and 邗上 want different ones.
create function place_find(
  forms text[], grams_sought text[], same text[], spoken text, within_path text[], near_path text[], kinds text[], most integer
) returns table (id uuid, step integer)
language plpgsql stable
set plan_cache_mode = force_custom_plan
as $$
declare
  -- One range is a condition that an index serves; several are tested row by row.
  low text collate "C" := case when cardinality(within_path) = 1 then within_path[1] end;
  several text[] := case when cardinality(within_path) > 1 then within_path end;
  nearby text collate "C" := near_path[least(2, cardinality(near_path))];
  shortest text collate "C" := forms[cardinality(forms)];
  found integer;
begin
  return query
    select p.id, 1 from place p
    where p.short_name = any(forms) and p.abolished_at is null
      and (spoken is null or place_called(p.name, p.short_name, p.kind, spoken))
      and (kinds is null or p.kind = any(kinds))
      and (low is null or p.path >= low and p.path < low || '~')
      and (several is null or exists (select from unnest(several) w where p.path >= w and p.path < w || '~'))
    order by (select count(*) from unnest(near_path) n where p.path >= n and p.path < n || '~') desc,
      p.name = any(same) desc, array_position(array['province', 'city', 'district', 'subdistrict', 'community', 'grid', 'building', 'station'], p.kind), p.path
    limit most;
  get diagnostics found = row_count;
  if found >= most then
    return;
  end if;
  return query
    select c.id, 2 from (
      (select p.* from place p
       where p.short_name >= shortest and p.short_name < shortest || chr(1114111)
         and p.kind in ('province', 'city', 'district', 'subdistrict') and p.abolished_at is null
         and (kinds is null or p.kind = any(kinds))
         and (low is null or p.path >= low and p.path < low || '~')
         and (several is null or exists (select from unnest(several) w where p.path >= w and p.path < w || '~'))
       limit 300)
      union
      (select p.* from place p
       where p.short_name >= shortest and p.short_name < shortest || chr(1114111) and p.abolished_at is null
         and (kinds is null or p.kind = any(kinds))
         and (low is null or p.path >= low and p.path < low || '~')
         and (several is null or exists (select from unnest(several) w where p.path >= w and p.path < w || '~'))
       limit 300)
      union
      (select p.* from place p
       where p.short_name >= shortest and p.short_name < shortest || chr(1114111) and p.abolished_at is null
         and (kinds is null or p.kind = any(kinds))
         and p.path >= nearby and p.path < nearby || '~'
         and (low is null or p.path >= low and p.path < low || '~')
         and (several is null or exists (select from unnest(several) w where p.path >= w and p.path < w || '~'))
       limit 300)
    ) c
    where c.short_name <> all(forms) and (spoken is null or place_called(c.name, c.short_name, c.kind, spoken))
    order by (select count(*) from unnest(near_path) n where c.path >= n and c.path < n || '~') desc,
      starts_with(c.name, forms[1]) desc, array_position(array['province', 'city', 'district', 'subdistrict', 'community', 'grid', 'building', 'station'], c.kind), c.path
    limit most;
  get diagnostics found = row_count;
  if found >= most then
    return;
  end if;
  if cardinality(grams_sought) = 0 then
    return;
  end if;
  return query
    select c.id, 3 from (
      (select p.* from place p
       where p.grams @> grams_sought and position(shortest in p.short_name) > 1 and p.abolished_at is null
         and (spoken is null or place_called(p.name, p.short_name, p.kind, spoken))
         and (kinds is null or p.kind = any(kinds))
         and (low is null or p.path >= low and p.path < low || '~')
         and (several is null or exists (select from unnest(several) w where p.path >= w and p.path < w || '~'))
       limit 300)
      union
      (select p.* from place p
       where p.grams @> grams_sought and position(shortest in p.short_name) > 1 and p.abolished_at is null
         and (spoken is null or place_called(p.name, p.short_name, p.kind, spoken))
         and (kinds is null or p.kind = any(kinds))
         and p.path >= nearby and p.path < nearby || '~'
         and (low is null or p.path >= low and p.path < low || '~')
         and (several is null or exists (select from unnest(several) w where p.path >= w and p.path < w || '~'))
       limit 300)
    ) c
    order by (select count(*) from unnest(near_path) n where c.path >= n and c.path < n || '~') desc,
      array_position(array['province', 'city', 'district', 'subdistrict', 'community', 'grid', 'building', 'station'], c.kind), c.path
    limit most;
end
$$;

alter table place enable row level security;
alter table place_history enable row level security;
alter table place_path_column enable row level security;

create policy place_read on place for select to linli_app, linli_jobs using (true);
create policy place_insert on place for insert to linli_app
  with check (exists (
    select from unnest((select access.reach('place.edit'))) c where path >= c and path < c || '~'
  ));
create policy place_update on place for update to linli_app
  using (exists (
    select from unnest((select access.reach('place.edit'))) c where path >= c and path < c || '~'
  ));
create policy place_history_read on place_history for select to linli_app, linli_jobs using (true);
create policy place_history_insert on place_history for insert to linli_app
  with check (exists (select from place p where p.id = place_id and place_editable(p.path)));

revoke all on place, place_history, place_path_column from public;
grant select on place, place_history to linli_app, linli_jobs;
grant insert on place, place_history to linli_app;
-- Not path, parent, code or kind: the tree changes through place_move and place_merge only.
grant update (
  name, name_en, short_name, grams, name_source, abolished_at, abolished_source, successor_id,
  longitude, latitude, updated_at, version
) on place to linli_app;
revoke execute on function place_rewrite_columns(text, text, boolean) from public;
revoke execute on function place_move(uuid, uuid, text, uuid), place_merge(uuid, uuid, text, uuid), place_hold(uuid)
  from public;
grant execute on function place_move(uuid, uuid, text, uuid), place_merge(uuid, uuid, text, uuid) to linli_app;
grant execute on function place_hold(uuid) to linli_app, linli_jobs;
