import { chmod, mkdir, readdir, rename, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import type { Digest } from "../../../domain/digest.ts";
import type { FileTree } from "../../../domain/file-tree.ts";
import type { Artefacts } from "../../../ports/artefacts.ts";
import { translateWriteError } from "../durable-file.ts";

export interface Tree {
  root: string;
  tree: FileTree;
}

/** File trees written out once and shared by all environments of the project. */
export interface Trees {
  /** The tree is on disk when this resolves. */
  ensure(digest: Digest): Promise<Tree>;
  /** What `ensure` found before; undefined when it was never asked. */
  known(digest: Digest): Tree | undefined;
  /** Removes what is not in `keep`, read when no `ensure` is under way. */
  sweep(keep: () => Set<Digest>): Promise<void>;
}

const REMOVING = ".removing-";

const removeReadOnly = async (folder: string): Promise<void> => {
  await chmod(folder, 0o700);
  for (const entry of await readdir(folder, { withFileTypes: true }))
    if (entry.isDirectory()) await removeReadOnly(join(folder, entry.name));
  await rm(folder, { recursive: true, force: true });
};

export const makeTrees = ({ folder, artefacts }: { folder: string; artefacts: Artefacts }): Trees => {
  const cache = new Map<Digest, Tree>();
  let turn: Promise<unknown> = Promise.resolve();
  // One at a time: a sweep must not remove what is being staged.
  const inTurn = <T>(run: () => Promise<T>): Promise<T> => {
    const result = turn.then(run);
    turn = result.catch(() => undefined);
    return result;
  };

  const ensure = async (digest: Digest): Promise<Tree> => {
    const root = join(folder, digest);
    const found = cache.get(digest);
    if (found !== undefined && (await stat(root).catch(() => null))?.isDirectory() === true) return found;
    try {
      await mkdir(folder, { recursive: true });
      const tree = await artefacts.readTree(digest);
      // Also when it is there: the first use after a start checks every byte, as a power cut may have damaged it.
      await artefacts.materialise(digest, root);
      cache.set(digest, { root, tree });
      return { root, tree };
    } catch (error) {
      throw translateWriteError(error, root);
    }
  };

  const sweep = async (keep: Set<Digest>): Promise<void> => {
    for (const digest of cache.keys()) if (!keep.has(digest)) cache.delete(digest);
    for (const name of await readdir(folder).catch(() => [])) {
      if (keep.has(name)) continue;
      const path = join(folder, name);
      const aside = name.startsWith(REMOVING) ? path : join(folder, `${REMOVING}${name}`);
      // It vanishes at once: a half-removed tree must never pass for a whole one after a crash.
      if (aside !== path) await rename(path, aside);
      await removeReadOnly(aside);
    }
  };

  return {
    ensure: (digest) => inTurn(() => ensure(digest)),
    known: (digest) => cache.get(digest),
    sweep: (keep) => inTurn(() => sweep(keep())),
  };
};
