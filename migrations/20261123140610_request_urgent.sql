-- Up Migration

-- What is urgent is one of twenty: a list of it below a path reads these alone, and not all that was ever told there.
create index request_urgent on request (path, id) where urgency = 'urgent';
