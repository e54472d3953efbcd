import type { Binding } from "../../domain/binding.ts";
import type { EnvironmentState } from "../../domain/environment-state.ts";
import type { Release } from "../../domain/release.ts";
import type { AppContext } from "../context.ts";
import { readRelease } from "../releases.ts";

export interface ReachedRelease {
  release: Release;
  binding: Binding;
}

/**
 * What a rollback after the next deployment may go to without a name: what serves, and what served before it and was not
 * rolled back. Newest first, each release once.
 */
export const inReach = async (
  { store }: Pick<AppContext, "store">,
  { serving, earlier }: Pick<EnvironmentState, "serving" | "earlier">,
): Promise<ReachedRelease[]> => {
  const ways = [serving, ...earlier.filter(({ rolledBack }) => !rolledBack).slice(0, 1)];
  const found = new Map<string, ReachedRelease>();
  for (const way of ways) {
    const release = way === null || found.has(way.release) ? null : await readRelease(store, way.release);
    if (release !== null) found.set(release.id, { release, binding: way!.binding });
  }
  return [...found.values()];
};
