import type { DeploymentSummary } from "../../domain/environment-state.ts";
import { shortReleaseId } from "../../domain/release.ts";
import { formatDuration } from "./duration.ts";
import { localDate } from "./local-time.ts";
import type { Look } from "./look.ts";
import { table } from "./table.ts";

/** Past deployments, newest first. */
export const renderHistory = (look: Look, deployments: DeploymentSummary[]): string[] =>
  deployments.length === 0
    ? ["no deployments yet"]
    : table(
        look,
        ["deployment", "what", "release", "outcome", "took", "when", "who"],
        deployments.map((one) => [
          one.id,
          one.action,
          shortReleaseId(one.release),
          one.error === null ? one.outcome : `${one.outcome} (${one.error.code})`,
          formatDuration(one.durationMs),
          localDate(one.startedAt),
          one.actor,
        ]),
      );
