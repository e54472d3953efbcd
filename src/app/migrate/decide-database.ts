import type { Binding } from "../../domain/binding.ts";
import type { EnvironmentState, Serving } from "../../domain/environment-state.ts";
import type { DatabaseProof, DatabaseSteps } from "../../domain/plan.ts";
import type { Release } from "../../domain/release.ts";
import { migrationNeed, migrationRun, type MigrationNeed } from "../../planner/migrations.ts";
import type { Platform } from "../../ports/platform.ts";
import type { Report } from "../../ports/reporter.ts";
import type { AppContext } from "../context.ts";
import { proveBack } from "./prove-back.ts";
import { proveForward } from "./prove-forward.ts";
import { migratingOf } from "./rehearse-pair.ts";

export interface DatabaseRequest {
  environment: string;
  release: Release;
  binding: Binding;
  stable: Release | null;
  state: Pick<EnvironmentState, "serving" | "earlier">;
  /** Names of the applied migrations, when the platform told them. */
  applied: string[] | null;
  platform: Platform | null;
  /** A person's reason to go on where nothing was proved. */
  noWayBack: string | null;
  acceptDataLoss: boolean;
  report: Report;
  signal: AbortSignal;
}

export interface DatabaseDecision {
  steps: DatabaseSteps;
  /** Null: nothing of the database changes. */
  wayBack: { how: string; proof: DatabaseProof } | null;
}

/**
 * What a deployment does to the database, and what is proved of the way back. Rehearses when a migration is pending or the
 * schema is ahead of the release; nothing of the target is changed. Throws MIGRATION_BLOCKED, MIGRATION_HELD,
 * MIGRATION_UNREHEARSED, NO_DATABASE_WAY_BACK, DATA_WOULD_BE_LOST.
 */
export const decideDatabase = async (
  context: AppContext,
  request: DatabaseRequest,
): Promise<DatabaseDecision> => {
  const { release, stable, applied } = request;
  const need = migrationNeed({ to: release, stable, applied });
  if (need.type === "none" || need.type === "first" || !migratingOf(context).rehearse.enabled)
    return unproved(context, request, need);
  if (need.type === "forward")
    return proveForward(context, { ...request, stable: stable!, serving: request.state.serving!, ...need });
  return proveBack(context, { ...request, stable: stable!, serving: request.state.serving! });
};

/** Of a request whose environment serves something. */
export type ServedRequest = DatabaseRequest & { stable: Release; serving: Serving };

const unproved = (
  context: AppContext,
  { release }: DatabaseRequest,
  need: MigrationNeed,
): DatabaseDecision => {
  const names = release.migrations?.names ?? [];
  const { limits } = migratingOf(context);
  const steps = { up: migrationRun({ names, held: [], limits, rehearsal: null }), down: null };
  if (need.type === "none" || need.type === "first") return { steps, wayBack: null };
  const because = "rehearsals are turned off: database.migrations.rehearse is false";
  return {
    steps,
    wayBack: {
      how: "stays, unproved: rehearsals are turned off",
      proof: { rehearsal: null, verdict: null, how: "stay", because, noWayBack: null, held: null },
    },
  };
};
