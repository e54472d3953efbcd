import {
  chmodSync,
  constants,
  copyFileSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  renameSync,
  symlinkSync,
} from "node:fs";
import { copyFile } from "node:fs/promises";
import { basename, dirname, resolve } from "node:path";
import { AppError } from "../../domain/errors.ts";
import type { TreeEntry } from "../../domain/file-tree.ts";
import { makeFolder } from "./make-folder.ts";
import { isTemporary, removeTree, temporaryBeside } from "./remove-tree.ts";
import { makeTimeSlice } from "./time-slice.ts";
import { foldersAbove } from "./tree-path.ts";
import { errnoOf, unwritable } from "./unwritable.ts";
import { digestOfFile, FOLDER_MODE, isWhole, modeOf } from "./verify-tree.ts";

const STALE_MS = 3_600_000;
/** Above this size a copy is made off the main thread. */
const LARGE_BYTES = 1 << 20;

export interface MaterialiseOptions {
  /** Checked entries, as `readTree` gives them. */
  entries: ReadonlyMap<string, TreeEntry>;
  folder: string;
  blobPath: (digest: string) => string;
  /** Called with the path of a blob that is not what its name says; throws. */
  onDamaged: (path: string, entry: TreeEntry & { type: "file" }) => never;
  nowMs: () => number;
}

/**
 * Makes `folder` hold exactly the tree. It is written beside and renamed, so a killed run leaves `<folder>.tmp-<random>`
 * and never half a folder; a folder that is there already is checked byte by byte, and replaced when it is not the tree
 * (edited, or cut short by a power failure).
 */
export const materialise = async (options: MaterialiseOptions): Promise<void> => {
  const folder = resolve(options.folder);
  try {
    makeFolder(dirname(folder));
    await sweepBeside(folder, options.nowMs());
    if (await isThere(folder, options.entries)) return;
    const copy = temporaryBeside(folder);
    try {
      await write(copy, options);
      await appear(copy, folder, options.entries);
    } catch (error) {
      await removeTree(copy);
      throw error;
    }
  } catch (error) {
    throw unwritable(folder, error);
  }
};

const isThere = async (folder: string, entries: ReadonlyMap<string, TreeEntry>): Promise<boolean> => {
  const stats = lstatSync(folder, { throwIfNoEntry: false });
  if (stats === undefined) return false;
  if (!stats.isDirectory()) {
    throw new AppError("PATH_ESCAPES", `${folder} is ${stats.isSymbolicLink() ? "a link" : "no folder"}`, {
      hint: "move it away: a release's files are never written through a link",
      context: { folder },
    });
  }
  return isWhole(folder, entries);
};

const appear = async (
  copy: string,
  folder: string,
  entries: ReadonlyMap<string, TreeEntry>,
): Promise<void> => {
  // Each round somebody else put a folder there first: theirs is taken when it is whole, and moved away when it is not.
  for (let round = 0; round < 5; round += 1) {
    try {
      return renameSync(copy, folder);
    } catch (error) {
      if (!["ENOTEMPTY", "EEXIST"].includes(errnoOf(error) ?? "")) throw error;
    }
    if (await isThere(folder, entries)) return removeTree(copy);
    await removeTree(folder);
  }
  throw new AppError("STORE_UNWRITABLE", `${folder} is changed by something else all the time`, {
    hint: "find out what else writes there",
    context: { folder },
  });
};

const write = async (root: string, options: MaterialiseOptions): Promise<void> => {
  const slice = makeTimeSlice();
  const folders = foldersAbove(options.entries.keys());
  for (const [path, entry] of options.entries) if (entry.type === "folder") folders.add(path);
  // Fails when it exists, and is closed to others: nothing below it can be swapped while it is written.
  mkdirSync(root, { mode: 0o700 });
  for (const path of folders) mkdirSync(`${root}/${path}`, { mode: 0o700 });
  for (const [path, entry] of options.entries) {
    await slice();
    if (entry.type === "link") symlinkSync(entry.target, `${root}/${path}`);
    if (entry.type === "file") await writeFile(`${root}/${path}`, path, { entry, options });
  }
  for (const path of folders) chmodSync(`${root}/${path}`, FOLDER_MODE);
  chmodSync(root, FOLDER_MODE);
};

const writeFile = async (
  target: string,
  path: string,
  { entry, options }: { entry: TreeEntry & { type: "file" }; options: MaterialiseOptions },
): Promise<void> => {
  const blob = options.blobPath(entry.sha256);
  const stats = lstatSync(blob, { throwIfNoEntry: false });
  if (stats === undefined || !stats.isFile() || stats.size !== entry.bytes) options.onDamaged(path, entry);
  // A copy or a clone, never a hard link: a process that writes its file would write the blob of every release.
  const flags = constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE;
  try {
    if (entry.bytes > LARGE_BYTES) await copyFile(blob, target, flags);
    else copyFileSync(blob, target, flags);
  } catch (error) {
    if (errnoOf(error) === "ENOENT") options.onDamaged(path, entry);
    throw error;
  }
  chmodSync(target, modeOf(entry.executable));
  // The copy is checked, not the blob: what is used is what was hashed.
  if ((await digestOfFile(target, entry.bytes)) !== entry.sha256) options.onDamaged(path, entry);
};

/** Removes half copies beside `folder` that are an hour old; whoever wrote them is gone. */
const sweepBeside = async (folder: string, nowMs: number): Promise<void> => {
  const parent = dirname(folder);
  for (const name of readdirSync(parent)) {
    if (!name.startsWith(`${basename(folder)}.tmp-`) || !isTemporary(name)) continue;
    const stats = lstatSync(`${parent}/${name}`, { throwIfNoEntry: false });
    // A rename shows in the change time only.
    if (stats !== undefined && nowMs - Math.max(stats.mtimeMs, stats.ctimeMs) > STALE_MS) {
      await removeTree(`${parent}/${name}`);
    }
  }
};
