import { lstatSync, mkdirSync, statSync } from "node:fs";
import { dirname } from "node:path";
import { errnoOf } from "./unwritable.ts";

/** The folder is there, and those above it. Unlike Node's recursive mkdir, which says ENOENT for a read-only disk, the error is the true one. */
export const makeFolder = (path: string): void => {
  try {
    mkdirSync(path);
  } catch (error) {
    const errno = errnoOf(error);
    if (errno === "EEXIST" && statSync(path).isDirectory()) return;
    if (errno !== "ENOENT" || dirname(path) === path || lstatSync(path, { throwIfNoEntry: false }))
      throw error;
    makeFolder(dirname(path));
    makeFolder(path);
  }
};
