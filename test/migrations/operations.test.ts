import { Client } from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { LOCK_MODES, STRONG_MODES } from "../../src/migrations/relay/lock-modes.ts";
import { startRelay } from "../../src/migrations/relay/start-relay.ts";
import type { ObservedStatement, Relay } from "../../src/migrations/relay/types.ts";
import { startThrowaway } from "../../src/migrations/throwaway/start-throwaway.ts";
import type { ThrowawayServer } from "../../src/migrations/throwaway/types.ts";
import { systemClock } from "../helpers/system-clock.ts";
import { OPERATIONS, ROWS, SCHEMA, type Operation } from "./operations.ts";

/** At least this share of all strong locks is found; the rest is what the relay's page says that it cannot see. */
const FOUND_AT_LEAST = 0.95;

const withClient = async <T>(url: string, use: (client: Client) => Promise<T>): Promise<T> => {
  const client = new Client({ connectionString: url });
  client.on("error", () => {});
  await client.connect();
  try {
    return await use(client);
  } finally {
    await client.end();
  }
};

/** Straight from PostgreSQL, without the relay: what the operation's transaction holds at its end, as `table mode`. */
const truthOf = async (url: string, { truth, sql }: Operation): Promise<string[]> => {
  if (truth !== null) return truth;
  return withClient(url, async (client) => {
    const names = await client.query<{ oid: string; name: string }>(
      "SELECT oid::text, relnamespace::regnamespace || '.' || relname AS name FROM pg_class WHERE relkind IN ('r', 'p', 'm', 'v') AND oid >= 16384 AND relnamespace <> 'pg_toast'::regnamespace",
    );
    const tables = new Map(names.rows.map(({ oid, name }) => [oid, name]));
    await client.query("BEGIN");
    await client.query(sql);
    const locks = await client.query<{ relation: string; mode: string }>(
      "SELECT relation::text, mode FROM pg_locks WHERE pid = pg_backend_pid() AND locktype = 'relation' AND mode = ANY($1)",
      [STRONG_MODES],
    );
    await client.query("ROLLBACK");
    return locks.rows.flatMap(({ relation, mode }) => {
      const table = tables.get(relation);
      return table === undefined ? [] : [`${table} ${mode}`];
    });
  });
};

const strongestOn = (table: string, { locks }: ObservedStatement): string | null =>
  locks
    .filter((lock) => lock.table === table && lock.index === null)
    .map(({ mode }) => mode)
    .sort((one, other) => LOCK_MODES.indexOf(other) - LOCK_MODES.indexOf(one))[0] ?? null;

const seenOf = (operation: Operation, statement: ObservedStatement): Partial<Operation> => {
  const { table } = operation;
  const { rewrites } = statement;
  return {
    lock: strongestOn(table, statement) as Operation["lock"],
    rewrite: rewrites.includes(table) ? true : rewrites.length > 0 ? "indexes" : false,
    scans: [...statement.scans].sort(),
  };
};

interface Tally {
  expected: number;
  missed: string[];
  wrong: unknown[];
}

const tryOne = async (
  operation: Operation,
  { url, relay }: { url: string; relay: Relay },
  tally: Tally,
): Promise<void> => {
  await withClient(url, async (client) => {
    for (const sql of operation.before) await client.query(sql);
  });
  const truth = new Set(await truthOf(url, operation));
  relay.reset();
  await withClient(relay.url(url), (client) => client.query(operation.sql));
  const [statement] = relay.observed().statements;
  if (statement === undefined) throw new Error(`${operation.name} was not recorded`);
  const locks = statement.locks
    .filter(({ index }) => index === null)
    .map(({ table, mode }) => `${table} ${mode}`);
  const { name, lock, rewrite, scans } = operation;
  tally.expected += truth.size;
  for (const one of truth) if (!locks.includes(one)) tally.missed.push(`${name}: ${one}`);
  const said = { name, ...seenOf(operation, statement), invented: locks.filter((one) => !truth.has(one)) };
  const wanted = { name, lock, rewrite, scans: [...scans].sort(), invented: [] };
  if (JSON.stringify(said) !== JSON.stringify(wanted)) tally.wrong.push({ said, wanted });
};

describe.concurrent.each([18, 15])("PostgreSQL %i", (major) => {
  let server: ThrowawayServer;
  let relay: Relay;
  const stop = new AbortController();

  beforeAll(async () => {
    server = await startThrowaway({ major, clock: systemClock, signal: stop.signal });
    relay = await startRelay({ server, mode: "locks", signal: stop.signal, clock: systemClock });
  });
  afterAll(async () => {
    await relay.close();
    await server.stop();
  });

  test.sequential.each(ROWS)(
    "locks, rewrites and scans of each operation at %i rows",
    async (rows) => {
      const tally: Tally = { expected: 0, missed: [], wrong: [] };
      await withClient(server.url("postgres"), async (admin) => {
        const model = `model_${rows}`;
        await admin.query(`CREATE DATABASE ${model}`);
        await withClient(server.url(model), (client) =>
          client.query(SCHEMA.replaceAll("$rows", String(rows))),
        );
        for (const operation of OPERATIONS) {
          await admin.query(`CREATE DATABASE tried TEMPLATE ${model} STRATEGY file_copy`);
          await tryOne(operation, { url: server.url("tried"), relay }, tally);
          await admin.query("DROP DATABASE tried WITH (FORCE)");
        }
      });
      const { expected, missed, wrong } = tally;
      const found = expected - missed.length;
      console.log(
        [
          `PostgreSQL ${server.version}, ${rows} rows: ${found}/${expected} strong locks found over ${OPERATIONS.length} operations`,
          ...missed.map((one) => `  not found: ${one}`),
        ].join("\n"),
      );
      expect(wrong).toEqual([]);
      expect(found / expected).toBeGreaterThanOrEqual(FOUND_AT_LEAST);
    },
    300_000,
  );
});
