-- One of every kind that a migration can make.
CREATE ROLE full_owner NOLOGIN;
CREATE ROLE "Rich Reader" NOLOGIN;
GRANT "Rich Reader" TO full_owner;
ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO "Rich Reader";
CREATE SCHEMA "Odd Name";
CREATE SCHEMA billing AUTHORIZATION full_owner;
ALTER DEFAULT PRIVILEGES FOR ROLE full_owner IN SCHEMA billing GRANT EXECUTE ON FUNCTIONS TO "Rich Reader" WITH GRANT OPTION;
ALTER DEFAULT PRIVILEGES FOR ROLE full_owner REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;
GRANT USAGE ON SCHEMA billing TO "Rich Reader";
COMMENT ON SCHEMA billing IS 'money; it''s "ours"';
CREATE EXTENSION pgcrypto SCHEMA billing;
CREATE EXTENSION citext;
CREATE EXTENSION btree_gist;
CREATE TYPE mood AS ENUM ('sad', 'ok', 'it''s fine');
CREATE TYPE "Odd Name"."Pair" AS (a integer, "B b" text COLLATE "C");
CREATE TYPE span AS RANGE (subtype = float8, subtype_diff = float8mi);
CREATE FUNCTION looks_like_mail(text) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$ SELECT $1 ~ '^[^@]+@[^@]+$' $$;
CREATE DOMAIN mail AS text DEFAULT 'a@b' CONSTRAINT mail_shape CHECK (looks_like_mail(VALUE));
CREATE DOMAIN named AS text NOT NULL;
COMMENT ON DOMAIN mail IS 'an address';
COMMENT ON CONSTRAINT mail_shape ON DOMAIN mail IS 'a shape';
CREATE DOMAIN short AS varchar(3) COLLATE "C" CHECK (length(VALUE) > 0);
ALTER DOMAIN short ADD CONSTRAINT short_small CHECK (VALUE = lower(VALUE)) NOT VALID;
CREATE COLLATION plain (locale = 'C');
CREATE SEQUENCE counter AS smallint START 5 INCREMENT 5 MINVALUE -10 MAXVALUE 1000 CACHE 2 CYCLE;
SELECT nextval('counter');
CREATE SEQUENCE "Odd Name"."Down" INCREMENT -1;

CREATE TABLE people (
  id bigint GENERATED ALWAYS AS IDENTITY (START WITH 100 INCREMENT BY 10) PRIMARY KEY,
  gone text,
  email mail,
  name citext NOT NULL,
  nick named DEFAULT 'nobody',
  mood mood DEFAULT 'ok',
  pair "Odd Name"."Pair",
  "Mixed Case" numeric(10, 2) DEFAULT 0.5 CHECK ("Mixed Case" >= 0),
  born date DEFAULT '2001-02-03',
  seen timestamptz NOT NULL DEFAULT now(),
  since timestamptz DEFAULT '2020-02-02 02:02:02+02',
  wait interval DEFAULT '1 day 02:03:04',
  tags text[] NOT NULL DEFAULT '{}',
  doubled integer GENERATED ALWAYS AS (length(name::text) * 2) STORED,
  code char(4) COLLATE plain DEFAULT 'ab',
  raw bytea DEFAULT '\x00ff',
  secret bytea DEFAULT billing.gen_random_bytes(4),
  period span,
  shorts short[],
  ratio double precision DEFAULT 0.1
);
ALTER TABLE people DROP COLUMN gone;
ALTER TABLE people ADD COLUMN late integer NOT NULL DEFAULT 7;
ALTER TABLE people ALTER COLUMN name SET STATISTICS 500;
ALTER TABLE people ALTER COLUMN raw SET STORAGE EXTERNAL;
ALTER TABLE people ALTER COLUMN tags SET COMPRESSION pglz;
ALTER TABLE people ALTER COLUMN born SET (n_distinct = -0.5);
ALTER TABLE people SET (fillfactor = 80, toast.autovacuum_enabled = off, autovacuum_vacuum_scale_factor = 0.05);
COMMENT ON TABLE people IS 'who''s who';
COMMENT ON COLUMN people."Mixed Case" IS E'tab\tand \\ backslash';
GRANT SELECT (name, born), UPDATE (name) ON people TO "Rich Reader";
GRANT INSERT ON people TO "Rich Reader" WITH GRANT OPTION;
GRANT SELECT ON people TO PUBLIC;
CREATE UNIQUE INDEX people_email ON people (lower(email) DESC NULLS LAST) INCLUDE (born) WHERE mood <> 'sad';
CREATE INDEX people_tags ON people USING gin (tags);
CREATE INDEX people_both ON people ((born + late), name COLLATE "C" text_pattern_ops);
ALTER INDEX people_both ALTER COLUMN 1 SET STATISTICS 77;
COMMENT ON INDEX people_tags IS 'find by tag';
CREATE STATISTICS people_related (dependencies, mcv) ON born, late FROM people;
ALTER STATISTICS people_related SET STATISTICS 99;
CLUSTER people USING people_pkey;

