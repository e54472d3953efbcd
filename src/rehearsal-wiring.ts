import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { makeRehearsalHost } from "./adapters/local/rehearsal-host/rehearsal-host.ts";
import { toAppError } from "./domain/errors.ts";
import { dumpSchema } from "./migrations/catalog/dump-schema.ts";
import type { SchemaScript } from "./migrations/catalog/types.ts";
import { explainRule, meantRule, ruleTexts } from "./migrations/judge/explain.ts";
import { sarifOf } from "./migrations/judge/sarif.ts";
import { findBookkeeping } from "./migrations/rehearse/bookkeeping.ts";
import { rehearsalKey } from "./migrations/rehearse/key.ts";
import { rehearse } from "./migrations/rehearse/rehearse.ts";
import type { RehearsalRequest, RehearsalStart } from "./migrations/rehearse/types.ts";
import { startThrowaway } from "./migrations/throwaway/start-throwaway.ts";
import type { Artefacts } from "./ports/artefacts.ts";
import type { Clock } from "./ports/clock.ts";
import type { PreparedRehearsal, RehearsalAsk, Rehearser } from "./ports/rehearser.ts";
import { VERSION } from "./version.ts";

export interface RehearserDeps {
  artefacts: Artefacts;
  clock: Clock;
  env: Readonly<Record<string, string | undefined>>;
}

/** Rehearsals on this machine, each on a throwaway server of its own. */
export const makeRehearser = (deps: RehearserDeps): Rehearser => ({
  prepare: async (ask) => prepare(deps, ask, await startOf(ask)),
  explain: (rule) => ({ text: explainRule(rule), meant: meantRule(rule) }),
  sarif: (rehearsal, files) =>
    sarifOf(rehearsal, { rules: ruleTexts(), files, version: VERSION, page: null }),
});

interface Start {
  start: RehearsalStart;
  /** Statements that the target has seen, when it keeps them. */
  statements: string[];
}

/** What stands in the target now is the truth; what was recorded is the next best; else the earlier release says it. */
const startOf = async ({ from, live, recorded }: RehearsalAsk): Promise<Start> => {
  if (from === null) return { start: { type: "empty" }, statements: [] };
  const read = live === null ? null : await readLive(live, from.migrations?.names ?? []);
  if (read !== null) return read;
  return recorded === null
    ? { start: { type: "replayed" }, statements: [] }
    : { start: { type: "recorded", script: recorded as SchemaScript }, statements: [] };
};

const readLive = async (url: string, names: string[]): Promise<Start | null> => {
  const client = new pg.Client({
    connectionString: url,
    application_name: "switchback reads the schema",
    connectionTimeoutMillis: 5_000,
  });
  client.on("error", () => {});
  try {
    await client.connect();
    const bookkeeping = await findBookkeeping(client, names);
    const script = await dumpSchema(client, { bookkeeping: bookkeeping.map(({ table }) => table) });
    return { start: { type: "live", script }, statements: await readStatements(client) };
  } catch (error) {
    // A target that does not answer, or that hides something: the next best is begun with.
    if (toAppError(error).code === "INTERRUPTED") throw error;
    return null;
  } finally {
    await client.end().catch(() => {});
  }
};

/** Only where the extension is installed; most databases have none, and that is no fault. */
const readStatements = async (client: pg.Client): Promise<string[]> => {
  const { rowCount } = await client.query("SELECT FROM pg_extension WHERE extname = 'pg_stat_statements'");
  if (rowCount === 0) return [];
  const { rows } = await client
    .query<{ query: string }>(
      `SELECT query FROM pg_stat_statements
       WHERE dbid = (SELECT oid FROM pg_database WHERE datname = current_database())
       ORDER BY calls DESC LIMIT 500`,
    )
    .catch(() => ({ rows: [] }));
  return rows.map(({ query }) => query);
};

const prepare = (deps: RehearserDeps, ask: RehearsalAsk, { start, statements }: Start): PreparedRehearsal => {
  const { artefacts, clock, env } = deps;
  const request: RehearsalRequest = {
    from: ask.from,
    to: ask.to,
    major: ask.to.database?.version ?? ask.from?.database?.version ?? 18,
    start,
    environment: { name: ask.environment, smoke: ask.smoke, env: ask.settings },
    statistics: null,
    statements,
    upTo: ask.upTo,
    limits: ask.limits,
    thresholds: ask.thresholds,
    style: false,
    folder: ask.folder,
  };
  return {
    key: rehearsalKey(request),
    run: async ({ signal, onProgress, recordSchema }) => {
      const folder = await mkdtemp(join(tmpdir(), "switchback-rehearsal-"));
      const host = makeRehearsalHost({ artefacts, clock, folder, inherited: env });
      try {
        const path = env["PATH"] ?? "";
        const startServer: typeof startThrowaway = (options) => startThrowaway({ path, ...options });
        return await rehearse(request, { host, clock, signal, startServer, recordSchema, onProgress });
      } finally {
        await host.close();
        await rm(folder, { recursive: true, force: true });
      }
    },
  };
};
