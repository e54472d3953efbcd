import { Client } from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readCatalog } from "../../src/migrations/catalog/read-catalog.ts";
import { RULES } from "../../src/migrations/judge/rules.ts";
import { loadParser, parseSql } from "../../src/migrations/judge/sql/parse-sql.ts";
import { runsAlone } from "../../src/migrations/judge/statements.ts";
import { readOperations } from "../../src/migrations/judge/sql/read-operations.ts";
import { BIG, found, judged, migration } from "../../src/migrations/judge/testbed.ts";
import { startRelay } from "../../src/migrations/relay/start-relay.ts";
import type { Observation } from "../../src/migrations/relay/types.ts";
import { startThrowaway } from "../../src/migrations/throwaway/start-throwaway.ts";
import type { ThrowawayServer } from "../../src/migrations/throwaway/types.ts";
import { systemClock } from "../helpers/system-clock.ts";

/** rideshare, as the examples of the rules have it, with a few rows. */
const SCHEMA = `
CREATE TYPE ride_status AS ENUM ('open', 'done');
CREATE DOMAIN code AS text;
CREATE SCHEMA billing; CREATE SCHEMA archive;
CREATE TABLE drivers (id bigint NOT NULL UNIQUE, name text);
CREATE TABLE rides (id bigint NOT NULL, code text, fare numeric(10,2) NOT NULL DEFAULT 0, seats integer DEFAULT 4,
  city varchar(40), note text, status text, driver_id bigint, created_at timestamptz NOT NULL DEFAULT now(), during tstzrange,
  CONSTRAINT rides_status_check CHECK (status IS NOT NULL), CONSTRAINT rides_seats_check CHECK (seats > 0));
CREATE INDEX rides_status_idx ON rides (status);
CREATE UNIQUE INDEX rides_code_idx ON rides (code);
CREATE UNIQUE INDEX rides_id_idx ON rides (id);
CREATE VIEW open_rides AS SELECT 1 AS id;
INSERT INTO drivers SELECT i FROM generate_series(1, 3) i;
INSERT INTO rides SELECT i, 'c' || i, i, 2, 'Oslo', 'n', 'open', 1 + i % 3 FROM generate_series(1, 20) i;
ANALYZE;`;

/** What an example needs besides. */
const BEFORE: Record<string, string> = {
  "detach-partition-blocks": `DROP TABLE rides; CREATE TABLE rides (id int) PARTITION BY LIST (id);
    CREATE TABLE rides_2024 PARTITION OF rides FOR VALUES IN (2024);`,
};
/** What PostgreSQL refuses for a reason that the example is not about. */
const NOT_RUN: Record<string, string> = {
  "drop-database": "there is no such database on the server",
};

let server: ThrowawayServer;
let number = 0;
beforeAll(async () => {
  await loadParser();
  server = await startThrowaway({ major: 18, clock: systemClock, signal: new AbortController().signal });
  const client = new Client({ connectionString: server.url("postgres") });
  await client.connect();
  await client.query("CREATE DATABASE base");
  await client.end();
  await using(server.url("base"), (base) => base.query(SCHEMA));
});
afterAll(() => server.stop());

const using = async <T>(url: string, work: (client: Client) => Promise<T>): Promise<T> => {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
};

/** Runs a text as tools do, as a whole or statement by statement where it cannot be one transaction, and tells what was seen. */
const rehearsed = async (text: string, before: string) => {
  const name = `rule_${number++}`;
  await using(server.url("postgres"), (client) => client.query(`CREATE DATABASE ${name} TEMPLATE base`));
  const catalog = await using(server.url(name), async (client) => {
    if (before !== "") await client.query(before);
    return readCatalog(client);
  });
  const signal = new AbortController().signal;
  const relay = await startRelay({ server, mode: "locks", signal, clock: systemClock });
  try {
    await using(relay.url(server.url(name)), async (client) => {
      const parsed = parseSql(text);
      const statements = parsed.ok ? parsed.statements : [];
      const alone = statements.some(({ node }) => readOperations(node).some(runsAlone));
      const parts = alone ? statements.map((one) => one.text) : [text];
      for (const part of parts) await client.query(part).catch(() => undefined);
    });
    return { catalog, observation: relay.observed() };
  } finally {
    await relay.close();
  }
};

const failures = ({ statements }: Observation): string[] =>
  statements.flatMap(({ sql, error }) => (error === null ? [] : [`${sql}: ${error.message}`]));

const OPTIONS: Record<string, Parameters<typeof judged>[1]> = {
  "no-lock-timeout": { timeouts: { lockMs: null, statementMs: null } },
  "no-statement-timeout": { timeouts: { lockMs: null, statementMs: null } },
};
/** Examples of which a refusal is the point. */
const FAILS = new Set(["concurrently-in-transaction", "syntax-error", "add-column-not-null"]);

