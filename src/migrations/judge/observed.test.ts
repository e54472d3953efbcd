import { beforeAll, expect, test } from "vitest";
import { loadParser } from "./sql/parse-sql.ts";
import { BIG, found, judged, migration, observation, SMALL } from "./testbed.ts";

beforeAll(loadParser);

const AEL = "AccessExclusiveLock" as const;
const RIDES = "public.rides";

test("a rewrite is found whatever caused it: here a DO block, of which the text says nothing", () => {
  const sql = "DO $$ BEGIN EXECUTE 'ALTER TABLE rides ALTER seats TYPE bigint'; END $$;";
  const seen = observation([{ sql, kind: "own", locks: [[RIDES, AEL]], rewrites: [RIDES], scans: [RIDES] }]);
  const judgement = judged(migration(sql, { observation: seen }));
  const [finding] = found(judgement, "table-rewritten");
  expect(finding).toMatchObject({ level: "block", object: RIDES, line: 1 });
  expect(finding?.what).toContain(
    "nobody can read or write rides, for about 1.1 min at 40,000,000 rows (7.8 GB)",
  );
  expect(judgement.verdict).toBe("block");
});

test("a rewrite that no rule about its cause explains is told all the same: here a type with a check of its own", () => {
  const sql = "ALTER TABLE rides ADD COLUMN plate plate_number;";
  const seen = observation([{ sql, locks: [[RIDES, AEL]], rewrites: [RIDES], scans: [RIDES] }]);
  expect(found(judged(migration(sql, { observation: seen })), "table-rewritten")).toHaveLength(1);
  const explained = "ALTER TABLE rides ALTER COLUMN seats TYPE bigint;";
  const known = observation([{ sql: explained, locks: [[RIDES, AEL]], rewrites: [RIDES], scans: [RIDES] }]);
  const { findings } = judged(migration(explained, { observation: known }));
  expect(findings.map(({ rule }) => rule)).toContain("change-type-rewrites");
  expect(findings.map(({ rule }) => rule)).not.toContain("table-rewritten");
});

test("a VALIDATE while the transaction holds the table for another reason is work under that lock", () => {
  const text =
    "ALTER TABLE rides ADD COLUMN tip int; ALTER TABLE rides VALIDATE CONSTRAINT rides_seats_check;";
  expect(found(judged(migration(text)), "work-while-locked")).toHaveLength(1);
});

test("what a rehearsal saw counts for more than what the text looks like: no rewrite, no finding", () => {
  const sql = "ALTER TABLE rides ADD COLUMN token uuid DEFAULT app_token();";
  const quiet = observation([{ sql, locks: [[RIDES, AEL]] }]);
  expect(found(judged(migration(sql)), "add-column-volatile-default")).toHaveLength(1);
  expect(found(judged(migration(sql, { observation: quiet })), "add-column-volatile-default")).toEqual([]);
});

test("a table that is small on the target passes; one whose size is not known is a warning that says so", () => {
  const sql = "CREATE INDEX rides_city_idx ON rides (city);";
  expect(judged(migration(sql), { statistics: SMALL }).verdict).toBe("pass");
  const [finding] = found(judged(migration(sql), { statistics: null }), "create-index-blocks-writes");
  expect(finding).toMatchObject({ level: "warn", estimate: null });
  expect(finding?.what).toContain("could not be read");
});

test("estimates scale with rows and bytes, and a calibration of the machine replaces the constants", () => {
  const sql = "ALTER TABLE rides ALTER COLUMN seats TYPE bigint;";
  const ms = (change = {}) => found(judged(migration(sql), change), "change-type-rewrites")[0]?.estimate?.ms;
  expect(ms()).toBe(64_000);
  expect(ms({ statistics: BIG.map((one) => ({ ...one, bytes: one.bytes / 10 })) })).toBe(6_400);
  const calibration = {
    ...{ basis: "measured just now", scanMsPerMb: 1, rewriteMsPerMb: 1, volatileRewriteMsPerMb: 1 },
    ...{ indexUsPerRow: 1, foreignKeyUsPerRow: 1, updateUsPerRow: 1 },
  };
  const [finding] = found(judged(migration(sql), { calibration }), "change-type-rewrites");
  expect(finding?.estimate).toMatchObject({ ms: 8_000, basis: "measured just now" });
});

test("tables that the release itself makes are nobody's yet, in the same migration and in the next", () => {
  const first = migration(
    "CREATE TABLE tips (id bigint, ride bigint); CREATE INDEX tips_ride ON tips (ride);",
  );
  const second = migration("ALTER TABLE tips ADD COLUMN token uuid NOT NULL DEFAULT gen_random_uuid();", {
    name: "0002_more",
  });
  const judgement = judged([first, second], { timeouts: { lockMs: null, statementMs: null } });
  expect(judgement.findings).toEqual([]);
  expect(judgement.kinds.map(({ kind }) => kind)).toEqual(["expand", "expand"]);
});

test("a foreign key is judged by the rows that point, and both tables are locked", () => {
  const sql =
    "ALTER TABLE rides ADD CONSTRAINT rides_driver FOREIGN KEY (driver_id) REFERENCES drivers (id);";
  const seen = observation([
    {
      sql,
      scans: [RIDES, "public.drivers"],
      locks: [
        [RIDES, "ShareRowExclusiveLock"],
        ["public.drivers", "ShareRowExclusiveLock"],
      ],
    },
  ]);
  const [finding] = found(judged(migration(sql, { observation: seen })), "foreign-key-validated-at-once");
  expect(finding?.what).toContain("nobody can write to rides");
  expect(finding?.estimate?.ms).toBe(30_400);
});