CREATE TABLE orders (
  id serial NOT NULL,
  tenant integer NOT NULL,
  person bigint REFERENCES people ON DELETE SET NULL ON UPDATE CASCADE,
  parent integer,
  room integer,
  during tstzrange,
  total money,
  CONSTRAINT orders_key PRIMARY KEY (tenant, id),
  CONSTRAINT orders_once UNIQUE NULLS NOT DISTINCT (person, room) DEFERRABLE INITIALLY DEFERRED,
  CONSTRAINT orders_room EXCLUDE USING gist (room WITH =, during WITH &&) WHERE (room IS NOT NULL),
  CONSTRAINT orders_whole CHECK ((room IS NULL) = (during IS NULL)) NO INHERIT,
  CONSTRAINT orders_parent FOREIGN KEY (tenant, parent) REFERENCES orders (tenant, id) MATCH FULL DEFERRABLE
);
ALTER TABLE orders ADD CONSTRAINT orders_late CHECK (id > 0) NOT VALID;
ALTER TABLE orders ADD CONSTRAINT orders_person_again FOREIGN KEY (person) REFERENCES people NOT VALID;
COMMENT ON CONSTRAINT orders_key ON orders IS 'per tenant';
ALTER TABLE orders REPLICA IDENTITY USING INDEX orders_key;
ALTER TABLE orders OWNER TO full_owner;
CREATE UNLOGGED TABLE billing.drafts (a integer, b serial) WITH (autovacuum_enabled = false);
ALTER TABLE billing.drafts REPLICA IDENTITY FULL;
ALTER SEQUENCE counter OWNED BY people.late;

CREATE TABLE animals (id integer PRIMARY KEY, name text NOT NULL CHECK (name <> ''), note text);
CREATE TABLE dogs (breed text NOT NULL, name text DEFAULT 'rex') INHERITS (animals);
ALTER TABLE dogs ADD CONSTRAINT dogs_own CHECK (breed <> 'cat');
CREATE TABLE pair_list OF "Odd Name"."Pair" (a NOT NULL);

CREATE TABLE events (id bigint NOT NULL, at timestamptz NOT NULL, kind text, body jsonb DEFAULT '{"a": 1}') PARTITION BY RANGE (at);
CREATE TABLE events_2024 PARTITION OF events FOR VALUES FROM ('2024-01-01') TO ('2025-01-01') PARTITION BY LIST (kind);
CREATE TABLE events_2024_a PARTITION OF events_2024 FOR VALUES IN ('a', NULL);
CREATE TABLE events_2024_rest PARTITION OF events_2024 DEFAULT;
CREATE TABLE events_other (kind text, body jsonb, at timestamptz NOT NULL, extra_gone int, id bigint NOT NULL DEFAULT 9);
ALTER TABLE events_other DROP COLUMN extra_gone;
ALTER TABLE events ATTACH PARTITION events_other DEFAULT;
ALTER TABLE events ADD PRIMARY KEY (id, at, kind);
CREATE INDEX events_by_kind ON events (kind);
ALTER TABLE events ADD CONSTRAINT events_person FOREIGN KEY (id) REFERENCES people (id);
ALTER TABLE events ADD CONSTRAINT events_kind CHECK (kind <> 'z');
CREATE TABLE hashed (k integer, v text) PARTITION BY HASH (k);
CREATE TABLE hashed_0 PARTITION OF hashed FOR VALUES WITH (modulus 2, remainder 0);
CREATE TABLE hashed_1 PARTITION OF hashed FOR VALUES WITH (modulus 2, remainder 1);

CREATE VIEW people_names AS SELECT id, name, email FROM people WHERE late > 3 WITH LOCAL CHECK OPTION;
ALTER VIEW people_names ALTER COLUMN name SET DEFAULT 'from the view';
CREATE VIEW people_totals WITH (security_barrier = true, security_invoker = true) AS
  SELECT p.id, p.name, count(*) AS orders FROM people p JOIN orders o ON o.person = p.id GROUP BY p.id;
CREATE VIEW a_view_over_views AS SELECT t.* FROM people_totals t JOIN people_names n USING (id);
CREATE MATERIALIZED VIEW people_count AS SELECT count(*) AS n, 1 AS one FROM a_view_over_views;
CREATE UNIQUE INDEX people_count_one ON people_count (one);
CREATE MATERIALIZED VIEW empty_count AS SELECT 1 AS x WITH NO DATA;
GRANT SELECT ON people_count TO full_owner;
COMMENT ON VIEW people_names IS 'names only';
COMMENT ON MATERIALIZED VIEW people_count IS 'how many';
CREATE RECURSIVE VIEW numbers (n) AS SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < 9;

CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $body$
begin new.seen := now(); return new; end
$body$;
REVOKE EXECUTE ON FUNCTION touch() FROM PUBLIC;
CREATE FUNCTION person_of(o orders) RETURNS people LANGUAGE sql STABLE
  BEGIN ATOMIC SELECT p.* FROM people p WHERE p.id = (o).person; END;
CREATE FUNCTION many(a integer, VARIADIC rest text[] DEFAULT '{}', OUT n integer) LANGUAGE sql COST 5 AS 'SELECT 1';
CREATE FUNCTION many(a text DEFAULT 'x;y') RETURNS SETOF people_names LANGUAGE sql ROWS 7 AS 'SELECT id, name, email FROM people_names';
CREATE PROCEDURE settle(IN o integer, INOUT n integer DEFAULT 3) LANGUAGE plpgsql AS 'begin n := o; end';
COMMENT ON PROCEDURE settle(integer, integer) IS 'settles';
COMMENT ON FUNCTION many(text) IS 'many';
ALTER FUNCTION many(text) OWNER TO full_owner;
CREATE FUNCTION join_step(text, text) RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT coalesce($1, '') || $2 $$;
CREATE AGGREGATE joined(text) (SFUNC = join_step, STYPE = text, INITCOND = '', PARALLEL = SAFE);
CREATE AGGREGATE counted(*) (SFUNC = int8inc, STYPE = int8, INITCOND = '0');
COMMENT ON AGGREGATE joined(text) IS 'joins';
CREATE FUNCTION near(integer, integer) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT abs($1 - $2) < 3';
CREATE OPERATOR ~~~~ (FUNCTION = near, LEFTARG = integer, RIGHTARG = integer, COMMUTATOR = OPERATOR(public.~~~~), RESTRICT = eqsel);
COMMENT ON OPERATOR ~~~~ (integer, integer) IS 'near';
CREATE FUNCTION mood_number(mood) RETURNS integer LANGUAGE sql IMMUTABLE AS $$ SELECT CASE $1 WHEN 'sad' THEN 0 ELSE 1 END $$;
CREATE CAST (mood AS integer) WITH FUNCTION mood_number(mood) AS ASSIGNMENT;
ALTER TABLE people ADD CONSTRAINT people_mood CHECK (mood_number(mood) < 9);
CREATE TEXT SEARCH CONFIGURATION plain_words (COPY = simple);

CREATE TRIGGER people_touch BEFORE UPDATE OF name ON people FOR EACH ROW WHEN (old.name IS DISTINCT FROM new.name) EXECUTE FUNCTION touch();
CREATE TRIGGER people_off AFTER INSERT ON people FOR EACH ROW EXECUTE FUNCTION touch();
ALTER TABLE people DISABLE TRIGGER people_off;
CREATE CONSTRAINT TRIGGER people_checked AFTER UPDATE ON people DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION touch();
CREATE TRIGGER events_touch BEFORE INSERT ON events FOR EACH ROW EXECUTE FUNCTION touch();
ALTER TABLE events ENABLE ALWAYS TRIGGER events_touch;
COMMENT ON TRIGGER people_touch ON people IS 'touches';
CREATE RULE drafts_quiet AS ON DELETE TO billing.drafts DO INSTEAD NOTHING;
ALTER TABLE people ENABLE ROW LEVEL SECURITY;
ALTER TABLE people FORCE ROW LEVEL SECURITY;
CREATE POLICY people_see ON people FOR SELECT TO "Rich Reader", full_owner USING (late > 1);
CREATE POLICY people_write ON people AS RESTRICTIVE USING (true) WITH CHECK (name <> 'x'::citext);
COMMENT ON POLICY people_see ON people IS 'sees';
CREATE FUNCTION on_ddl() RETURNS event_trigger LANGUAGE plpgsql AS 'begin end';
CREATE EVENT TRIGGER watch_ddl ON ddl_command_end WHEN TAG IN ('DROP TABLE') EXECUTE FUNCTION on_ddl();
ALTER EVENT TRIGGER watch_ddl DISABLE;
CREATE PUBLICATION published FOR TABLE people (id, name) WHERE (id > 5), TABLE animals WITH (publish = 'insert, update');
CREATE PUBLICATION whole FOR TABLES IN SCHEMA billing;
REVOKE USAGE ON TYPE mood FROM PUBLIC;
GRANT USAGE, SELECT ON SEQUENCE "Odd Name"."Down" TO "Rich Reader";
CREATE TABLE billing.bookkeeping (id serial PRIMARY KEY, name text NOT NULL, run_on timestamp NOT NULL);
INSERT INTO billing.bookkeeping (name, run_on) VALUES ('0001_it''s', '2024-01-01'), (E'0002\nnext', '2024-01-02 03:04:05.678');
