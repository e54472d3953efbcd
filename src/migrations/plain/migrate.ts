import pg from "pg";
import { count } from "../../domain/count.ts";
import { ensureBookkeeping, PLAIN_TABLE, readApplied } from "./bookkeeping.ts";
import { planDown, planUp, type Plan } from "./plan.ts";
import type { PlainMigration } from "./plain-migration.ts";
import { applyMigration, MigrationFailed, undoMigration, type SplitSql } from "./run-migration.ts";

export type PlainCommand =
  { type: "up"; to: string | null } | { type: "down"; to: string } | { type: "status" };

export interface PlainDeps {
  databaseUrl: string;
  migrations: PlainMigration[];
  splitSql: SplitSql;
  /** Names of applied migrations: data. */
  print: (line: string) => void;
  /** What is being done: talk. */
  tell: (line: string) => void;
}

const CONNECT_TIMEOUT_MS = 10_000;

/**
 * Carries one command out and gives its exit code: 0 done, 1 a statement failed, 3 refused before anything was run. Two of them never run
 * at once on a database: the second waits, then sees what the first did.
 */
export const migrate = async (command: PlainCommand, deps: PlainDeps): Promise<number> => {
  const client = new pg.Client({
    connectionString: deps.databaseUrl,
    application_name: "switchback-migrate",
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
  });
  await client.connect();
  // A connection that dies between two queries is told by the next one.
  client.on("error", () => {});
  try {
    return await carryOut(client, command, deps);
  } finally {
    await client.end().catch(() => {}); // it is gone, which is what was wanted
  }
};

const carryOut = async (client: pg.Client, command: PlainCommand, deps: PlainDeps): Promise<number> => {
  if (command.type === "status") {
    for (const { name, statements } of await readApplied(client))
      if (statements === null) deps.print(name);
      else deps.tell(`${name} was interrupted: in are ${count(statements, "statement")} of it`);
    return 0;
  }
  await takeTurn(client);
  try {
    return command.type === "up" ? await up(client, command.to, deps) : await down(client, command.to, deps);
  } catch (error) {
    if (!(error instanceof MigrationFailed)) throw error;
    deps.tell(error.message);
    return 1;
  }
};

/** The wait for a colleague may be long, while what the session sets for tables stays as it is. */
const takeTurn = async (client: pg.Client): Promise<void> => {
  await client.query("set lock_timeout = '10min'");
  await client.query("select pg_advisory_lock(hashtextextended($1, 0))", [PLAIN_TABLE]);
  await client.query("reset lock_timeout");
};

const up = async (client: pg.Client, to: string | null, deps: PlainDeps): Promise<number> => {
  await ensureBookkeeping(client);
  const plan = planUp(deps.migrations, await readApplied(client), to);
  return runPlan(plan, deps, async ({ migration, done }) => {
    await applyMigration(migration.up, migration, { client, splitSql: deps.splitSql, done });
    return `Applied ${migration.name}`;
  });
};

const down = async (client: pg.Client, to: string, deps: PlainDeps): Promise<number> => {
  const plan = planDown(deps.migrations, await readApplied(client), to);
  return runPlan(plan, deps, async (step) => {
    await undoMigration(step.name, step.down, { client, splitSql: deps.splitSql });
    return `Undid ${step.name}`;
  });
};

const runPlan = async <Step>(
  plan: Plan<Step>,
  { tell }: PlainDeps,
  run: (step: Step) => Promise<string>,
): Promise<number> => {
  if (!plan.ok) {
    tell(plan.refusal.what);
    tell(`  ${plan.refusal.hint}`);
    return 3;
  }
  for (const step of plan.steps) tell(await run(step));
  if (plan.steps.length === 0) tell("Nothing to do.");
  return 0;
};
