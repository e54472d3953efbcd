import type { Digest } from "../domain/digest.ts";
import type { FileTree } from "../domain/file-tree.ts";
import type { Release } from "../domain/release.ts";
import { diffReleases, type ReleaseDiff } from "../domain/release-diff.ts";
import type { AppContext } from "./context.ts";

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
