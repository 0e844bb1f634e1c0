-- Up Migration

-- What is open to everybody as data, by month.

-- Released requests of a month, of places of any width: a wide one walks through the month, a narrow one has its index on the path.
create index publication_filed_at on publication (filed_at, request) where withdrawn_at is null;

-- How many requests were told of in a month that is over, of which kind, and what became of them, of each subdistrict at a path and below:
-- nothing narrower, and so nothing whose parts could be taken from a whole. What is few is left out by whoever shows them.
create function open_counts(of_path text, of_month date, after_path text, at_most integer)
  returns table (path text, code text, name text, kind text, told integer, closed integer, in_time integer, late integer)
  language plpgsql stable security definer set search_path = pg_catalog, public set plan_cache_mode = force_custom_plan as $$
  #variable_conflict use_column
  begin
    if public.clock_is_real() and of_month >= public.figure_month(now()) then return; end if;
    return query
      with places as (
        select p.path, p.code, p.name from public.place p
        where p.kind = 'subdistrict' and p.path >= of_path collate "C" and p.path < of_path || '~' collate "C"
          and p.path > after_path collate "C"
          and exists (select from public.request_figure f where f.path = p.path and f.month = of_month)
        order by p.path limit least(at_most, 1000))
      select s.path, s.code, s.name, f.kind, f.told, f.closed, f.in_time, f.late
      from places s join public.request_figure f on f.path = s.path and f.month = of_month
      where f.told > 0 order by s.path, f.kind nulls last;
  end $$;
revoke all on function open_counts(text, date, text, integer) from public;
grant execute on function open_counts(text, date, text, integer) to linli_app;
-- The first month that has figures; null where there is none.
create function open_counts_first() returns date
  language sql stable security definer set search_path = pg_catalog, public as $$
    select min(month) from public.request_figure where path in (select p.path from public.place p where p.kind = 'province')
  $$;
revoke all on function open_counts_first() from public;
grant execute on function open_counts_first() to linli_app;
