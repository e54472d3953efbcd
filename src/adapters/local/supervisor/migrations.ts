import { Client } from "pg";
import type { RevisionSpec } from "../../../domain/revision.ts";
import type { CommandResult, MigrationCommand, MigrationResult } from "../../../ports/platform.ts";
import { readLeftovers, readSchemaMark } from "../../../postgres/migrating/leftovers.ts";
import { endOrphans, takeTurn } from "../../../postgres/migrating/turn.ts";
import { runNamed } from "./commands.ts";
import type { EffectContext } from "./effects.ts";
import type { Environment } from "./environment.ts";

const TURN_WITHIN_MS = 60_000;

/** The server's own words for SQLSTATE 55P03, which tools pass on in one form or the other. */
const LOCK_TIMEOUT = /\b55P03\b|canceling statement due to lock timeout/i;

/**
 * Runs a migration command alone on its database. The turn is the session's that is held here: it ends with the supervisor,
 * as the command does. Sessions of a command that was killed before are ended first, so that none of them goes on beside
 * this one.
 */
export const runMigration = async (
  environment: Environment,
  { command, limits, spec }: MigrationCommand & { spec: RevisionSpec },
  context: EffectContext,
): Promise<MigrationResult> => {
  const { deps, name } = environment;
  const { deployment, signal, report } = context;
  const { backing } = environment.state();
  const url = backing === null ? null : await deps.backing.migrationUrl(name, backing, limits);
  const run = { command, spec, name: `migrate.${deployment}` };
  if (url === null) return withoutDatabase(await runNamed(environment, run, context));
  const client = new Client({
    connectionString: url,
    application_name: `switchback ${deployment} of ${name}`,
  });
  client.on("error", () => {});
  await client.connect();
  try {
    await client.query("SET statement_timeout = 0");
    const turn = { clock: deps.boot.clock, signal, waitMs: TURN_WITHIN_MS, onWaiting: report };
    await takeTurn(client, turn);
    const orphans = await endOrphans(client);
    if (orphans > 0) report(`${orphans} sessions of a migration that was killed were ended`);
    const before = await readSchemaMark(client);
    const given = (await deps.backing.ensure(name, backing!)).databaseUrl;
    const result = await runNamed(
      environment,
      { ...run, adjust: { change: withLogin({ given, url, limits }), hidden: [passwordOf(url)] } },
      context,
    );
    const failed = result.exitCode !== 0;
    return {
      ...result,
      lockTimeout: failed && LOCK_TIMEOUT.test(result.lines.join("\n")),
      changedSchema: failed && (await readSchemaMark(client)) !== before,
      leftovers: await readLeftovers(client),
    };
  } finally {
    await client.end().catch(() => {});
  }
};

const withoutDatabase = (result: CommandResult & { log: string }): MigrationResult => ({
  ...result,
  lockTimeout: false,
  changedSchema: false,
  leftovers: [],
});

const passwordOf = (url: string): string => decodeURIComponent(new URL(url).password);

/**
 * The command's address becomes the login that has the limits. An app that is given an address of its own, by a setting or a
 * secret, keeps it: PGOPTIONS says the limits to every driver that reads libpq's variables.
 */
const withLogin =
  (login: { given: string | null; url: string; limits: MigrationCommand["limits"] }) =>
  (env: Record<string, string>): Record<string, string> => {
    const { given, url, limits } = login;
    const ours = Object.entries(env).filter(([, value]) => value === given);
    if (ours.length > 0) return { ...env, ...Object.fromEntries(ours.map(([key]) => [key, url])) };
    const options = `-c lock_timeout=${limits.lockTimeoutMs} -c statement_timeout=${limits.statementTimeoutMs}`;
    return { ...env, PGOPTIONS: [env["PGOPTIONS"], options].filter((text) => text !== undefined).join(" ") };
  };
