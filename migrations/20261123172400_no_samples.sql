-- Up Migration

-- PostgreSQL keeps samples of the values of every column (pg_stats), which would outlast their rows: the name of a person who was erased
-- stood there until the table was sampled anew, and in every backup. Of what goes, with a person or by itself, none are taken any more,
-- except of what is found by its value: keyed digests, ids and times. What a new column needs is told by a test.
do $$
  declare
    one record;
  begin
    for one in
      select n.nspname::text as schema, c.relname::text as name, a.attname::text as attribute
      from (values
        ('access.token', 'hash kind'),
        ('public.file', 'sha256 kind media_type purpose owner_token_hash'),
        ('public.flood_pass', 'id'),
        ('public.idempotency', 'key_hash body_hash answer'),
        ('ledger.salt', 'salt'),
        ('public.rate', 'name key'),
        ('public.daily_key', 'key'),
        ('public.outbox', 'recipient content'),
        ('public.push_device', 'sealed digest purpose session link_hash language'),
        ('auth.user', 'id name image email phoneNumber'),
        ('auth.account', 'id accountId providerId userId password accessToken idToken refreshToken scope'),
        ('auth.session', 'id userId token userAgent ipAddress'),
        ('auth.verification', 'id identifier value'),
        ('auth.invitation', 'id tokenHash reference userId'),
        ('auth.authenticator', 'id userId secret'),
        ('auth.recoveryCode', 'id userId digest'),
        ('auth.passkey', 'id userId credentialId publicKey transports name'),
        ('auth.securityEvent', 'id userId kind device'),
        ('public.request_contact', 'name_encrypted phone_encrypted mail_encrypted phone_index'),
        ('public.request_contact_before', 'phone_encrypted'),
        ('public.me_too', 'phone_encrypted phone_index'),
        ('public.request_draft', 'content_encrypted'),
        ('public.saved_filter', 'name query'),
        ('public.form_draft', 'token_hash content_encrypted'),
        ('public.invitation', 'name mail_encrypted token_hash'),
        ('public.person', 'auth_user name phone_encrypted mail_encrypted phone_index home_path')) going (relation, columns)
      join pg_namespace n on n.nspname = split_part(going.relation, '.', 1)
      join pg_class c on c.relnamespace = n.oid and c.relname = split_part(going.relation, '.', 2)
      join pg_attribute a on a.attrelid = c.oid and a.attname = any (string_to_array(going.columns, ' '))
      where not exists (select from pg_index i where i.indrelid = c.oid and a.attnum = any (i.indkey))
    loop
      execute format('alter table %I.%I alter column %I set statistics 0', one.schema, one.name, one.attribute);
      perform pg_clear_attribute_stats(one.schema, one.name, one.attribute, false);
    end loop;
  end $$;
