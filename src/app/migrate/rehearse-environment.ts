import { AppError } from "../../domain/errors.ts";
import type { Rehearsal } from "../../domain/rehearsal.ts";
import type { Release } from "../../domain/release.ts";
import { shortReleaseId } from "../../domain/release.ts";
import { readState } from "../../engine/read-log.ts";
import { bindRelease } from "../bind.ts";
import { environmentOf, type AppContext } from "../context.ts";
import { readRelease, resolveRelease } from "../releases.ts";
import { rehearsePair } from "./rehearse-pair.ts";

export interface EnvironmentRehearsal {
  environment: string;
  /** The release whose migrations are rehearsed. */
  to: Release;
  /** A release as a person names it; "live": what serves, as it is now; null: what serves. */
  from: string | null;
  signal: AbortSignal;
  onProgress: (text: string) => void;
}

/**
 * Rehearses a release for an environment, or finds the recorded rehearsal of the same. Changes nothing of the environment;
 * it is asked only for its schema, when it is up. Throws NOTHING_DEPLOYED for `from: "live"` where nothing serves.
 */
export const rehearseEnvironment = async (
  context: AppContext,
  { environment, to, from, signal, onProgress }: EnvironmentRehearsal,
): Promise<{ rehearsal: Rehearsal; reused: boolean }> => {
  const definition = environmentOf(context, environment);
  const { serving } = await readState(context.store, environment);
  const earlier = await earlierOf(context, { environment, from, serving });
  const binding = (release: Release) =>
    bindRelease({ app: context.app, definition, release, secretVersions: {} });
  const platform = await context.platform(environment, { start: false });
  try {
    const isServing = earlier !== null && earlier.id === serving?.release;
    const live = isServing && platform !== null ? await platform.databaseReader({ signal }) : null;
    if (from === "live" && live === null)
      throw new AppError("NOTHING_DEPLOYED", `The database of ${environment} cannot be read: it is not up.`, {
        hint: `switchback up, or leave out --from live: the recorded schema is rehearsed then`,
      });
    return await rehearsePair(context, {
      environment,
      from:
        earlier === null
          ? null
          : { release: earlier, binding: isServing ? serving.binding : binding(earlier) },
      to: { release: to, binding: binding(to) },
      upTo: null,
      live,
      signal,
      onProgress,
    });
  } finally {
    await platform?.close();
  }
};

const earlierOf = async (
  context: AppContext,
  request: {
    environment: string;
    from: string | null;
    serving: { release: string } | null;
  },
): Promise<Release | null> => {
  const { environment, from, serving } = request;
  if (from !== null && from !== "live") return resolveRelease(context, from);
  if (serving === null && from === "live")
    throw new AppError("NOTHING_DEPLOYED", `${environment} serves no release yet.`, {
      hint: `switchback migrate rehearse ${environment}`,
    });
  const release = serving === null ? null : await readRelease(context.store, serving.release);
  if (serving !== null && release === null)
    throw new AppError("RELEASE_UNKNOWN", `${shortReleaseId(serving.release)} is not in the store.`);
  return release;
};
