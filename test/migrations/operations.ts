import type { LockMode } from "../../src/migrations/relay/types.ts";

/** One change to a schema, and what PostgreSQL does for it to the table that it is about. */
export interface Operation {
  name: string;
  /** Committed before. */
  before: string[];
  sql: string;
  /** The strongest lock on `table`; null: none that is strong. */
  lock: LockMode | null;
  /** The table's file is replaced; "indexes": only theirs. */
  rewrite: boolean | "indexes";
  /** Tables that are read from end to end. */
  scans: string[];
  table: string;
  /** All strong locks of one that commits by itself: no transaction can be asked for them. `table mode` */
  truth: string[] | null;
}

export const ROWS = [10, 100_000];

/** `$rows` rows in each table that is changed. */
export const SCHEMA = `CREATE SCHEMA app;
CREATE TYPE app.mood AS ENUM ('fine');
CREATE TABLE app.drivers (id int PRIMARY KEY, name varchar(40) NOT NULL);
CREATE TABLE app.rides (id int PRIMARY KEY, driver int NOT NULL, fare int, note varchar(40) NOT NULL, day int);
CREATE INDEX on_day ON app.rides (day);
CREATE TABLE app.events (id int NOT NULL, at int NOT NULL) PARTITION BY RANGE (at);
CREATE TABLE app.events_1 PARTITION OF app.events FOR VALUES FROM (0) TO (1000000);
CREATE TABLE app.events_2 (id int NOT NULL, at int NOT NULL);
CREATE MATERIALIZED VIEW app.per_day AS SELECT 1 AS day;
CREATE FUNCTION app.touch() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE PROCEDURE app.change() LANGUAGE plpgsql AS
  'BEGIN ALTER TABLE app.rides ADD COLUMN p int; COMMIT; ALTER TABLE app.drivers ADD COLUMN p int; COMMIT; END';
INSERT INTO app.drivers SELECT g, 'driver ' || g FROM generate_series(1, $rows) g;
INSERT INTO app.rides SELECT g, g, g % 100, 'ride ' || g, g % 365 FROM generate_series(1, $rows) g;
INSERT INTO app.events_1 SELECT g, g FROM generate_series(1, 10) g;
INSERT INTO app.events_2 SELECT g, g + 1000000 FROM generate_series(1, 10) g;
ANALYZE;`;

const AEL = "AccessExclusiveLock";
const SRE = "ShareRowExclusiveLock";
const SHARE = "ShareLock";
const SUE = "ShareUpdateExclusiveLock";
const RIDES = "app.rides";
const DRIVERS = "app.drivers";

type More = Partial<Pick<Operation, "before" | "table" | "truth" | "scans" | "rewrite">>;
const op = (name: string, sql: string, lock: LockMode | null, more: More = {}): Operation => ({
  ...{ name, sql, lock, table: RIDES, before: [], rewrite: false, scans: [], truth: null },
  ...more,
});
const alter = (name: string, what: string, lock: LockMode | null, more: More = {}): Operation =>
  op(name, `ALTER TABLE app.rides ${what}`, lock, more);

const REWRITTEN: More = { rewrite: true, scans: [RIDES] };
const SCANNED: More = { scans: [RIDES] };
const OWN: More = { truth: [`${RIDES} ${SUE}`] };
const FOREIGN_KEY = "ADD CONSTRAINT of_driver FOREIGN KEY (driver) REFERENCES app.drivers (id)";

