-- Up Migration

-- Feeds tell what was released, answered or closed last, in that order.
create index publication_changed on publication ((greatest(released_at, answered_at, closed_at)) desc, request)
  where withdrawn_at is null;
