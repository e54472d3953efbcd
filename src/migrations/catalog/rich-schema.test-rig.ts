/** One of every kind of thing that a migration can make: what dumps and comparisons are tested with. PostgreSQL 15 and newer. */
export const RICH_SCHEMA = `
CREATE ROLE rich_owner NOLOGIN; CREATE ROLE rich_reader NOLOGIN;
CREATE SCHEMA billing AUTHORIZATION rich_owner;
GRANT USAGE ON SCHEMA billing TO rich_reader;
CREATE EXTENSION pgcrypto;
CREATE TYPE public.mood AS ENUM ('calm', 'it''s "odd"', 'glad');
CREATE DOMAIN billing.cents AS bigint DEFAULT 0 NOT NULL CHECK (VALUE >= 0);
CREATE TYPE billing.money_pair AS (amount billing.cents, currency char(3));
CREATE TYPE billing.cents_range AS RANGE (subtype = bigint);
CREATE COLLATION public.german (provider = icu, locale = 'de');
CREATE SEQUENCE public.ticket AS integer START 100 INCREMENT 5 MINVALUE 5 MAXVALUE 100000 CACHE 3 CYCLE;
CREATE FUNCTION public.slug(text) RETURNS text LANGUAGE sql IMMUTABLE STRICT AS $$ SELECT lower(replace($1, ' ', '-')) $$;
CREATE FUNCTION public.touch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.updated_at := now(); RETURN NEW; END $$;
CREATE PROCEDURE billing.settle(IN who bigint) LANGUAGE plpgsql AS $$ BEGIN PERFORM 1; END $$;
REVOKE EXECUTE ON FUNCTION public.slug(text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION public.slug(text) TO rich_reader;
CREATE TABLE public.people (
  id bigint GENERATED ALWAYS AS IDENTITY (START WITH 7 INCREMENT BY 2) PRIMARY KEY,
  "Full Name" varchar(80) COLLATE public.german NOT NULL,
  email text NOT NULL,
  slugged text GENERATED ALWAYS AS (public.slug(email)) STORED,
  mood public.mood DEFAULT 'calm',
  tags text[] DEFAULT '{}' NOT NULL,
  payload jsonb,
  token uuid DEFAULT gen_random_uuid(),
  updated_at timestamptz DEFAULT now(),
  gone int,
  CONSTRAINT people_email_key UNIQUE (email) DEFERRABLE INITIALLY DEFERRED,
  CONSTRAINT has_at CHECK (email LIKE '%@%')
);
ALTER TABLE public.people DROP COLUMN gone;
ALTER TABLE public.people ADD COLUMN number int DEFAULT nextval('public.ticket') NOT NULL;
ALTER SEQUENCE public.ticket OWNED BY public.people.number;
ALTER TABLE public.people ALTER COLUMN payload SET STORAGE EXTERNAL, ALTER COLUMN email SET STATISTICS 500;
ALTER TABLE public.people SET (fillfactor = 70);
CREATE TABLE public.legacy (id serial PRIMARY KEY, person bigint REFERENCES public.people ON DELETE CASCADE, price billing.cents, span tstzrange,
  EXCLUDE USING gist (span WITH &&));
ALTER TABLE public.legacy ADD CONSTRAINT positive CHECK (id > 0) NOT VALID;
CREATE TABLE billing.entries (at date NOT NULL, person bigint NOT NULL, amount numeric(12, 2), PRIMARY KEY (at, person)) PARTITION BY RANGE (at);
CREATE TABLE billing.entries_2025 PARTITION OF billing.entries FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');
CREATE TABLE billing.entries_rest PARTITION OF billing.entries DEFAULT;
CREATE INDEX entries_amount ON billing.entries (amount) WHERE amount > 0;
ALTER TABLE billing.entries ADD CONSTRAINT entries_person FOREIGN KEY (person) REFERENCES public.people;
CREATE TABLE public.animals (name text); CREATE TABLE public.cats (lives int DEFAULT 9) INHERITS (public.animals);
CREATE UNLOGGED TABLE public.scratch (a int, b int);
CREATE UNIQUE INDEX people_slug ON public.people (lower(slugged) text_pattern_ops DESC NULLS LAST) INCLUDE (mood);
CREATE INDEX people_tags ON public.people USING gin (tags);
CREATE STATISTICS public.people_stats (dependencies) ON email, mood FROM public.people;
CREATE VIEW billing.totals WITH (security_barrier = true) AS SELECT person, sum(amount) AS total FROM billing.entries GROUP BY person;
CREATE VIEW public.happy AS SELECT p.id, t.total FROM public.people p JOIN billing.totals t ON t.person = p.id WHERE mood = 'glad';
CREATE MATERIALIZED VIEW public.counts AS SELECT count(*) AS n FROM public.people;
CREATE UNIQUE INDEX counts_n ON public.counts (n);
CREATE TRIGGER touched BEFORE UPDATE OF email ON public.people FOR EACH ROW WHEN (OLD.email IS DISTINCT FROM NEW.email) EXECUTE FUNCTION public.touch();
CREATE TRIGGER sleeping AFTER INSERT ON public.people FOR EACH ROW EXECUTE FUNCTION public.touch();
ALTER TABLE public.people DISABLE TRIGGER sleeping;
CREATE RULE no_delete AS ON DELETE TO public.scratch DO INSTEAD NOTHING;
ALTER TABLE public.people ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON public.people AS RESTRICTIVE FOR UPDATE TO rich_reader USING (email = current_user) WITH CHECK (id > 0);
GRANT SELECT, UPDATE (email) ON public.people TO rich_reader;
GRANT SELECT ON billing.totals TO rich_reader WITH GRANT OPTION;
GRANT USAGE ON SEQUENCE public.ticket TO rich_reader;
ALTER TABLE billing.entries OWNER TO rich_owner; ALTER TABLE billing.entries_2025 OWNER TO rich_owner;
ALTER DEFAULT PRIVILEGES FOR ROLE rich_owner IN SCHEMA billing GRANT SELECT ON TABLES TO rich_reader;
COMMENT ON TABLE public.people IS 'those who ride; it''s "all"';
COMMENT ON COLUMN public.people.email IS 'lower case';
COMMENT ON CONSTRAINT has_at ON public.people IS 'an address';
COMMENT ON FUNCTION public.slug(text) IS 'for links';
CREATE FUNCTION public.later() RETURNS bigint LANGUAGE sql STABLE AS $$ SELECT count(*) FROM public.people $$;
CREATE AGGREGATE public.product(numeric) (sfunc = numeric_mul, stype = numeric, initcond = '1');
CREATE PUBLICATION rich_publication FOR TABLE public.legacy;
CREATE TABLE public.pgmigrations (id serial PRIMARY KEY, name varchar(255) NOT NULL, run_on timestamp NOT NULL);
INSERT INTO public.pgmigrations (name, run_on) VALUES ('0001_one', '2026-01-01'), ('0002_it''s', '2026-01-02 03:04:05.678');
SELECT nextval('public.ticket');
`;
