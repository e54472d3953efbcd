import type { Digest } from "../../domain/digest.ts";
import { readState } from "../../engine/read-log.ts";
import { environmentOf, type AppContext } from "../context.ts";
import { showDeployment } from "../history.ts";
import { readRelease } from "../releases.ts";

export interface MigrationStatus {
  environment: string;
  release: Digest | null;
  migrations: { name: string; state: "applied" | "held"; neededBy: Digest[] }[];
  /** What was proved when the release was deployed; null: nothing, or nothing changed. */
  wayBack: string | null;
}

/** What is in the schema as the log tells it, and what waits for which releases. Starts nothing and runs nothing. */
export const migrationStatus = async (context: AppContext, environment: string): Promise<MigrationStatus> => {
  environmentOf(context, environment);
  const { serving } = await readState(context.store, environment);
  const release = serving === null ? null : await readRelease(context.store, serving.release);
  if (serving === null || release === null)
    return { environment, release: null, migrations: [], wayBack: null };
  const { entries } = await showDeployment(context, environment, serving.deployment);
  const planned = entries.flatMap(({ events }) => events).find(({ type }) => type === "deployment-planned");
  const wayBack = planned?.type === "deployment-planned" ? planned.wayBack : null;
  const held = serving.held ?? [];
  return {
    environment,
    release: release.id,
    migrations: (release.migrations?.names ?? []).map((name) => ({
      name,
      state: held.includes(name) ? "held" : "applied",
      neededBy: held.includes(name) ? (wayBack?.database?.held?.neededBy ?? []) : [],
    })),
    wayBack: wayBack?.parts.find(({ part }) => part === "database")?.how ?? null,
  };
};