export const OPERATIONS: Operation[] = [
  alter("add column", "ADD COLUMN tip int", AEL),
  alter("add column, constant default", "ADD COLUMN tip int NOT NULL DEFAULT 3", AEL),
  alter("add column, default now()", "ADD COLUMN since timestamptz DEFAULT now()", AEL),
  alter("add column, volatile default", "ADD COLUMN luck float DEFAULT random()", AEL, REWRITTEN),
  alter("add column, serial", "ADD COLUMN number serial", AEL, REWRITTEN),
  alter("add column, identity", "ADD COLUMN number int GENERATED ALWAYS AS IDENTITY", AEL, REWRITTEN),
  alter(
    "add column, stored generated",
    "ADD COLUMN twice int GENERATED ALWAYS AS (fare * 2) STORED",
    AEL,
    REWRITTEN,
  ),
  alter("add column with CHECK", "ADD COLUMN tip int CHECK (tip > 0)", AEL, SCANNED),
  alter("int to bigint", "ALTER COLUMN fare TYPE bigint", AEL, REWRITTEN),
  alter("varchar shrunk", "ALTER COLUMN note TYPE varchar(20)", AEL, REWRITTEN),
  alter("varchar grown", "ALTER COLUMN note TYPE varchar(80)", AEL),
  alter("varchar to text", "ALTER COLUMN note TYPE text", AEL),
  alter("set not null", "ALTER COLUMN fare SET NOT NULL", AEL, SCANNED),
  alter("set not null after a validated CHECK", "ALTER COLUMN fare SET NOT NULL", AEL, {
    before: ["ALTER TABLE app.rides ADD CONSTRAINT c CHECK (fare IS NOT NULL)"],
  }),
  alter("drop not null", "ALTER COLUMN note DROP NOT NULL", AEL),
  alter("set default", "ALTER COLUMN fare SET DEFAULT 1", AEL),
  alter("add CHECK", "ADD CONSTRAINT c CHECK (fare >= 0)", AEL, SCANNED),
  alter("add CHECK not valid", "ADD CONSTRAINT c CHECK (fare >= 0) NOT VALID", AEL),
  alter("validate CHECK", "VALIDATE CONSTRAINT c", SUE, {
    ...SCANNED,
    before: ["ALTER TABLE app.rides ADD CONSTRAINT c CHECK (fare >= 0) NOT VALID"],
  }),
  alter("add foreign key", FOREIGN_KEY, SRE, { scans: [RIDES, DRIVERS] }),
  op("add foreign key, the other table", `ALTER TABLE app.rides ${FOREIGN_KEY}`, SRE, {
    table: DRIVERS,
    scans: [RIDES, DRIVERS],
  }),
  alter("add foreign key not valid", `${FOREIGN_KEY} NOT VALID`, SRE),
  alter("validate foreign key", "VALIDATE CONSTRAINT of_driver", SUE, {
    before: [`ALTER TABLE app.rides ${FOREIGN_KEY} NOT VALID`],
    scans: [RIDES, DRIVERS],
  }),
  alter("add UNIQUE", "ADD CONSTRAINT u UNIQUE (driver)", AEL, SCANNED),
  alter("UNIQUE using index", "ADD CONSTRAINT u UNIQUE USING INDEX u", AEL, {
    before: ["CREATE UNIQUE INDEX u ON app.rides (driver)"],
  }),
  alter("PRIMARY KEY using index", "ADD PRIMARY KEY USING INDEX u", AEL, {
    before: ["ALTER TABLE app.rides DROP CONSTRAINT rides_pkey", "CREATE UNIQUE INDEX u ON app.rides (id)"],
  }),
  alter("add EXCLUDE", "ADD CONSTRAINT e EXCLUDE USING btree (driver WITH =)", AEL, SCANNED),
  alter("drop constraint", "DROP CONSTRAINT c", AEL, {
    before: ["ALTER TABLE app.rides ADD CONSTRAINT c CHECK (fare >= 0)"],
  }),
  alter("drop foreign key", "DROP CONSTRAINT of_driver", AEL, {
    before: [`ALTER TABLE app.rides ${FOREIGN_KEY}`],
  }),
  op("create index", "CREATE INDEX ON app.rides (fare)", SHARE, SCANNED),
  op("create index concurrently", "CREATE INDEX CONCURRENTLY ON app.rides (fare)", SUE, {
    ...SCANNED,
    ...OWN,
  }),
  op("drop index", "DROP INDEX app.on_day", AEL),
  op("drop index concurrently", "DROP INDEX CONCURRENTLY app.on_day", SUE, OWN),
  op("rename index", "ALTER INDEX app.on_day RENAME TO by_day", null),
  alter("rename column", "RENAME COLUMN note TO remark", AEL),
  alter("rename table", "RENAME TO trips", AEL),
  alter("move to another schema", "SET SCHEMA public", AEL),
  alter("change owner", "OWNER TO pg_monitor", AEL),
  alter("drop column", "DROP COLUMN note", AEL),
  op("drop table", "DROP TABLE app.rides", AEL),
  op("drop schema", "DROP SCHEMA app CASCADE", AEL),
  // What is read is the new file, which is empty.
  op("truncate", "TRUNCATE app.rides", AEL, REWRITTEN),
  op("VACUUM FULL", "VACUUM FULL app.rides", AEL, {
    ...REWRITTEN,
    truth: [`${RIDES} ${AEL}`, `${RIDES} ${SHARE}`],
  }),
  op("VACUUM", "VACUUM app.rides", SUE, OWN),
  op("ANALYZE", "ANALYZE app.rides", SUE),
  op("CLUSTER", "CLUSTER app.rides USING rides_pkey", AEL, REWRITTEN),
  alter("set unlogged", "SET UNLOGGED", AEL, REWRITTEN),
  alter("set fillfactor", "SET (fillfactor = 80)", SUE),
  alter("set statistics", "ALTER COLUMN fare SET STATISTICS 500", SUE),
  op("create statistics", "CREATE STATISTICS app.st ON fare, day FROM app.rides", SUE),
  op("comment", "COMMENT ON TABLE app.rides IS 'all of them'", SUE),
  op("REINDEX TABLE", "REINDEX TABLE app.rides", SHARE, { rewrite: "indexes", scans: [RIDES] }),
  op("REINDEX INDEX", "REINDEX INDEX app.on_day", SHARE, { rewrite: "indexes", scans: [RIDES] }),
  op("REINDEX TABLE CONCURRENTLY", "REINDEX TABLE CONCURRENTLY app.rides", SUE, { ...SCANNED, ...OWN }),
  op("REINDEX INDEX CONCURRENTLY", "REINDEX INDEX CONCURRENTLY app.on_day", SUE, { ...SCANNED, ...OWN }),
  op(
    "create trigger",
    "CREATE TRIGGER t BEFORE INSERT ON app.rides FOR EACH ROW EXECUTE FUNCTION app.touch()",
    SRE,
  ),
  op("drop trigger", "DROP TRIGGER t ON app.rides", AEL, {
    before: ["CREATE TRIGGER t BEFORE INSERT ON app.rides FOR EACH ROW EXECUTE FUNCTION app.touch()"],
  }),
  alter("disable trigger", "DISABLE TRIGGER ALL", SRE),
  alter("enable row level security", "ENABLE ROW LEVEL SECURITY", AEL),
  op("create policy", "CREATE POLICY p ON app.rides USING (true)", AEL),
  op("create rule", "CREATE RULE r AS ON DELETE TO app.rides DO INSTEAD NOTHING", AEL),
  op(
    "attach partition",
    "ALTER TABLE app.events ATTACH PARTITION app.events_2 FOR VALUES FROM (1000000) TO (9000000)",
    SUE,
    {
      table: "app.events",
      scans: ["app.events_2"],
    },
  ),
  op("detach partition", "ALTER TABLE app.events DETACH PARTITION app.events_1", AEL, {
    table: "app.events",
  }),
  op(
    "detach partition concurrently",
    "ALTER TABLE app.events DETACH PARTITION app.events_1 CONCURRENTLY",
    SUE,
    {
      table: "app.events",
      truth: [`app.events ${SUE}`, `app.events_1 ${SUE}`, `app.events_1 ${AEL}`],
    },
  ),
  op("drop partition", "DROP TABLE app.events_1", AEL, { table: "app.events" }),
  op("refresh materialized view", "REFRESH MATERIALIZED VIEW app.per_day", AEL, {
    table: "app.per_day",
    rewrite: true,
  }),
  op("ALTER TYPE ADD VALUE", "ALTER TYPE app.mood ADD VALUE 'better'", null),
  op("update every row", "UPDATE app.rides SET fare = fare + 1", null, SCANNED),
  op("CALL that commits", "CALL app.change()", AEL, { truth: [`${RIDES} ${AEL}`, `${DRIVERS} ${AEL}`] }),
  op(
    "DO that commits",
    "DO $$ BEGIN CREATE INDEX ON app.rides (fare); COMMIT; ALTER TABLE app.drivers ADD COLUMN q int; END $$",
    AEL,
    // The first goes through the gate, which is itself a Share lock, and is seen only when it lasts.
    { ...SCANNED, table: DRIVERS, truth: [`${RIDES} ${SHARE}`, `${DRIVERS} ${AEL}`] },
  ),
];
