import fc from "fast-check";
import { Client } from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startRelay } from "../../src/migrations/relay/start-relay.ts";
import type { Relay, RelayMode } from "../../src/migrations/relay/types.ts";
import {
  bind,
  describePortal,
  execute,
  FLUSH,
  parse,
  query,
  SYNC,
} from "../../src/migrations/relay/wire/write.ts";
import type { ThrowawayServer } from "../../src/migrations/throwaway/types.ts";
import { openRaw, told } from "../helpers/raw-session.ts";
import { startThrowaway } from "../../src/migrations/throwaway/start-throwaway.ts";
import { systemClock } from "../helpers/system-clock.ts";

const SCHEMA = `DROP SCHEMA IF EXISTS app CASCADE; CREATE SCHEMA app; SET search_path = app;
CREATE TABLE rides (id serial PRIMARY KEY, fare numeric(8,2) CHECK (fare >= 0), note text);
CREATE TABLE stops (id int PRIMARY KEY, ride int REFERENCES rides DEFERRABLE INITIALLY DEFERRED);
INSERT INTO rides (fare) VALUES (1), (2), (3); INSERT INTO stops VALUES (1, 1)`;

/** Alone, in any order, in any company. */
const STATEMENTS = [
  "SELECT 1 AS one, 'é' AS \"zwei\"",
  "SELECT * FROM rides ORDER BY id",
  "SELECT fare FROM rides WHERE false",
  "INSERT INTO rides (fare, note) VALUES (7, 'ünï') RETURNING id > 0 AS fine",
  "INSERT INTO rides (fare) VALUES (-1)",
  "INSERT INTO stops VALUES (2, 99)",
  "UPDATE rides SET fare = fare + 1",
  "DELETE FROM rides WHERE id = 3",
  "ALTER TABLE rides ADD COLUMN more int DEFAULT 3",
  "ALTER TABLE rides ADD COLUMN any_ float DEFAULT random() * 0",
  "ALTER TABLE rides ALTER COLUMN note SET NOT NULL",
  "ALTER TABLE rides RENAME COLUMN note TO remark",
  "ALTER TABLE stops ADD FOREIGN KEY (ride) REFERENCES rides (id)",
  "CREATE INDEX ON rides (fare)",
  "CREATE TABLE extra AS SELECT g FROM generate_series(1, 3) g",
  "DROP TABLE IF EXISTS extra",
  "DROP TABLE stops",
  "TRUNCATE rides CASCADE",
  "BEGIN",
  "START TRANSACTION ISOLATION LEVEL SERIALIZABLE",
  "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ",
  "COMMIT",
  "ROLLBACK",
  "COMMIT AND CHAIN",
  "SAVEPOINT s",
  "ROLLBACK TO SAVEPOINT s",
  "RELEASE s",
  "SET LOCAL statement_timeout = '10s'",
  "SET datestyle = 'SQL, DMY'",
  "SHOW statement_timeout",
  "RESET ALL; SET search_path = app",
  "SET CONSTRAINTS ALL IMMEDIATE",
  "DO $$ BEGIN RAISE NOTICE 'hello %', 'wörld'; END $$",
  "DO $$ BEGIN RAISE EXCEPTION 'stop' USING HINT = 'go', DETAIL = 'here', ERRCODE = 'P0042'; END $$",
  "DO $$ BEGIN INSERT INTO rides (fare) VALUES (5); COMMIT; INSERT INTO rides (fare) VALUES (6); END $$",
  "SELECT 1/0",
  "SELECT 'ä', nix FROM rides",
  "SELECT * FROM missing",
  "SELEC 1",
  "",
  "-- nothing",
  "DECLARE c CURSOR FOR SELECT id FROM rides ORDER BY id",
  "DECLARE b BINARY CURSOR FOR SELECT 1::int4",
  "FETCH 2 FROM c",
  "FETCH ALL FROM b",
  "CLOSE c",
  "PREPARE p AS SELECT $1::int + 1 AS sum",
  "EXECUTE p(41)",
  "DEALLOCATE ALL",
  "SELECT $1",
  "EXPLAIN (COSTS OFF) SELECT 1",
  "VACUUM rides",
  "CREATE INDEX CONCURRENTLY on_fare ON rides (fare)",
  "CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS on_note ON rides ((1))",
  "REINDEX TABLE rides",
  "REINDEX TABLE CONCURRENTLY rides",
  "ANALYZE rides",
  "LISTEN news",
  "NOTIFY news, 'flash'",
  "UNLISTEN *",
  "DISCARD ALL; SET search_path = app",
  "COPY (SELECT 1 AS a UNION ALL SELECT 2 ORDER BY a) TO STDOUT",
  "LOCK TABLE rides IN EXCLUSIVE MODE",
  "CREATE TYPE mood AS ENUM ('fine')",
  "ALTER TYPE mood ADD VALUE 'better'",
  "SELECT name, statement, parameter_types, from_sql FROM pg_prepared_statements",
  "SELECT pg_current_xact_id_if_assigned() IS NULL AS nothing_written",
];

