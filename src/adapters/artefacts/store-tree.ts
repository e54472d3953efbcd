import { lstatSync, readlinkSync, realpathSync, type Stats } from "node:fs";
import { sha256, type Digest } from "../../domain/digest.ts";
import { AppError } from "../../domain/errors.ts";
import type { FileTree, TreeEntry } from "../../domain/file-tree.ts";
import type { BlobStore } from "./blob-store.ts";
import { encodeManifest, treeOf } from "./manifest.ts";
import {
  isUnchanged,
  readPiece,
  readWhole,
  takeStable,
  unreadable,
  unsupported,
  type SourceFile,
} from "./source-file.ts";
import { makeTimeSlice } from "./time-slice.ts";
import { treeFault } from "./tree-fault.ts";
import { foldersAbove, parentOf, pathFault } from "./tree-path.ts";
import { unwritable } from "./unwritable.ts";
import { digestOfFile } from "./verify-tree.ts";

/** Up to this size a file is read at once; above, it streams. */
const WHOLE_BYTES = 1 << 20;
const PIECE_BYTES = 1 << 18;
/** Files in hand at once: enough that the disk merges their syncs, few enough for any limit on open files. */
const WORKERS = 16;

export interface StoreTreeOptions {
  root: string;
  select: string[];
  folder: string;
}

/**
 * Stores the selected files, links and folders of `root`; the manifest is written last, so a tree in the store always has
 * its blobs. A crash or an error leaves at most blobs that a later run uses.
 */
export const storeTree = async (blobs: BlobStore, { root, select, folder }: StoreTreeOptions) => {
  const real = realRoot(root);
  const { entries, files } = await survey(real, select);
  const fault = treeFault(entries);
  if (fault !== null) throw treeError(fault.code, fault.path, fault.why);
  try {
    blobs.sweep();
    await storeFiles(blobs, { root: real, files, entries });
    const tree: FileTree = treeOf(entries);
    const { text, digest } = encodeManifest(tree);
    await blobs.settle();
    await blobs.put(blobs.treePath(digest), Buffer.from(text));
    await blobs.settle();
    return { digest, tree };
  } catch (error) {
    throw unwritable(folder, error);
  }
};

const realRoot = (root: string): string => {
  try {
    return realpathSync(root);
  } catch (error) {
    throw unreadable(root, error);
  }
};

/** The entries that storing these paths would give, each file's digest with them. Stores nothing. */
export const surveyTree = async (root: string, select: string[]): Promise<Map<string, TreeEntry>> => {
  const real = realRoot(root);
  const { entries, files } = await survey(real, select);
  for (const { path, bytes } of files) {
    const sha = await digestOfFile(`${real}/${path}`, bytes);
    if (sha === null) throw unsupported(path, "it changed while it was read");
    const { mode } = statOf(real, path);
    entries.set(path, { type: "file", sha256: sha, bytes, executable: (mode & 0o100) !== 0 });
  }
  return entries;
};

/** What every selected path is. Files come with an empty digest, which `storeFiles` fills in. */
const survey = async (root: string, select: string[]) => {
  const slice = makeTimeSlice();
  const entries = new Map<string, TreeEntry>();
  const files: { path: string; bytes: number }[] = [];
  // Globs name folders with a slash at their end.
  const paths = [...new Set(select.map((path) => (path === "/" ? path : path.replace(/\/$/, ""))))].sort();
  for (const path of paths) {
    const why = pathFault(path);
    if (why !== null) throw treeError("PATH_ESCAPES", path, `the path cannot be used: ${why}`);
  }
  const above = foldersAbove(paths);
  checkFolders(root, above);
  for (const path of paths) {
    await slice();
    const stats = statOf(root, path);
    if (stats.isFile()) {
      entries.set(path, { type: "file", sha256: "", bytes: stats.size, executable: false });
      files.push({ path, bytes: stats.size });
    } else if (stats.isSymbolicLink()) {
      entries.set(path, { type: "link", target: targetOf(root, path) });
    } else if (!stats.isDirectory()) {
      throw unsupported(path, "it is a socket, a pipe or a device", "leave it out of the files");
    } else if (!above.has(path)) {
      entries.set(path, { type: "folder" });
    }
  }
  return { entries, files };
};

