-- Up Migration

-- What the public pages ask of the database: forms kept for a day, counts that betray nobody, a lost link asked for again.

-- A form being filled in without an account. Encrypted outside the database; found only by the token that its page carries;
-- nothing of session, address or device. Gone when it is sent, or after a day.
create table form_draft (
  token_hash bytea primary key check (octet_length(token_hash) = 32),
  content_encrypted bytea not null,
  expires_at timestamptz not null
);
create index form_draft_expires_at on form_draft (expires_at);
alter table form_draft enable row level security;
create policy form_draft_jobs on form_draft for all to linli_jobs using (true);
grant select, delete on form_draft to linli_jobs;

create function form_keep(token_hash bytea, content bytea, at timestamptz) returns void
  language plpgsql volatile security definer set search_path = pg_catalog, public as $$
  begin
    if public.clock_is_real() then at := now(); end if;
    -- Whoever keeps a form sweeps a few that have run out, so that no timer is needed for it.
    delete from public.form_draft d where d.token_hash in (
      select o.token_hash from public.form_draft o where o.expires_at < at order by o.expires_at limit 20 for update skip locked);
    insert into public.form_draft (token_hash, content_encrypted, expires_at)
      values (form_keep.token_hash, content, at + interval '24 hours')
      on conflict on constraint form_draft_pkey do update set content_encrypted = excluded.content_encrypted, expires_at = excluded.expires_at;
  end $$;
create function form_read(token_hash bytea, at timestamptz) returns bytea
  language sql stable security definer set search_path = pg_catalog, public as $$
    select d.content_encrypted from public.form_draft d where d.token_hash = form_read.token_hash and d.expires_at > case when public.clock_is_real() then now() else at end
  $$;
create function form_drop(token_hash bytea) returns void
  language sql volatile security definer set search_path = pg_catalog, public as $$
    delete from public.form_draft d where d.token_hash = form_drop.token_hash
  $$;
revoke all on function form_keep(bytea, bytea, timestamptz) from public;
revoke all on function form_read(bytea, timestamptz) from public;
revoke all on function form_drop(bytea) from public;
grant execute on function form_keep(bytea, bytea, timestamptz), form_read(bytea, timestamptz), form_drop(bytea) to linli_app;

