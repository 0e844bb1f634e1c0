-- Up Migration

-- The register becomes a tree (RFC 9162 §2.1): the leaves are those that stand, and what was chained over them is reckoned as a tree instead,
-- so that one act can be proved to stand in it without the others. One truth: the chained hash goes.

-- Hashes of the tree in tiles of height 8 (C2SP tlog-tiles). The leaves themselves are the tiles of level 0 and stand in ledger.entry.
create table ledger.tile (
  level smallint check (level between 1 and 6),
  index bigint check (index >= 0),
  -- One after the other, 32 bytes each, at most 256; the last tile of a level grows.
  hashes bytea not null check (octet_length(hashes) between 32 and 8192 and octet_length(hashes) % 32 = 0),
  primary key (level, index)
);
alter table ledger.tile enable row level security;
create policy tile_read on ledger.tile for select to linli_app, linli_jobs using (true);
grant select on ledger.tile to linli_app, linli_jobs;

-- `root` is that over all leaves. `peaks` holds the roots of the whole subtrees that its size consists of, one for each bit that is set in it:
-- the next leaf is taken in by these alone, however long the register is.
alter table ledger.head add column root bytea not null default sha256(''::bytea);
alter table ledger.head add column peaks bytea[] not null default '{}';

do $$
  declare
    leaves bigint := 0;
    subtrees bytea[] := '{}';
    open bytea[] := array_fill(''::bytea, array[6]);
    node bytea;
    height integer;
    tier integer;
    total bytea;
  begin
    for node in select e.leaf from ledger.entry e order by e.place loop
      height := 0;
      while (leaves >> height) & 1 = 1 loop
        node := sha256('\x01'::bytea || subtrees[height + 1] || node);
        subtrees[height + 1] := null;
        height := height + 1;
        if height % 8 = 0 then
          tier := height / 8;
          open[tier] := open[tier] || node;
          if octet_length(open[tier]) = 8192 then
            insert into ledger.tile values (tier, (leaves + 1) / (1::bigint << height) / 256 - 1, open[tier]);
            open[tier] := ''::bytea;
          end if;
        end if;
      end loop;
      subtrees[height + 1] := node;
      leaves := leaves + 1;
    end loop;
    for tier in 1 .. 6 loop
      if octet_length(open[tier]) > 0 then
        insert into ledger.tile values (tier, leaves / (1::bigint << (tier * 8)) / 256, open[tier]);
      end if;
    end loop;
    for height in 1 .. coalesce(array_length(subtrees, 1), 0) loop
      continue when subtrees[height] is null;
      total := case when total is null then subtrees[height] else sha256('\x01'::bytea || subtrees[height] || total) end;
    end loop;
    update ledger.head h set root = coalesce(total, h.root), peaks = subtrees;
  end $$;

alter table ledger.entry drop column hash;
alter table ledger.head drop column hash;

-- Gives committed acts their place in the tree. One at a time on a database, whichever process calls.
-- Returns how many were placed.
-- An act that already has its place and is put among the waiting once more is let go: it would stop the register for ever.
create or replace function ledger.sequence(at_most integer default 5000) returns integer
  -- By index, whatever the statistics of these fast tables say at the moment: a plan that reads them whole grows with history.
  language plpgsql volatile security definer set search_path = pg_catalog, ledger, public
    set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off as $$
  declare
    leaves bigint;
    subtrees bytea[];
    waiting record;
    node bytea;
    height integer;
    total bytea;
    places bigint[] := '{}';
    acts uuid[] := '{}';
    hashes bytea[] := '{}';
    again uuid[] := '{}';
    -- Nodes that became whole and belong into a tile: its level, their number in that level, and they themselves.
    levels smallint[] := '{}';
    numbers bigint[] := '{}';
    nodes bytea[] := '{}';
  begin
    -- The head's own row is the lock: an advisory one could be taken, and kept, by any role.
    select h.place, h.peaks into leaves, subtrees from ledger.head h for update skip locked;
    if not found then return 0; end if;
    for waiting in
      select p.act, a.leaf, e.placed is not null as placed
      from ledger.pending p join ledger.act a on a.id = p.act
        left join lateral (select true as placed from ledger.entry where act = p.act limit 1) e on true
      order by a.at, p.act limit at_most
    loop
      if waiting.placed then
        again := again || waiting.act;
        continue;
      end if;
      node := waiting.leaf;
      height := 0;
      while (leaves >> height) & 1 = 1 loop
        node := sha256('\x01'::bytea || subtrees[height + 1] || node);
        subtrees[height + 1] := null;
        height := height + 1;
        if height % 8 = 0 then
          levels := levels || (height / 8)::smallint;
          numbers := numbers || ((leaves + 1) / (1::bigint << height) - 1);
          nodes := nodes || node;
        end if;
      end loop;
      subtrees[height + 1] := node;
      leaves := leaves + 1;
      places := places || leaves;
      acts := acts || waiting.act;
      hashes := hashes || waiting.leaf;
    end loop;
    if cardinality(again) > 0 then delete from ledger.pending p where p.act = any(again); end if;
    if cardinality(acts) > 0 then
      insert into ledger.entry (place, act, leaf)
        select * from unnest(places, acts, hashes);
      delete from ledger.pending p where p.act = any(acts);
      if cardinality(nodes) > 0 then
        insert into ledger.tile as t (level, index, hashes)
          select n.level, n.number / 256, string_agg(n.node, ''::bytea order by n.number)
          from unnest(levels, numbers, nodes) n (level, number, node) group by n.level, n.number / 256
          on conflict (level, index) do update set hashes = t.hashes || excluded.hashes;
      end if;
      for height in 1 .. array_length(subtrees, 1) loop
        continue when subtrees[height] is null;
        total := case when total is null then subtrees[height] else sha256('\x01'::bytea || subtrees[height] || total) end;
      end loop;
      update ledger.head h set place = leaves, root = total, peaks = subtrees;
      -- One notice a batch: NOTIFY in every writing transaction would make commits wait for each other.
      perform pg_notify('linli_ledger', leaves::text);
    end if;
    return cardinality(acts) + cardinality(again);
  end $$;
