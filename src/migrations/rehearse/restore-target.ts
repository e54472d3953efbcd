import pg from "pg";
import { AppError, toAppError } from "../../domain/errors.ts";
import { restoreSchema } from "../catalog/restore-schema.ts";
import { seedRows } from "../catalog/seed-rows.ts";
import type { TableStatistics } from "../catalog/types.ts";
import { findBookkeeping } from "./bookkeeping.ts";
import { takeSnapshot, type Snapshot } from "./snapshot.ts";
import type { Stage } from "./stage.ts";
import { lastWord } from "./tool.ts";

/** Enough for duplicates and nulls to be among them, few enough to cost nothing. */
const SEED_ROWS = 100;

export const TARGET = "target";

export interface Target {
  before: Snapshot;
  /** Names of the migrations that are in, oldest first. */
  applied: string[];
  statistics: TableStatistics[] | null;
}

/** The database `target` is as the environment's own: its schema, its bookkeeping, and rows like its rows. Nobody changes it afterwards. */
export const restoreTarget = async (stage: Stage): Promise<Target> => {
  const { databases, request, tool, names } = stage;
  const { start } = request;
  await databases.create(TARGET);
  const statistics = statisticsOf(stage);
  if (start.type === "replayed") await replay(stage);
  const before = await databases.with(TARGET, async (client) => {
    if ("script" in start) await restoreSchema(client, start.script);
    const skip = (await findBookkeeping(client, names)).map(({ table }) => table);
    if (start.type !== "empty")
      await seedRows(client, { rows: SEED_ROWS, skip, ...(statistics === null ? {} : { statistics }) });
    return takeSnapshot(client, names);
  });
  return { before, applied: await tool.status(databases.url(TARGET)), statistics };
};

const statisticsOf = ({ request: { statistics, start } }: Stage): TableStatistics[] | null =>
  statistics ?? ("script" in start && start.script.statistics.length > 0 ? start.script.statistics : null);

const replay = async ({ earlierTool, databases, request }: Stage): Promise<void> => {
  if (earlierTool === null) return;
  const { names } = earlierTool.migrations;
  const result = await earlierTool.up(databases.url(TARGET), names);
  if (result.exitCode === 0) return;
  throw new AppError(
    "REHEARSAL_IMPOSSIBLE",
    `the earlier release's migrations do not run on an empty database: ${lastWord(result)}`,
    {
      hint: `rehearse with the schema of a running environment: switchback migrate rehearse ${request.environment.name}`,
      context: { command: earlierTool.migrations.up, lines: result.lines.slice(-20) },
    },
  );
};

/** Whatever stopped a rehearsal, as an error for people. What PostgreSQL refused is about the target; the rest is a bug of ours. */
export const toRehearsalError = (error: unknown): AppError => {
  if (!(error instanceof pg.DatabaseError)) return toAppError(error);
  return new AppError("REHEARSAL_IMPOSSIBLE", `the rehearsal stopped: ${error.message} (${error.code})`, {
    hint: "look at the message; where it names something that only the target has, rehearse with another schema",
    cause: error,
  });
};
