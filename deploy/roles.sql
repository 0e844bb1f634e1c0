-- The four roles and the database of Linli, for a PostgreSQL (18 or newer) of your own. Run once, as its administrator:
--
--   psql -v owner="'…'" -v app="'…'" -v jobs="'…'" -v auth="'…'" -f deploy/roles.sql
--
-- Each variable is the password of a role, in single quotes within the double ones. None of the roles is a superuser or
-- passes by row-level security; all but the owner own nothing. Tables, policies and grants are made by Linli itself when
-- it starts, signing in as linli_owner.

create role linli_owner login nosuperuser nocreatedb nocreaterole nobypassrls password :owner;
create role linli_app login nosuperuser nocreatedb nocreaterole noinherit nobypassrls password :app;
create role linli_jobs login nosuperuser nocreatedb nocreaterole noinherit nobypassrls password :jobs;
create role linli_auth login nosuperuser nocreatedb nocreaterole noinherit nobypassrls password :auth;

create database linli owner linli_owner template template0
  encoding 'UTF8' locale_provider builtin builtin_locale 'C.UTF-8' locale 'C';
