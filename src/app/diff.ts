import type { Digest } from "../domain/digest.ts";
import type { FileTree } from "../domain/file-tree.ts";
import type { Release } from "../domain/release.ts";
import { diffReleases, type ReleaseDiff } from "../domain/release-diff.ts";
import { AppError } from "../domain/errors.ts";
import { environmentOf, type AppContext } from "./context.ts";

/** How `b` differs from `a`, down to the files. Throws ARTEFACT_MISSING when a manifest is gone. */
export const diffOfReleases = async (
  { artefacts }: AppContext,
  a: Release,
  b: Release,
): Promise<ReleaseDiff> => {
  const digests = [a, b]
    .flatMap((one) => [...Object.values(one.services), ...Object.values(one.sites)])
    .map(({ tree }) => tree);
  const trees = new Map<Digest, FileTree>();
  for (const digest of new Set(digests)) trees.set(digest, await artefacts.readTree(digest));
  return diffReleases(a, b, trees);
};

/**
 * Whether two names are environments to compare, and not releases. Throws ENVIRONMENT_UNKNOWN where one is and the other,
 * which is no release's id, is none; USAGE for one of each.
 */
export const areEnvironments = (context: AppContext, names: [string, string]): boolean => {
  const known = names.filter((name) => Object.hasOwn(context.app.environments, name));
  if (known.length !== 1) return known.length === 2;
  const other = names.find((name) => name !== known[0])!;
  if (!/^(r-)?[0-9a-f]+$/.test(other)) environmentOf(context, other);
  throw new AppError(
    "USAGE",
    `${known[0]} is an environment and ${other} a release: diff compares two of a kind.`,
    {
      hint: `switchback status ${known[0]}   shows the release there`,
    },
  );
};