type Turn = { by: "simple" | "extended"; statements: string[] };

const messagesOf = ({ by, statements }: Turn): Buffer[] =>
  by === "simple"
    ? [query(statements.join("; "))]
    : [
        ...statements.flatMap((sql) => [parse("", sql), bind("", ""), describePortal(""), execute("")]),
        ...(statements.length === 2 ? [FLUSH] : []),
        SYNC,
      ];

const CATALOG = `SELECT string_agg(line, E'\\n' ORDER BY line COLLATE "C") AS catalog FROM (
  SELECT format('%s %s %s', relkind, relname, relhasindex) FROM pg_class WHERE relnamespace = 'app'::regnamespace
  UNION ALL SELECT format('%s.%s %s %s', attrelid::regclass, attname, atttypid::regtype, attnotnull) FROM pg_attribute
    WHERE attrelid IN (SELECT oid FROM pg_class WHERE relnamespace = 'app'::regnamespace) AND attnum > 0
  UNION ALL SELECT format('%s %s', conname, pg_get_constraintdef(oid)) FROM pg_constraint WHERE connamespace = 'app'::regnamespace
  UNION ALL SELECT indexrelid::regclass || ' ' || indisvalid FROM pg_index JOIN pg_class c ON c.oid = indexrelid WHERE relnamespace = 'app'::regnamespace
  UNION ALL SELECT enumlabel FROM pg_enum) AS lines (line)`;

interface Played {
  answers: string[][];
  catalog: unknown;
  rows: unknown;
}

/** What a client hears, turn by turn, and what is there afterwards. */
const play = async (url: string, turns: Turn[]): Promise<Played> => {
  const session = await openRaw(url);
  try {
    session.send(query(SCHEMA));
    await session.ready();
    const answers: string[][] = [];
    for (const turn of turns) {
      session.send(...messagesOf(turn));
      answers.push((await session.ready()).map(told));
    }
    session.send(query("ROLLBACK"));
    await session.ready();
    const client = new Client({ connectionString: url });
    await client.connect();
    try {
      const catalog = (await client.query(CATALOG)).rows[0] as unknown;
      const rows = (await client.query("SELECT to_jsonb(r) FROM app.rides r ORDER BY id")).rows as unknown;
      return { answers, catalog, rows };
    } finally {
      await client.end();
    }
  } finally {
    session.end();
  }
};

describe.each([18, 15])("PostgreSQL %i", (major) => {
  let server: ThrowawayServer;
  const relays = new Map<RelayMode, Relay>();
  const stop = new AbortController();

  beforeAll(async () => {
    server = await startThrowaway({ major, clock: systemClock, signal: stop.signal });
    for (const mode of ["locks", "errors"] as const)
      relays.set(mode, await startRelay({ server, mode, signal: stop.signal, clock: systemClock }));
  });
  afterAll(async () => {
    for (const relay of relays.values()) await relay.close();
    await server.stop();
  });

  const compare = async (turns: Turn[]): Promise<void> => {
    const straight = await play(server.url("postgres"), turns);
    for (const relay of relays.values()) {
      const through = await play(relay.url(server.url("postgres")), turns);
      expect(through).toEqual(straight);
      relay.reset();
    }
  };

  test("every statement alone, and after BEGIN, is answered as without a relay", async () => {
    for (const by of ["simple", "extended"] as const)
      await compare(STATEMENTS.map((sql) => ({ by, statements: [sql] })));
    await compare(
      STATEMENTS.flatMap((sql): Turn[] => [
        { by: "simple", statements: ["BEGIN"] },
        { by: "simple", statements: [sql] },
        { by: "simple", statements: ["ROLLBACK"] },
      ]),
    );
  }, 300_000);

  test("texts and batches of several statements are answered as without a relay", async () => {
    const turn = fc.record({
      by: fc.constantFrom("simple" as const, "extended" as const),
      statements: fc.array(fc.constantFrom(...STATEMENTS), { minLength: 1, maxLength: 4 }),
    });
    await fc.assert(fc.asyncProperty(fc.array(turn, { minLength: 6, maxLength: 14 }), compare), {
      numRuns: Number(process.env["RELAY_RUNS"] ?? 8),
      endOnFailure: false,
    });
  });
});
