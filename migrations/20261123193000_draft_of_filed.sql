-- Up Migration

-- What was saved on the way while it was being filed comes too late: it is no draft any more, and would come back as one that cannot be
-- sent. Definer, since whoever takes a matter down may not see it once it is filed.
create function request_draft_in_time() returns trigger
  language plpgsql security definer set search_path = pg_catalog, public as $$
  begin
    if exists (select from public.request r where r.id = new.id) then return null; end if;
    return new;
  end $$;
create trigger request_draft_in_time before insert on request_draft for each row execute function request_draft_in_time();
