import { randomBytes } from "node:crypto";
import { chmodSync, lstatSync, readdirSync, renameSync, unlinkSync } from "node:fs";
import { rm } from "node:fs/promises";
import { makeTimeSlice } from "./time-slice.ts";
import { errnoOf, unwritable } from "./unwritable.ts";

/** A name beside `folder` that `sweepBeside` knows to be half a copy. */
export const temporaryBeside = (folder: string): string => `${folder}.tmp-${randomBytes(8).toString("hex")}`;

export const isTemporary = (name: string): boolean => /\.tmp-[0-9a-f]{16}$/.test(name);

/**
 * Removes a materialised tree, read-only folders and all; it disappears at once, under its name. Nothing outside is touched:
 * links are removed, never followed. Safe to call twice, and for what is not there.
 */
export const removeTree = async (folder: string): Promise<void> => {
  try {
    const aside = isTemporary(folder) ? folder : temporaryBeside(folder);
    if (aside !== folder) renameSync(folder, aside);
    await makeRemovable(aside);
    await rm(aside, { recursive: true, force: true });
  } catch (error) {
    if (errnoOf(error) !== "ENOENT") throw unwritable(folder, error);
  }
};

const makeRemovable = async (root: string): Promise<void> => {
  const slice = makeTimeSlice();
  if (!lstatSync(root).isDirectory()) return unlinkSync(root);
  const folders = [root];
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    await slice();
    chmodSync(folder, 0o700);
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      if (entry.isDirectory()) folders.push(`${folder}/${entry.name}`);
    }
  }
};
