import { createHash } from "node:crypto";
import {
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  openSync,
  readdirSync,
  readlinkSync,
  readSync,
} from "node:fs";
import type { Digest } from "../../domain/digest.ts";
import type { TreeEntry } from "../../domain/file-tree.ts";
import { makeTimeSlice } from "./time-slice.ts";
import { foldersAbove } from "./tree-path.ts";
import { errnoOf } from "./unwritable.ts";

export const FOLDER_MODE = 0o555;
export const modeOf = (executable: boolean): number => (executable ? 0o555 : 0o444);

/** Whether `root` holds exactly the tree: every name, kind, mode, link and byte, and nothing else. */
export const isWhole = async (root: string, entries: ReadonlyMap<string, TreeEntry>): Promise<boolean> => {
  const slice = makeTimeSlice();
  const folders = foldersAbove(entries.keys());
  for (const [path, entry] of entries) if (entry.type === "folder") folders.add(path);
  try {
    if (modeAt(root) !== FOLDER_MODE) return false;
    let met = 0;
    for (const folder of ["", ...folders]) {
      for (const { name } of readdirSync(`${root}/${folder}`, { withFileTypes: true })) {
        await slice();
        const path = folder === "" ? name : `${folder}/${name}`;
        const entry: TreeEntry | undefined = folders.has(path) ? { type: "folder" } : entries.get(path);
        if (entry === undefined || !(await isSame(`${root}/${path}`, entry))) return false;
        met += 1;
      }
    }
    return met === countOf(entries, folders);
  } catch (error) {
    // Gone, not readable or of another kind: not the tree, whatever the call said.
    if (errnoOf(error) !== null) return false;
    throw error;
  }
};

const countOf = (entries: ReadonlyMap<string, TreeEntry>, folders: ReadonlySet<string>): number => {
  let others = 0;
  for (const entry of entries.values()) if (entry.type !== "folder") others += 1;
  return others + folders.size;
};

const modeAt = (path: string): number | null => {
  const stats = lstatSync(path);
  return stats.isDirectory() ? stats.mode & 0o777 : null;
};

const isSame = async (path: string, entry: TreeEntry): Promise<boolean> => {
  switch (entry.type) {
    case "folder":
      return modeAt(path) === FOLDER_MODE;
    case "link":
      return lstatSync(path).isSymbolicLink() && readlinkSync(path) === entry.target;
    case "file": {
      const stats = lstatSync(path);
      const alike = stats.isFile() && stats.size === entry.bytes && stats.nlink === 1;
      if (!alike || (stats.mode & 0o777) !== modeOf(entry.executable)) return false;
      return (await digestOfFile(path, entry.bytes)) === entry.sha256;
    }
  }
};

const PIECE_BYTES = 1 << 18;
const READ_FLAGS = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;

/** The digest of a regular file of that size, in bounded memory; null when it is another size or kind. */
export const digestOfFile = async (path: string, bytes: number): Promise<Digest | null> => {
  const slice = makeTimeSlice();
  const fd = openSync(path, READ_FLAGS);
  try {
    const stats = fstatSync(fd);
    if (!stats.isFile() || stats.size !== bytes) return null;
    const hash = createHash("sha256");
    const buffer = Buffer.allocUnsafe(Math.min(PIECE_BYTES, bytes + 1));
    let total = 0;
    for (let read = readSync(fd, buffer); read > 0; read = readSync(fd, buffer)) {
      hash.update(buffer.subarray(0, read));
      total += read;
      await slice();
    }
    return total === bytes ? hash.digest("hex") : null;
  } finally {
    closeSync(fd);
  }
};