-- Counts of a place for everyone. How many told us and how long an answer took name nobody. What residents said of answers is
-- given for a month that has closed, of a community and its subdistrict, from five on and only where they did not all say the
-- same, as for the handlers themselves. What a subdistrict says less what its communities say must betray nobody either: where so
-- little or so uniform a rest would remain, the smallest of the communities stays silent. Beside them stands how many never said.
-- Never of a month that is not over: no later moment than the present one is asked.
create function public_counts(of_path text, at timestamptz)
  returns table (told bigint, answered bigint, median_days numeric, judged bigint, solved bigint, unconfirmed bigint)
  language sql stable security definer set search_path = pg_catalog, public as $$
    with month as (
      select date_trunc('month', case when public.clock_is_real() then least(at, now()) else at end at time zone 'Asia/Shanghai') as local
    ), bounds as (
      select local at time zone 'Asia/Shanghai' as start, (local - interval '1 month')::date as before,
        (local - interval '1 month') at time zone 'Asia/Shanghai' as start_before,
        cardinality(string_to_array(of_path, '/')) - 1 as depth,
        array_to_string((string_to_array(of_path, '/'))[1:4], '/') || '/' as above,
        -- Ids follow time, and none is made more than two months before its filing: told by its id, what is older is not even read.
        case when public.clock_is_real()
          then (lpad(to_hex((extract(epoch from local - interval '63 days') * 1000)::bigint), 12, '0') || repeat('0', 20))::uuid
          else '00000000-0000-0000-0000-000000000000' end as first_id
      from month
    ), said as (
      select count(*) as judged, count(*) filter (where j.solved = 'solved') as solved, count(distinct j.solved) as kinds
      from public.judgement j, bounds
      where j.path >= of_path and j.path < of_path || '~' and j.month = bounds.before
    ), parts as (
      select array_to_string((string_to_array(j.path, '/'))[1:5], '/') || '/' as path, count(*) as judged,
        count(*) filter (where j.solved = 'solved') as solved, count(distinct j.solved) as kinds,
        (string_to_array(j.path, '/'))[5] <> '' as is_part
      from public.judgement j, bounds
      where bounds.depth = 5 and j.path >= bounds.above and j.path < bounds.above || '~' and j.month = bounds.before
      group by 1, 5
    ), shown as (
      select p.path, p.judged, row_number() over (order by p.judged, p.path) as smallest from parts p where p.is_part and p.judged >= 5 and p.kinds > 1
    ), rest as (
      select coalesce(sum(p.judged), 0) as judged, coalesce(sum(p.solved), 0) as solved from parts p where p.path not in (select s.path from shown s)
    ), given as (
      select said.judged >= 5 and said.kinds > 1
        -- Of a subdistrict or a community that there is: a piece of one, or what lies above both, is held against no neighbours here.
        and bounds.depth in (4, 5) and exists (select from public.place p where p.path = of_path)
        and not (bounds.depth = 5 and rest.judged > 0 and (rest.judged < 5 or rest.solved in (0, rest.judged))
          and exists (select from shown s where s.path = of_path and s.smallest = 1)) as open
      from said, bounds, rest
    )
    select
      (select count(*) from public.request r, bounds where r.path >= of_path and r.path < of_path || '~' and r.id >= bounds.first_id
          and r.filed_at >= bounds.start and r.filed_at <= at
        -- What was told once is one, however many matters it was divided into.
        and r.split_from is null),
      (select count(*) from public.request r, bounds where r.path >= of_path and r.path < of_path || '~' and r.answered_at >= bounds.start and r.answered_at <= at),
      (select round((percentile_cont(0.5) within group (order by extract(epoch from r.answered_at - r.filed_at)) / 86400)::numeric, 1)
        from public.request r, bounds where r.path >= of_path and r.path < of_path || '~' and r.answered_at >= bounds.start and r.answered_at <= at),
      case when given.open then said.judged end,
      case when given.open then said.solved end,
      case when given.open then (select count(*) from public.request r, bounds
        where r.path >= of_path and r.path < of_path || '~' and r.state = 'closed' and r.result = 'unconfirmed'
          and r.closed_at >= bounds.start_before and r.closed_at < bounds.start) end
    from said, given
  $$;
revoke all on function public_counts(text, timestamptz) from public;
grant execute on function public_counts(text, timestamptz) to linli_app;

-- A link that was lost: whoever knows the number and the phone that was left is sent a new one. Which request it is, is all that is told
-- here; the link is made by a job and goes to the phone that stands in the record, so that asking seizes nothing.
create function follow_again(of_number bigint, of_phone bytea) returns uuid
  language plpgsql volatile security definer set search_path = pg_catalog, public as $$
  declare
    found_id uuid;
  begin
    select r.id into found_id from public.request r join public.request_contact c on c.request = r.id
      where r.number = of_number and c.phone_index = of_phone;
    -- The job that makes the link is taken in this transaction alone, and for this request.
    if found_id is not null then
      perform set_config('linli.again', access.seal('again ' || found_id), true);
    end if;
    return found_id;
  end $$;
revoke all on function follow_again(bigint, bytea) from public;
grant execute on function follow_again(bigint, bytea) to linli_app;
-- Whether the link of a request was asked for in this transaction, by its number and the phone that was left.
create function followed_again(asked uuid) returns boolean
  language sql stable security definer set search_path = pg_catalog, public as $$
    select coalesce(current_setting('linli.again', true) = access.seal('again ' || asked), false)
  $$;
revoke all on function followed_again(uuid) from public;
grant execute on function followed_again(uuid) to linli_app;

-- Released requests that hold words, newest first; `@@` is not leak-proof, so that beneath the policy its index would rest.
create function publication_find(query tsquery, of_path text, before uuid, at_most integer) returns setof uuid
  language sql stable security definer set search_path = pg_catalog, public as $$
    select p.request from public.publication p
    where p.words @@ query and p.withdrawn_at is null and p.path >= of_path and p.path < of_path || '~'
      and (before is null or p.request < before)
    order by p.request desc limit least(at_most, 500)
  $$;
revoke all on function publication_find(tsquery, text, uuid, integer) from public;
grant execute on function publication_find(tsquery, text, uuid, integer) to linli_app;

-- Pictures of a request are seen by whoever may read the request.
create policy file_of_request on file for select to linli_app using (
  record is not null and exists (select from request r where r.id = file.record));
