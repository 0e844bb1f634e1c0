-- Up Migration

-- A line about two requests names the link, which is read by whoever sees both, and not the other request: whoever sees one of them alone
-- learned there that the other exists.
update request_entry e set facts = (e.facts - 'to') || coalesce((
    select jsonb_build_object('link', l.id) from request_link l
    where e.request in (l.one, l.other) and e.facts ->> 'to' in (l.one::text, l.other::text)
      and case e.kind when 'linked' then l.made_at else l.undone_at end = e.at limit 1), '{}')
  where e.kind in ('linked', 'unlinked') and e.facts ? 'to';
