import { accessSync, constants, existsSync, lstatSync, readdirSync, readFileSync, statfsSync } from "node:fs";
import { dirname, join } from "node:path";
import { machineError } from "../../../domain/errors.ts";
import type { StoreAccess } from "../../../ports/inspector.ts";

/** Of a store's temporary files: `.tmp-<process>-<random>`. */
const TEMPORARY = /^\.tmp-(\d+)-[0-9a-f]+$/;

/** Whether the folder, or the first one above it that is there, can be read and written, and how much fits in. */
export const accessOf = (folder: string): StoreAccess => {
  let there = folder;
  while (!existsSync(there) && dirname(there) !== there) there = dirname(there);
  try {
    accessSync(there, constants.R_OK | constants.W_OK | constants.X_OK);
    if (there === folder)
      for (const path of foldersIn(folder)) accessSync(path, constants.R_OK | constants.W_OK);
    const { bavail, bsize } = statfsSync(there);
    return { folder, refused: null, freeBytes: bavail * bsize };
  } catch (error) {
    const known = machineError(error, there);
    if (known === null) throw error;
    const { message, hint = "look at the folder and its disk" } = known;
    return { folder, refused: { what: message.replace(/^.*?: /, ""), hint }, freeBytes: null };
  }
};

/** In which objects of releases and environments are made. */
const foldersIn = (folder: string): string[] => {
  const environments = join(folder, "environments");
  const all = [join(folder, "releases"), environments];
  if (existsSync(environments))
    for (const name of readdirSync(environments))
      for (const part of ["", "log", "head.json.versions", "lease.json.versions"])
        all.push(join(environments, name, part));
  return all.filter((path) => existsSync(path));
};

/** Names that writers gave before the object had its own, with the process that did. */
export const temporariesIn = (folder: string): { path: string; pid: number; modifiedMs: number }[] =>
  filesBelow(folder).flatMap((path) => {
    const match = TEMPORARY.exec(path.slice(path.lastIndexOf("/") + 1));
    const stats = match === null ? undefined : lstatSync(path, { throwIfNoEntry: false });
    return match === null || stats === undefined
      ? []
      : [{ path, pid: Number(match[1]), modifiedMs: stats.mtimeMs }];
  });

/** Blobs and trees are the artefacts' own: their drafts lie elsewhere. */
const NOT_OF_THE_STORE = ["blobs", "trees", "tmp"];

const filesBelow = (folder: string): string[] => {
  const found: string[] = [];
  const folders = existsSync(folder)
    ? readdirSync(folder, { withFileTypes: true })
        .filter((entry) => entry.isDirectory() && !NOT_OF_THE_STORE.includes(entry.name))
        .map(({ name }) => join(folder, name))
    : [];
  for (let at = folders.pop(); at !== undefined; at = folders.pop())
    for (const entry of readdirSync(at, { withFileTypes: true }))
      (entry.isDirectory() ? folders : found).push(join(at, entry.name));
  return found;
};

/** Versions of a replaced object that still lie below the one that stands, newest first. */
export const earlierVersionsOf = (folder: string, key: string): Uint8Array[] => {
  const path = join(folder, key);
  const versions = `${path}.versions`;
  const numbered = existsSync(versions)
    ? readdirSync(versions)
        .filter((name) => /^\d{12}$/.test(name))
        .sort()
        .reverse()
        .map((name) => join(versions, name))
    : [];
  const files = [...numbered, ...(existsSync(path) ? [path] : [])];
  return files.slice(1).flatMap((file) => {
    try {
      return [readFileSync(file)];
    } catch {
      // It was tidied away meanwhile, or cannot be read: then it is no help.
      return [];
    }
  });
};
