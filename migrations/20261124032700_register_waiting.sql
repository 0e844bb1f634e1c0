-- Up Migration

-- Gives committed acts their place in the tree. One at a time on a database, whichever process calls.
-- Returns how many were placed.
-- An act that already has its place and is put among the waiting once more is let go: it would stop the register for ever.
create or replace function ledger.sequence(at_most integer default 5000) returns integer
  -- By index, whatever the statistics of these fast tables say at the moment: a plan that reads them whole grows with history.
  -- Begun with those that wait, for the same reason: after many were placed at once they are thought to be as many still, and a plan
  -- that begins with the acts reads all there ever were. Ids follow the time of the act, so that the first ids are the first acts.
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
      with first as materialized (select p.act from ledger.pending p order by p.act limit at_most)
      select f.act, a.leaf, e.placed is not null as placed
      from first f
        cross join lateral (select a.leaf, a.at from ledger.act a where a.id = f.act offset 0) a
        left join lateral (select true as placed from ledger.entry where act = f.act limit 1) e on true
      order by a.at, f.act
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

-- Each row waits for a second and is gone: what remains of them is walked over at each round until it is cleared away.
alter table ledger.pending set (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000, autovacuum_vacuum_cost_delay = 0);
