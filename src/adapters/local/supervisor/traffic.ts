import { AppError } from "../../../domain/errors.ts";
import type { RevisionId } from "../../../domain/revision.ts";
import type { Environment } from "./environment.ts";
import { stagedRevision } from "./instances.ts";

/** New requests go by these percents when this resolves: all of them, or as before. */
export const setWeights = async (
  environment: Environment,
  { service, weights }: { service: string; weights: Record<RevisionId, number> },
): Promise<void> => {
  const routed = Object.fromEntries(Object.entries(weights).filter(([, percent]) => percent > 0));
  const sum = Object.values(routed).reduce((total, percent) => total + percent, 0);
  if (Object.keys(routed).length > 0 && Math.abs(sum - 100) > 0.001)
    throw new AppError("BUG", `the weights of ${service} sum to ${sum}, not to 100`, {
      context: { service, weights },
    });
  for (const revision of Object.keys(routed)) stagedRevision(environment.state(), service, revision);
  await environment.change((state) => {
    const found = state.services[service] ?? { revisions: {}, weights: {} };
    const revisions = Object.fromEntries(
      Object.entries(found.revisions).map(([id, revision]) => [
        id,
        Object.hasOwn(routed, id) ? { ...revision, warmUntilMs: null } : revision,
      ]),
    );
    return { ...state, services: { ...state.services, [service]: { revisions, weights: routed } } };
  });
};
