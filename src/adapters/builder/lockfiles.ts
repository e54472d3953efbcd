import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { isWithin } from "./project-path.ts";

const LOCKFILES = [
  "package-lock.json",
  "npm-shrinkwrap.json",
  "yarn.lock",
  "pnpm-lock.yaml",
  "bun.lock",
  "bun.lockb",
];
/** Read by the package managers together with the lockfile. */
const BESIDE = ["package.json", "pnpm-workspace.yaml"];

/** The lockfiles of the nearest folder that has one, from `folder` up to `root`, and the manifests beside them; absolute. */
export const nearestLockfiles = (folder: string, root: string): string[] => {
  for (let at = folder; isWithin(root, at); at = dirname(at)) {
    const there = (name: string): boolean => existsSync(join(at, name));
    const lockfiles = LOCKFILES.filter(there);
    if (lockfiles.length > 0) return [...lockfiles, ...BESIDE.filter(there)].map((name) => join(at, name));
    if (dirname(at) === at) break;
  }
  return [];
};
