import { sha256 } from "../../src/domain/digest.ts";
import type { Release } from "../../src/domain/release.ts";
import { shop, shopRelease } from "../helpers/shop.ts";

export const ENVIRONMENTS = Object.keys(shop.environments);

/** Releases a person may name. One never starts, one is caught by its gate, one fails its migration half-way. */
export const RELEASES = ["a", "b", "c", "never starts", "fails in bake", "migration fails"] as const;
export type ReleaseName = (typeof RELEASES)[number];

const MIGRATIONS: Record<ReleaseName, string[]> = {
  a: ["0001"],
  b: ["0001", "0002"],
  c: ["0001", "0002"],
  "never starts": ["0001", "0002"],
  "fails in bake": ["0001"],
  "migration fails": ["0001", "0002", "0003"],
};

const MADE = new Map(RELEASES.map((name) => [name, shopRelease(name, MIGRATIONS[name])]));
export const releaseOf = (name: ReleaseName): Release => MADE.get(name)!;

const byId = new Map<string, ReleaseName>(RELEASES.map((name) => [sha256(name), name]));
export const releaseById = (id: string): Release => releaseOf(byId.get(id)!);
export const nameOf = (id: string | null | undefined): string =>
  id ? (byId.get(id) ?? id.slice(0, 6)) : "nothing";

const TREES = new Map<string, ReleaseName>(RELEASES.map((name) => [sha256(`${name}api`), name]));
export const releaseOfTree = (tree: string): ReleaseName | undefined => TREES.get(tree);
