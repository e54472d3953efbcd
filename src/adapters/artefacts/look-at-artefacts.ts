import { createReadStream, lstatSync, readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Digest } from "../../domain/digest.ts";
import type { StoredArtefact, WantedArtefact } from "../../ports/inspector.ts";
import { listTree } from "./list-tree.ts";
import { makeBlobStore } from "./blob-store.ts";
import { encodeManifest, treeOf } from "./manifest.ts";
import { surveyTree } from "./store-tree.ts";
import { makeTimeSlice } from "./time-slice.ts";
import { errnoOf } from "./unwritable.ts";
import { digestOfFile } from "./verify-tree.ts";

export interface ArtefactFolders {
  /** Of the store. */
  folder: string;
  /** Where the supervisor writes trees out, each in a folder that its digest names. */
  writtenOut: string;
  /** Of the project's services and sites, in which sources and build outputs lie. */
  outputs: string[];
}

/** Every object below `blobs/` and `trees/`, its bytes checked. Nothing is renamed, removed or written. */
export const artefactsIn = async (folder: string): Promise<StoredArtefact[]> => {
  const found: StoredArtefact[] = [];
  const slice = makeTimeSlice();
  const check = async (kind: "tree" | "file", digest: Digest, path: string): Promise<void> => {
    await slice();
    found.push({ kind, digest, state: await stateOf(path, digest) });
  };
  for (const name of namesIn(join(folder, "trees"))) {
    const [, digest] = /^([0-9a-f]{64})\.json$/.exec(name) ?? [];
    if (digest !== undefined) await check("tree", digest, join(folder, "trees", name));
  }
  for (const part of namesIn(join(folder, "blobs")))
    for (const name of namesIn(join(folder, "blobs", part)))
      if (/^[0-9a-f]{64}$/.test(name)) await check("file", name, join(folder, "blobs", part, name));
  return found;
};

const stateOf = async (path: string, digest: Digest): Promise<StoredArtefact["state"]> => {
  try {
    const { size } = lstatSync(path);
    return (await digestOfFile(path, size)) === digest ? "whole" : "damaged";
  } catch (error) {
    if (errnoOf(error) === null) throw error;
    return "unreadable";
  }
};

const namesIn = (folder: string): string[] => {
  try {
    return readdirSync(folder).sort();
  } catch (error) {
    if (["ENOENT", "ENOTDIR"].includes(errnoOf(error) ?? "")) return [];
    throw error;
  }
};

/** A file with exactly the wanted bytes; for a manifest, a folder that holds exactly its tree. Null: none is known. */
export const findArtefact = async (
  { writtenOut, outputs }: Pick<ArtefactFolders, "writtenOut" | "outputs">,
  { kind, digest, places }: WantedArtefact,
): Promise<string | null> => {
  const candidates =
    kind === "tree"
      ? [join(writtenOut, digest)]
      : places.flatMap(({ tree, path }) => [
          join(writtenOut, tree, path),
          ...outputs.map((output) => join(output, path)),
        ]);
  for (const candidate of new Set(candidates)) if (await holds(candidate, kind, digest)) return candidate;
  return null;
};

const holds = async (path: string, kind: "tree" | "file", digest: Digest): Promise<boolean> => {
  try {
    if (kind === "tree") return (await manifestOf(path)).digest === digest;
    return (await digestOfFile(path, lstatSync(path).size)) === digest;
  } catch {
    // Not there, not readable, or nothing that can be a tree: then the bytes are not here.
    return false;
  }
};

const manifestOf = async (root: string) =>
  encodeManifest(treeOf(await surveyTree(root, await listTree(root))));

/** Writes the object from where it was found; its bytes are checked on the way. False: they are not there any more. */
export const putArtefact = async (
  folder: string,
  { kind, digest, from }: { kind: "tree" | "file"; digest: Digest; from: string },
): Promise<boolean> => {
  const blobs = makeBlobStore({ folder, nowMs: Date.now });
  const put = async (final: string, bytes: AsyncIterable<Uint8Array>): Promise<boolean> => {
    const written = await blobs.replaceStream(bytes, (found) => (found === digest ? final : null));
    await blobs.settle();
    return written;
  };
  if (kind === "file") {
    if (!(await holds(from, kind, digest))) return false;
    return put(blobs.blobPath(digest), createReadStream(from));
  }
  const { text, digest: found } = await manifestOf(from);
  if (found !== digest) return false;
  return put(blobs.treePath(digest), one(Buffer.from(text)));
};

async function* one(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield await Promise.resolve(bytes);
}

/** Beside a whole object: what was found damaged earlier and moved away. With drafts of writers that were killed. */
export const leftoversIn = (folder: string): { path: string; modifiedMs: number }[] => {
  const paths = [
    ...namesIn(join(folder, "tmp")).map((name) => join(folder, "tmp", name)),
    ...namesIn(join(folder, "trees")).map((name) => join(folder, "trees", name)),
    ...namesIn(join(folder, "blobs")).flatMap((part) =>
      namesIn(join(folder, "blobs", part)).map((name) => join(folder, "blobs", part, name)),
    ),
  ].filter((path) => path.endsWith(".damaged") || dirname(path) === join(folder, "tmp"));
  return paths.flatMap((path) => {
    const stats = lstatSync(path, { throwIfNoEntry: false });
    return stats === undefined ? [] : [{ path, modifiedMs: stats.mtimeMs }];
  });
};
