import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { runner, PG_MIGRATE_LOCK_ID } from "node-pg-migrate";
import pg from "pg";
import { appliedMigrations, migrationsTable, shippedMigrations } from "./database/migrations.ts";

const folder = fileURLToPath(new URL("../migrations", import.meta.url));

const usage = `Usage:
  migrate up                       apply every migration that is not applied yet
  migrate down --to NAME           undo every migration after NAME, newest first; NAME stays applied
  migrate down --count N           undo the N newest migrations
  migrate status                   print the applied migrations, oldest first
DATABASE_URL says where. Exit code: 0 done, 1 failed, 2 wrong use.`;

class UsageError extends Error {}

const tell = (line: string): void => void process.stderr.write(`${line}\n`);

const main = async (args: string[]): Promise<void> => {
  const { positionals, values } = parse(args);
  const [command, ...rest] = positionals;
  if (rest.length > 0) throw new UsageError(`Unexpected: ${rest.join(" ")}`);
  if (command !== "down" && (values.to ?? values.count) !== undefined) {
    throw new UsageError("--to and --count belong to `migrate down`");
  }
  switch (command) {
    case "up":
      return withDatabase(async (client) => {
        await takeTurn(client);
        await migrate(client, "up", Number.POSITIVE_INFINITY);
      });
    case "down":
      requireOneLimit(values);
      return withDatabase(async (client) => {
        await takeTurn(client);
        await migrate(client, "down", await howManyDown(client, values));
      });
    case "status":
      return withDatabase(async (client) => {
        for (const name of await appliedMigrations(client)) process.stdout.write(`${name}\n`);
      });
    default:
      throw new UsageError(command === undefined ? "A command is missing" : `Unknown command: ${command}`);
  }
};

const parse = (args: string[]) => {
  try {
    return parseArgs({
      args,
      allowPositionals: true,
      options: { to: { type: "string" }, count: { type: "string" } },
    });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error), { cause: error });
  }
};

const withDatabase = async (work: (client: pg.Client) => Promise<void>): Promise<void> => {
  const databaseUrl = process.env["DATABASE_URL"];
  if (!databaseUrl) throw new UsageError("DATABASE_URL is not set");
  const client = new pg.Client({
    connectionString: databaseUrl,
    application_name: "rideshare-migrate",
    connectionTimeoutMillis: 10_000,
  });
  await client.connect();
  try {
    await work(client);
  } finally {
    await client.end();
  }
};

/**
 * Only one `migrate` at a time: a second one waits here until the first is through, then sees what it did.
 * The runner takes the same lock again, which a session may. It is taken here first, because the wait for a
 * colleague may be long while the wait for a table must be short: every query of the app queues up behind it.
 */
const takeTurn = async (client: pg.Client): Promise<void> => {
  await client.query("set lock_timeout = '10min'");
  await client.query("select pg_advisory_lock($1)", [PG_MIGRATE_LOCK_ID]);
  await client.query("set lock_timeout = '5s'");
};

const migrate = async (client: pg.Client, direction: "up" | "down", count: number): Promise<void> => {
  if (count === 0) return tell("Nothing to do.");
  const done = await runner({
    dbClient: client,
    dir: folder,
    direction,
    count,
    migrationsTable,
    checkOrder: true,
    // One transaction for each migration: those before a failing one stay, and `status` says so.
    singleTransaction: false,
    advisoryLockMode: "wait",
    logger: { info: () => {}, warn: tell, error: tell },
  });
  for (const { name } of done) tell(`${direction === "up" ? "Applied" : "Undid"} ${name}`);
  if (done.length === 0) tell("Nothing to do.");
};

interface Limit {
  to?: string | undefined;
  count?: string | undefined;
}

const requireOneLimit = ({ to, count }: Limit): void => {
  if ((to === undefined) === (count === undefined))
    throw new UsageError("Give either --to NAME or --count N");
  if (count !== undefined && !/^[1-9]\d*$/.test(count)) {
    throw new UsageError("--count is not a positive whole number");
  }
};

const howManyDown = async (client: pg.Client, { to, count }: Limit): Promise<number> => {
  if (to === undefined) return Number(count);
  const applied = await appliedMigrations(client);
  const position = applied.indexOf(to);
  if (position < 0) {
    const known = (await shippedMigrations(folder)).includes(to);
    throw new Error(`${to} ${known ? "is not applied" : "is not a migration of this build"}.`);
  }
  return applied.length - 1 - position;
};

/** A refused connection to a name with several addresses comes as an AggregateError without a message. */
const describe = (error: unknown): string => {
  if (error instanceof AggregateError) return error.errors.map(describe).join("; ");
  return error instanceof Error ? error.message : String(error);
};

try {
  await main(process.argv.slice(2));
} catch (error) {
  tell(describe(error));
  if (error instanceof UsageError) tell(usage);
  process.exitCode = error instanceof UsageError ? 2 : 1;
}