describe("on a real PostgreSQL, seen through the relay, each rule finds its example and lets the safe way be", () => {
  for (const rule of RULES.filter(
    ({ id, example, family }) => example.finds.length > 0 && family !== "style" && NOT_RUN[id] === undefined,
  ))
    test(rule.id, async () => {
      const judge = async (lines: string[]) => {
        const text = lines.join("\n");
        const { catalog, observation } = await rehearsed(text, BEFORE[rule.id] ?? "");
        const seen = migration(text, { before: catalog, observation });
        return { observation, judgement: judged(seen, { statistics: BIG, ...OPTIONS[rule.id] }) };
      };
      const finds = await judge(rule.example.finds);
      if (!FAILS.has(rule.id)) expect(failures(finds.observation)).toEqual([]);
      const told = found(finds.judgement, rule.id);
      expect(told, JSON.stringify(finds.observation, null, 1)).not.toEqual([]);
      expect(told.map(({ line }) => line)).not.toContain(null);
      const safe = await judge(rule.example.instead);
      expect(failures(safe.observation)).toEqual([]);
      expect(found(safe.judgement, rule.id), JSON.stringify(safe.observation, null, 1)).toEqual([]);
    });
});

/** Rows of the target, what fails on them, and the rule and the words that a developer needs. */
const INCIDENTS: [
  what: string,
  before: string,
  text: string,
  rule: string,
  words: string,
  query: string | null,
][] = [
  [
    "NOT NULL on a table with nulls",
    "UPDATE rides SET city = NULL WHERE id < 5",
    "ALTER TABLE rides ALTER COLUMN city SET NOT NULL;",
    "not-null-with-nulls",
    "SET NOT NULL failed: rides.city has nulls",
    "SELECT count(*) FROM rides WHERE city IS NULL;",
  ],
  [
    "a unique index over duplicates",
    "",
    "CREATE UNIQUE INDEX CONCURRENTLY rides_city_key ON rides (city);",
    "unique-with-duplicates",
    "rides (city) has the same value more than once",
    "SELECT city, count(*) FROM rides GROUP BY city HAVING count(*) > 1 ORDER BY count(*) DESC LIMIT 20;",
  ],
  [
    "CREATE INDEX CONCURRENTLY in a transaction",
    "",
    "BEGIN; CREATE INDEX CONCURRENTLY rides_city_idx ON rides (city); COMMIT;",
    "concurrently-in-transaction",
    "cannot run inside a transaction block",
    null,
  ],
  [
    "a foreign key with orphans",
    "UPDATE rides SET driver_id = 99 WHERE id = 1",
    "ALTER TABLE rides ADD CONSTRAINT rides_driver FOREIGN KEY (driver_id) REFERENCES drivers (id);",
    "foreign-key-with-orphans",
    "points at rows of drivers that are not there",
    "SELECT c.* FROM rides c WHERE c.driver_id IS NOT NULL AND NOT EXISTS (SELECT FROM drivers p WHERE p.id = c.driver_id) LIMIT 20;",
  ],
  [
    "a CHECK that rows break",
    "",
    "ALTER TABLE rides ADD CONSTRAINT cheap CHECK (fare < 10);",
    "check-with-violations",
    "Rows of rides break cheap",
    "SELECT * FROM rides WHERE NOT (fare < 10) LIMIT 20;",
  ],
  ["a table that is not there", "", "ALTER TABLE ride ADD COLUMN x int;", "object-missing", '"ride"', null],
  [
    "a column that is there already",
    "",
    "ALTER TABLE rides ADD COLUMN note text;",
    "object-exists",
    "already exists",
    null,
  ],
  [
    "something that is needed",
    "",
    "DROP TYPE ride_status; DROP DOMAIN code;",
    "drop-type",
    "ride_status",
    null,
  ],
  [
    "a text that is no number",
    "",
    "ALTER TABLE rides ALTER COLUMN city TYPE integer USING city::integer;",
    "values-do-not-fit",
    "invalid input syntax",
    null,
  ],
];

describe("what a real PostgreSQL refuses is told with what a developer needs", () => {
  test.each(INCIDENTS)("%s", async (_what, before, text, rule, words, query) => {
    const { catalog, observation } = await rehearsed(text, before);
    const seen = migration(text, { before: catalog, after: null, observation });
    const judgement = judged(seen, { statistics: null });
    const [finding] = found(judgement, rule);
    expect(finding?.what, JSON.stringify(judgement.findings.map((one) => [one.rule, one.what]))).toContain(
      words,
    );
    expect(finding?.line).toBe(1);
    if (query === null) return;
    expect(finding?.level).toBe("block");
    expect(finding?.instructions).toContain(query);
    // The query is read-only and finds the rows, on the very database on which it failed.
    await using(server.url(`rule_${number - 1}`), async (client) => {
      await client.query("BEGIN READ ONLY");
      const { rows } = await client.query<{ count?: string }>(query);
      expect(rows.length).toBeGreaterThan(0);
      if (rows[0]?.count !== undefined) expect(Number(rows[0].count)).toBeGreaterThan(0);
    });
  });
});
