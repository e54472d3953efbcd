-- Makes the roles of the app and of migrations. Safe to run again, and while the app serves.
-- psql 16 or later, PostgreSQL 15 or later, as a user that owns the database and may create roles; no superuser is needed.
-- Passwords come through the environment, never through arguments.
\set ON_ERROR_STOP on
\set QUIET on
\getenv app_role APP_ROLE
\getenv migrate_role MIGRATE_ROLE
\getenv app_password APP_PASSWORD
\getenv migrate_password MIGRATE_PASSWORD

-- A message that names a statement is enough; its text could hold what should not be in a log.
\set SHOW_CONTEXT never
\set VERBOSITY terse

BEGIN;
SET LOCAL lock_timeout = '10s';
SET LOCAL client_min_messages = 'warning';

\o /dev/null
-- Two tasks at once take turns.
SELECT pg_advisory_xact_lock(hashtext('database roles'));

-- ALTER ROLE takes no bound values, and the server logs it as DDL. So the values are bound to a setting, and a DO block, whose inner
-- statements are not logged, reads them from there.
SELECT set_config('roles.app', $1, true), set_config('roles.migrate', $2, true),
       set_config('roles.app_password', $3, true), set_config('roles.migrate_password', $4, true)
  \bind :app_role :migrate_role :app_password :migrate_password \g
\o

DO $$
DECLARE
  one record;
BEGIN
  FOR one IN
    SELECT current_setting('roles.app') AS name, current_setting('roles.app_password') AS password
    UNION ALL
    SELECT current_setting('roles.migrate'), current_setting('roles.migrate_password')
  LOOP
    IF one.name = '' OR length(one.password) < 16 THEN
      RAISE EXCEPTION 'a role needs a name and a password of 16 characters or more';
    END IF;
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = one.name) THEN
      EXECUTE format('CREATE ROLE %I LOGIN', one.name);
    END IF;
    EXECUTE format('ALTER ROLE %I LOGIN PASSWORD %L', one.name, one.password);
  END LOOP;
END
$$;

-- Default privileges of a role, and what it owns, can be changed by its members.
DO $$
BEGIN
  IF NOT pg_has_role(current_user, current_setting('roles.migrate'), 'USAGE') THEN
    EXECUTE format('GRANT %I TO %I', current_setting('roles.migrate'), current_user);
  END IF;
END
$$;

-- The database: nobody who is not named; only migrations may make schemas and extensions.
SELECT current_database() AS database \gset
REVOKE ALL ON DATABASE :"database" FROM PUBLIC;
GRANT CONNECT ON DATABASE :"database" TO :"app_role";
GRANT CONNECT, CREATE, TEMPORARY ON DATABASE :"database" TO :"migrate_role";

-- The schema public belongs to migrations; the app uses it and makes nothing in it.
DO $$
BEGIN
  IF (SELECT nspowner FROM pg_namespace WHERE nspname = 'public') <> (SELECT oid FROM pg_roles WHERE rolname = current_setting('roles.migrate')) THEN
    EXECUTE format('ALTER SCHEMA public OWNER TO %I', current_setting('roles.migrate'));
  END IF;
END
$$;
REVOKE ALL ON SCHEMA public FROM PUBLIC;
REVOKE ALL ON SCHEMA public FROM :"app_role";
GRANT USAGE ON SCHEMA public TO :"app_role";

-- What migrations make from now on, in any schema, the app may use at once.
ALTER DEFAULT PRIVILEGES FOR ROLE :"migrate_role" GRANT USAGE ON SCHEMAS TO :"app_role";
ALTER DEFAULT PRIVILEGES FOR ROLE :"migrate_role" GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO :"app_role";
ALTER DEFAULT PRIVILEGES FOR ROLE :"migrate_role" GRANT USAGE, SELECT, UPDATE ON SEQUENCES TO :"app_role";
ALTER DEFAULT PRIVILEGES FOR ROLE :"migrate_role" GRANT EXECUTE ON ROUTINES TO :"app_role";
ALTER DEFAULT PRIVILEGES FOR ROLE :"migrate_role" GRANT USAGE ON TYPES TO :"app_role";

-- What migrations made before. What somebody else owns (tables of an adopted database) is left to its owner.
DO $$
DECLARE
  one record;
  app text := current_setting('roles.app');
  migrate oid := (SELECT oid FROM pg_roles WHERE rolname = current_setting('roles.migrate'));
BEGIN
  FOR one IN
    SELECT c.oid::regclass AS name, c.relkind AS kind
      FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE c.relowner = migrate AND c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S') AND n.nspname !~ '^pg_'
  LOOP
    IF one.kind = 'S' THEN
      EXECUTE format('GRANT USAGE, SELECT, UPDATE ON SEQUENCE %s TO %I', one.name, app);
    ELSE
      EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON TABLE %s TO %I', one.name, app);
    END IF;
  END LOOP;
  FOR one IN SELECT nspname AS name FROM pg_namespace WHERE nspowner = migrate LOOP
    EXECUTE format('GRANT USAGE ON SCHEMA %I TO %I', one.name, app);
  END LOOP;
END
$$;

-- Whoever reads the task's exit code must be able to rely on it.
DO $$
DECLARE
  app text := current_setting('roles.app');
  one record;
BEGIN
  IF has_schema_privilege(app, 'public', 'CREATE') OR has_database_privilege(app, current_database(), 'CREATE') THEN
    RAISE EXCEPTION 'the role % may still create objects', app;
  END IF;
  SELECT rolsuper OR rolcreaterole OR rolcreatedb OR rolbypassrls AS powerful INTO one FROM pg_roles WHERE rolname = app;
  IF one.powerful OR pg_has_role(app, current_setting('roles.migrate'), 'MEMBER') THEN
    RAISE EXCEPTION 'the role % may do more than use tables', app;
  END IF;
END
$$;
COMMIT;
\echo roles :app_role and :migrate_role are ready in :database
