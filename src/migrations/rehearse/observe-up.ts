import type { CommandResult } from "../../ports/platform.ts";
import { dumpSchema } from "../catalog/dump-schema.ts";
import type { SchemaScript } from "../catalog/types.ts";
import { startRelay } from "../relay/start-relay.ts";
import type { Observation } from "../relay/types.ts";
import { attribute } from "./attribute.ts";
import { readMigrationFiles, type MigrationFile } from "./migration-files.ts";
import { TARGET, type Target } from "./restore-target.ts";
import { takeSnapshot, type Snapshot } from "./snapshot.ts";
import type { Stage } from "./stage.ts";

export const MIGRATED = "migrated";

export interface ObservedUp {
  result: CommandResult;
  /** What ran, or was to run, in order. */
  names: string[];
  /** The migrations that are in now, oldest first. */
  applied: string[];
  after: Snapshot;
  /** By name. */
  observed: Record<string, Observation>;
  files: Map<string, MigrationFile>;
  /** `schema.name` of the tool's own tables. */
  bookkeeping: string[];
}

/** The new release's own command on a copy of the target, with every statement held open and looked at. */
export const observeUp = async (stage: Stage, target: Target): Promise<ObservedUp> => {
  const { databases, deps, request, server, tool } = stage;
  const pending = pendingOf(stage, target.applied);
  await databases.copy(TARGET, MIGRATED);
  const relay = await startRelay({ server, mode: "locks", signal: deps.signal, clock: deps.clock });
  let result: CommandResult;
  let observation: Observation;
  try {
    result = await tool.up(relay.url(databases.url(MIGRATED)), pending);
    observation = relay.observed();
  } finally {
    await relay.close();
  }
  const applied = await tool.status(databases.url(MIGRATED));
  const after = await databases.with(MIGRATED, (client) => takeSnapshot(client, stage.names));
  const fresh = applied.filter((name) => !target.applied.includes(name));
  const names =
    result.exitCode === 0 ? fresh : [...fresh, ...pending.filter((name) => !fresh.includes(name))];
  const service = request.to.services[tool.migrations.service];
  const files = readMigrationFiles(
    service === undefined ? [] : await deps.host.files(service.tree, tool.migrations.folder),
  );
  const tables = [...target.before.bookkeeping, ...after.bookkeeping];
  const bookkeeping = [...new Set(tables.map(({ table }) => table))];
  const ledgers = [...new Set(tables.filter(({ role }) => role === "ledger").map(({ table }) => table))];
  const texts = Object.fromEntries(
    [...files].flatMap(([name, { up }]) => (up === null ? [] : [[name, up.text]])),
  );
  const observed = attribute({ observation, names, ledgers, bookkeeping, texts });
  return { result, names, applied, after, observed, files, bookkeeping };
};

/** What is to run: all that is not in, or no further than is wanted. */
const pendingOf = ({ tool, request }: Stage, applied: string[]): string[] => {
  const pending = tool.migrations.names.filter((name) => !applied.includes(name));
  const last = request.upTo === null ? -1 : pending.indexOf(request.upTo);
  return last < 0 ? pending : pending.slice(0, last + 1);
};

/** The schema with which the release ends, to begin the next rehearsal with; sizes are the target's, as far as they are known. */
export const scriptOf = async (
  { databases }: Stage,
  { bookkeeping }: ObservedUp,
  { statistics }: Target,
): Promise<SchemaScript> => {
  const script = await databases.with(MIGRATED, (client) => dumpSchema(client, { bookkeeping }));
  return { ...script, statistics: statistics ?? [] };
};
