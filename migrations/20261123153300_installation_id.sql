-- Up Migration

-- Which installation this is. The store of its files bears the same id, so that no other database, wrongly named in the settings, takes
-- what lies there for bytes of nobody. A restore gives a new one.
alter table installation add column id uuid not null default gen_random_uuid();
