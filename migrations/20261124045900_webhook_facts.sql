-- Up Migration

-- What other software is told of a released request, with times as the event itself has them (RFC 3339, UTC, whole seconds) and the code
-- by which the list of services knows its category.
create or replace function publication_told() returns trigger
  language plpgsql security definer set search_path = pg_catalog, public as $$
  declare
    kind text;
    zulu constant text := 'YYYY-MM-DD"T"HH24:MI:SS"Z"';
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
        'categoryCode', (select c.code from public.category c where c.id = new.category),
        'filedAt', to_char(new.filed_at at time zone 'UTC', zulu),
        'answeredAt', to_char(new.answered_at at time zone 'UTC', zulu),
        'closedAt', to_char(new.closed_at at time zone 'UTC', zulu)) end);
    return null;
  end $$;
revoke all on function publication_told() from public;
