import { createHash } from "node:crypto";
import { createReadStream, lstatSync, readFileSync, renameSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { sha256, type Digest } from "../../domain/digest.ts";
import { AppError } from "../../domain/errors.ts";
import { machineFaultOf } from "../../domain/machine-fault.ts";
import type { FileTree, TreeEntry } from "../../domain/file-tree.ts";
import type { Artefacts } from "../../ports/artefacts.ts";
import { makeBlobStore, type BlobStore } from "./blob-store.ts";
import { damagedTree, decodeManifest, entriesOf, REBUILD_HINT } from "./manifest.ts";
import { materialise } from "./materialise.ts";
import { storeTree } from "./store-tree.ts";
import { errnoOf } from "./unwritable.ts";

export interface FileArtefactsOptions {
  /** Holds `blobs/`, `trees/` and `tmp/`; made at the first write. */
  folder: string;
  nowMs?: () => number;
}

/** File trees in a folder: `blobs/<2 hex>/<sha256>` holds every content once, `trees/<digest>.json` the manifests. */
export const makeFileArtefacts = ({ folder, nowMs = Date.now }: FileArtefactsOptions): Artefacts => {
  const home = resolve(folder);
  const blobs = makeBlobStore({ folder: home, nowMs });
  const readTree = async (digest: Digest): Promise<FileTree> => readManifest(blobs, digest);
  return {
    // One blob store a call: each waits for the names that it relies on itself.
    storeTree: (root, select) =>
      storeTree(makeBlobStore({ folder: home, nowMs }), { root, select, folder: home }),
    readTree,
    readBlob: (digest) => readBlob(blobs, digest),
    streamBlob: (digest) => streamBlob(blobs, digest),
    async materialise(digest, target) {
      const entries = entriesOf(await readTree(digest));
      const onDamaged = (path: string, entry: TreeEntry & { type: "file" }): never => {
        setAside(blobs.blobPath(entry.sha256));
        throw damagedBlob(entry.sha256, path);
      };
      await materialise({ entries, folder: target, blobPath: blobs.blobPath, onDamaged, nowMs });
    },
  };
};

const readManifest = (blobs: BlobStore, digest: Digest): FileTree => {
  checkName(digest);
  let bytes: Uint8Array;
  try {
    bytes = readFileSync(blobs.treePath(digest));
  } catch (error) {
    throw errnoOf(error) === "ENOENT" ? damagedTree(digest, "it is not there") : toReadError(digest, error);
  }
  try {
    return decodeManifest(bytes, digest);
  } catch (error) {
    if (sha256(bytes) !== digest) setAside(blobs.treePath(digest));
    throw error;
  }
};

const readBlob = async (blobs: BlobStore, digest: Digest): Promise<Uint8Array> => {
  checkName(digest);
  let bytes: Uint8Array;
  try {
    bytes = await readFile(blobs.blobPath(digest));
  } catch (error) {
    throw errnoOf(error) === "ENOENT" ? damagedBlob(digest) : toReadError(digest, error);
  }
  if (sha256(bytes) === digest) return bytes;
  setAside(blobs.blobPath(digest));
  throw damagedBlob(digest);
};

const PIECE_BYTES = 1 << 18;

async function* streamBlob(blobs: BlobStore, digest: Digest): AsyncGenerator<Uint8Array> {
  checkName(digest);
  const whole = createHash("sha256");
  let held: Uint8Array | null = null;
  try {
    const stream = createReadStream(blobs.blobPath(digest), { highWaterMark: PIECE_BYTES });
    for await (const piece of stream as AsyncIterable<Uint8Array>) {
      whole.update(piece);
      if (held !== null) yield held;
      held = piece;
    }
  } catch (error) {
    throw errnoOf(error) === "ENOENT" ? damagedBlob(digest) : toReadError(digest, error);
  }
  if (whole.digest("hex") !== digest) {
    setAside(blobs.blobPath(digest));
    throw damagedBlob(digest);
  }
  if (held !== null) yield held;
}

/**
 * Takes a damaged object's name away, so that the next build writes the true content. A store that cannot be written keeps
 * it; the error that the caller is about to throw is the same.
 */
const setAside = (path: string): void => {
  try {
    if (lstatSync(path, { throwIfNoEntry: false }) !== undefined) renameSync(path, `${path}.damaged`);
  } catch (error) {
    if (errnoOf(error) === null) throw error;
  }
};

// A digest becomes a file name.
const checkName = (digest: Digest): void => {
  if (!/^[0-9a-f]{64}$/.test(digest)) {
    throw new AppError("ARTEFACT_MISSING", `${JSON.stringify(digest)} is no artefact's digest`);
  }
};

const damagedBlob = (digest: Digest, path?: string): AppError =>
  new AppError(
    "ARTEFACT_MISSING",
    `The content${path === undefined ? "" : ` of ${path}`} is not in the store, or is damaged (${digest})`,
    {
      hint: REBUILD_HINT,
      context: { digest, ...(path === undefined ? {} : { path }) },
    },
  );

const toReadError = (digest: Digest, error: unknown): AppError =>
  new AppError(
    "ARTEFACT_MISSING",
    `The artefact ${digest} cannot be read: ${machineFaultOf(error)?.what ?? "the system refused"}`,
    {
      hint:
        machineFaultOf(error)?.hint ?? "look at the store's folder and its disk, then run the command again",
      context: { digest },
      cause: error,
    },
  );
