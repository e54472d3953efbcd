import { digestOf, type Digest } from "../../domain/digest.ts";
import { isAppError } from "../../domain/errors.ts";
import type { FileTree } from "../../domain/file-tree.ts";
import type { Artefacts } from "../../ports/artefacts.ts";
import { readCache, writeCache } from "./cache-file.ts";
import type { Part } from "./parts.ts";

export interface Output {
  digest: Digest;
  tree: FileTree;
}

/** What the build of each part made of which inputs. A cache that is lost costs a build and nothing else. */
export interface PartCache {
  /** What a build of these inputs made before, if the store still has it. */
  find(part: Part): Promise<Output | null>;
  keep(part: Part, output: Output): void;
  save(): void;
}

export interface PartCacheOptions {
  file: string;
  artefacts: Pick<Artefacts, "readTree">;
  /** Of the release; those of a part begin with its key. */
  inputs: Record<string, Digest>;
}

/** Enough to go between a few branches. */
const KEPT = 8;

type Remembered = [inputs: Digest, tree: Digest];

export const makePartCache = ({ file, artefacts, inputs }: PartCacheOptions): PartCache => {
  const known = new Map((readCache(file) ?? []) as [string, Remembered[]][]);
  const inputsOf = ({ key }: Part): Digest =>
    digestOf(Object.fromEntries(Object.entries(inputs).filter(([name]) => name.startsWith(`${key}:`))));
  return {
    async find(part) {
      const mine = inputsOf(part);
      const digest = known.get(part.key)?.find(([of]) => of === mine)?.[1];
      if (digest === undefined) return null;
      try {
        return { digest, tree: await artefacts.readTree(digest) };
      } catch (error) {
        // Removed from the store, or damaged there: building it again mends that.
        if (isAppError(error, "ARTEFACT_MISSING")) return null;
        throw error;
      }
    },
    keep(part, { digest }) {
      const mine = inputsOf(part);
      const others = (known.get(part.key) ?? []).filter(([of]) => of !== mine);
      known.set(part.key, [[mine, digest] as Remembered, ...others].slice(0, KEPT));
    },
    save: () => writeCache(file, [...known]),
  };
};