test("a scan in a transaction that holds the table against everyone is one under that lock", () => {
  const statements = [
    { sql: "ALTER TABLE rides ADD COLUMN tip numeric", locks: [[RIDES, AEL] as [string, typeof AEL]] },
    { sql: "SELECT app_check()", scans: [RIDES] },
  ];
  const together = observation(statements);
  const apart = observation(statements.map((one, transaction) => ({ ...one, transaction })));
  const of = (seen: typeof together) =>
    found(judged(migration("", { sql: null, source: "", observation: seen })), "table-scanned-under-lock");
  expect(of(together)).toHaveLength(1);
  expect(of(apart)).toEqual([]);
});

test("a lock that is held while no statement runs is told; the rehearsal's own share is not counted", () => {
  const sql = "ALTER TABLE rides ADD COLUMN tip numeric";
  const held = (heldMs: number) =>
    judged(
      migration(sql, {
        observation: observation(
          [{ sql, durationMs: 2, locks: [[RIDES, AEL]] }],
          [{ transaction: 0, outcome: "committed", held: { [RIDES]: { mode: AEL, heldMs } } }],
        ),
      }),
    );
  expect(found(held(900), "lock-held-while-idle")[0]?.what).toBe(
    "rides was locked for 900 ms, most of it while no statement ran.",
  );
  expect(found(held(60), "lock-held-while-idle")).toEqual([]);
});

test("statements of a program have no line; those of a file have theirs, comments and all", () => {
  const text = "-- adds a tip\n\nALTER TABLE rides\n  ADD COLUMN tip numeric NOT NULL;\n";
  const sent = { sql: "alter table rides add column tip numeric not null", locks: [] };
  const program = judged(migration("", { sql: null, source: "x", observation: observation([sent]) }));
  expect(found(program, "add-column-not-null")[0]).toMatchObject({ line: null, object: "public.rides.tip" });
  const file = migration("", {
    source: text,
    sql: { text, line: 11 },
    observation: observation([{ sql: text }]),
  });
  expect(found(judged(file), "add-column-not-null")[0]).toMatchObject({ line: 13 });
});

test("a down is asked what it blocks and whether it runs, not what it removes", () => {
  const sql = "ALTER TABLE rides DROP COLUMN note; CREATE INDEX rides_city_idx ON rides (city);";
  const judgement = judged(migration(sql, { direction: "down" }));
  expect(judgement.findings.map(({ rule }) => rule)).toEqual(
    expect.arrayContaining(["create-index-blocks-writes"]),
  );
  expect(found(judgement, "drop-column")).toEqual([]);
  expect(judgement.kinds).toEqual([]);
});

test("the migration tool's own tables are nobody's concern", () => {
  const sql = "LOCK TABLE pgmigrations IN ACCESS EXCLUSIVE MODE";
  const seen = observation([{ sql, locks: [["public.pgmigrations", AEL]] }]);
  const options = { timeouts: { lockMs: null, statementMs: null } };
  expect(judged(migration(sql, { observation: seen }), options).findings).toEqual([]);
});

test("migrations that a tool runs in one transaction: its COMMIT in the last is neither nested nor missing in the first", () => {
  const tips = { sql: "CREATE TABLE tips (id int)" };
  const seen = observation(
    [{ sql: "BEGIN" }, tips, { sql: "CREATE TABLE tolls (id int)" }, { sql: "COMMIT" }],
    [{ transaction: 0, outcome: "committed", held: {} }],
  );
  const part = (name: string, from: number, to: number) =>
    migration("", {
      ...{ name, sql: null, source: null },
      observation: { ...seen, statements: seen.statements.slice(from, to) },
    });
  expect(judged([part("0001", 0, 2), part("0002", 2, 4)]).findings).toEqual([]);
});

test("a BEGIN of the file inside the tool's own is nested, and the tool's COMMIT ends nothing", () => {
  const seen = observation([
    { sql: "BEGIN" },
    { sql: "BEGIN" },
    { sql: "CREATE TABLE tips (id int)" },
    { sql: "COMMIT" },
    { sql: "COMMIT", transaction: 1, kind: "implicit" },
  ]);
  const judgement = judged(migration("BEGIN;\nCREATE TABLE tips (id int);\nCOMMIT;", { observation: seen }));
  expect(found(judgement, "nested-transaction").map(({ what }) => what)).toEqual([
    "It begins a transaction inside one: the inner COMMIT ends the outer.",
    "It commits where no transaction of its own is open.",
  ]);
});

test("a transaction that ends with the connection was never committed; one that failed was", () => {
  const tips = { sql: "CREATE TABLE tips (id int)" };
  const of = (error: string | null) =>
    judged(
      migration("", {
        ...{ sql: null, source: null },
        observation: observation(
          [
            { sql: "BEGIN" },
            error === null
              ? tips
              : { ...tips, error: { sqlState: error, message: "no", detail: null, hint: null } },
          ],
          [{ transaction: 0, outcome: "rolled-back", held: {} }],
        ),
      }),
    );
  expect(found(of(null), "uncommitted-transaction")).toHaveLength(1);
  expect(found(of("42501"), "uncommitted-transaction")).toEqual([]);
});
