-- Makes the roles of the app and of migrations. Safe to run again, and while the app serves.
-- psql 15 or later, PostgreSQL 15 or later, as a user that owns the database and may create roles; no superuser is needed.
-- Names and passwords come through the environment, never through arguments.
\set ON_ERROR_STOP on
\set QUIET on
\set SHOW_CONTEXT never
\getenv app_role APP_ROLE
\getenv migrate_role MIGRATE_ROLE

BEGIN;
SET LOCAL lock_timeout = '10s';
SET LOCAL client_min_messages = 'warning';

-- Two tasks at once take turns.
\o /dev/null
SELECT pg_advisory_xact_lock(hashtext('database roles'));
\o

-- A server logs statements (ALTER ROLE as DDL) but never the rows of a COPY. So passwords come as rows, and a DO block, whose inner
-- statements are not logged, puts them into ALTER ROLE.
CREATE TEMPORARY TABLE wanted (kind text PRIMARY KEY, name text NOT NULL, password text NOT NULL) ON COMMIT DROP;
\copy wanted from program 'echo "app,$APP_ROLE,$APP_PASSWORD"; echo "migrate,$MIGRATE_ROLE,$MIGRATE_PASSWORD"' with (format csv)

DO $$
DECLARE
  one record;
BEGIN
  FOR one IN SELECT name, password FROM wanted LOOP
    IF length(one.name) = 0 OR length(one.password) < 16 THEN
      RAISE EXCEPTION 'a role needs a name, and a password of 16 characters or more';
    END IF;
    BEGIN
      IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = one.name) THEN
        EXECUTE format('CREATE ROLE %I', one.name);
      END IF;
      EXECUTE format('ALTER ROLE %I LOGIN PASSWORD %L', one.name, one.password);
    EXCEPTION WHEN OTHERS THEN
      -- The error itself carries the statement, password and all, into the server's log.
      RAISE EXCEPTION 'role %: %', one.name, SQLERRM USING ERRCODE = SQLSTATE;
    END;
  END LOOP;
END
$$;

-- Default privileges of a role, and what it owns, can be changed by its members.
DO $$
BEGIN
  IF NOT pg_has_role(current_user, (SELECT name FROM wanted WHERE kind = 'migrate'), 'USAGE') THEN
    EXECUTE format('GRANT %I TO CURRENT_USER', (SELECT name FROM wanted WHERE kind = 'migrate'));
  END IF;
END
$$;

-- The database: nobody who is not named; only migrations may make schemas and extensions.
SELECT current_database() AS database \gset
REVOKE ALL ON DATABASE :"database" FROM PUBLIC;
GRANT CONNECT ON DATABASE :"database" TO :"app_role";
GRANT CONNECT, CREATE, TEMPORARY ON DATABASE :"database" TO :"migrate_role";

-- The schema public belongs to migrations; the app uses it and makes nothing in it.
ALTER SCHEMA public OWNER TO :"migrate_role";
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
  app text := (SELECT name FROM wanted WHERE kind = 'app');
  migrate oid := (SELECT oid FROM pg_roles WHERE rolname = (SELECT name FROM wanted WHERE kind = 'migrate'));
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
  app text := (SELECT name FROM wanted WHERE kind = 'app');
  one record;
BEGIN
  IF has_schema_privilege(app, 'public', 'CREATE') OR has_database_privilege(app, current_database(), 'CREATE') THEN
    RAISE EXCEPTION 'the role % may still create objects', app;
  END IF;
  SELECT rolsuper OR rolcreaterole OR rolcreatedb OR rolbypassrls AS powerful INTO one FROM pg_roles WHERE rolname = app;
  IF one.powerful OR pg_has_role(app, (SELECT name FROM wanted WHERE kind = 'migrate'), 'MEMBER') THEN
    RAISE EXCEPTION 'the role % may do more than use tables', app;
  END IF;
END
$$;
COMMIT;
\echo roles :app_role and :migrate_role are ready in :database