/** A folder on the way to a selected path must be a folder, not a link to one: what lies below a link may lie anywhere. */
const checkFolders = (root: string, folders: Set<string>): void => {
  for (const path of folders) {
    const stats = statOf(root, path);
    if (stats.isSymbolicLink()) {
      const real = realpathOf(root, path);
      const why = `the selected files lie below a link, to ${real}`;
      throw treeError(real.startsWith(`${root}/`) ? "TREE_UNSUPPORTED" : "PATH_ESCAPES", path, why);
    }
    if (!stats.isDirectory()) throw unsupported(path, "it is no folder, and other paths lie below it");
  }
};

const statOf = (root: string, path: string): Stats => {
  try {
    return lstatSync(`${root}/${path}`);
  } catch (error) {
    throw unreadable(path, error);
  }
};

const realpathOf = (root: string, path: string): string => {
  try {
    return realpathSync(`${root}/${path}`);
  } catch (error) {
    throw unreadable(path, error);
  }
};

const targetOf = (root: string, path: string): string => {
  try {
    const bytes = readlinkSync(`${root}/${path}`, "buffer");
    const target = bytes.toString("utf8");
    if (!Buffer.from(target).equals(bytes)) throw unsupported(path, "the link's target is not UTF-8");
    const parent = parentOf(path);
    const folder = parent === "" ? root : `${root}/${parent}`;
    // Read the link first, then see that it was read where it was said to be.
    if (realpathSync(folder) !== folder) throw unsupported(path, "a folder became a link while it was read");
    return target;
  } catch (error) {
    throw unreadable(path, error);
  }
};

interface Work {
  root: string;
  files: { path: string; bytes: number }[];
  entries: Map<string, TreeEntry>;
}

const storeFiles = async (blobs: BlobStore, { root, files, entries }: Work): Promise<void> => {
  const slice = makeTimeSlice();
  let next = 0;
  let failed = false;
  const worker = async (): Promise<void> => {
    while (next < files.length && !failed) {
      const { path } = files[next++]!;
      await slice();
      entries.set(path, await storeFile(blobs, root, path));
    }
  };
  const guarded = () =>
    worker().catch((error: unknown) => {
      failed = true;
      throw error;
    });
  // All settle before the first error is thrown: nothing goes on writing behind the caller's back.
  const ends = await Promise.allSettled(Array.from({ length: Math.min(WORKERS, files.length) }, guarded));
  for (const end of ends) if (end.status === "rejected") throw end.reason;
};

const storeFile = (blobs: BlobStore, root: string, path: string): Promise<TreeEntry> =>
  takeStable(root, path, async (file): Promise<TreeEntry | null> => {
    const executable = (file.stats.mode & 0o100n) !== 0n;
    if (file.stats.size <= WHOLE_BYTES) {
      const bytes = readWhole(file);
      if (bytes === null) return null;
      const digest: Digest = sha256(bytes);
      await blobs.put(blobs.blobPath(digest), bytes);
      return { type: "file", sha256: digest, bytes: bytes.length, executable };
    }
    const stored = await blobs.putStream(piecesOf(file), (digest) =>
      isUnchanged(file) ? blobs.blobPath(digest) : null,
    );
    if (stored === null || BigInt(stored.bytes) !== file.stats.size) return null;
    return { type: "file", sha256: stored.digest, bytes: stored.bytes, executable };
  });

async function* piecesOf(file: SourceFile): AsyncGenerator<Uint8Array> {
  const slice = makeTimeSlice();
  const buffer = Buffer.allocUnsafe(PIECE_BYTES);
  // A file that grows for ever ends here too; that it changed is seen afterwards.
  for (let left = Number(file.stats.size); left > 0;) {
    await slice();
    const read = readPiece(file, buffer.subarray(0, left));
    if (read === 0) return;
    left -= read;
    yield buffer.subarray(0, read);
  }
}

const treeError = (code: "PATH_ESCAPES" | "TREE_UNSUPPORTED", path: string, why: string): AppError =>
  new AppError(code, `${JSON.stringify(path)} cannot be stored: ${why}`, {
    hint: "keep what is stored, and what its links lead to, inside the folder, or leave it out of the files",
    context: { path },
  });
