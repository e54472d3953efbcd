import { canonicalJson, type Digest } from "./digest.ts";
import type { FileTree, TreeEntry } from "./file-tree.ts";
import type { Release } from "./release.ts";

/** Names that only the later (`added`), only the earlier (`removed`) or both have with another value (`changed`); sorted. */
export interface NameDiff {
  added: string[];
  removed: string[];
  changed: string[];
}

export type PartDiff =
  | { change: "unchanged" }
  | { change: "added" }
  | { change: "removed" }
  | {
      change: "changed";
      /** Paths; null when the artefact is the same, or one of the two manifests is not at hand (`filesUnknown`). */
      files: NameDiff | null;
      filesUnknown: boolean;
      /** Members of the release's definition that differ, such as `command` or `health`. */
      definition: string[];
    };

export interface ConfigurationDiff {
  /** Names of settings and secrets: values are no part of a release. */
  env: { added: string[]; removed: string[] };
  secrets: NameDiff;
}

export interface ReleaseDiff {
  /** Equal ids: equal inputs, one release. */
  same: boolean;
  /** Why the ids differ. */
  inputs: NameDiff;
  services: Record<string, PartDiff>;
  sites: Record<string, PartDiff>;
  /** The service's migrations by name, and whether the commands that run them differ. */
  migrations: { added: string[]; removed: string[]; definition: string[] };
  /** By service; only those with a difference. */
  configuration: Record<string, ConfigurationDiff>;
  /** What else differs: `database`, `cache`, `buckets`. */
  backing: string[];
}

/** What is different in `b`, the later, as seen from `a`. `trees` holds the manifests by digest, as far as they are at hand. */
export const diffReleases = (a: Release, b: Release, trees: ReadonlyMap<Digest, FileTree>): ReleaseDiff => ({
  same: a.id === b.id,
  inputs: diffNames(a.inputs, b.inputs),
  services: diffParts(a.services, b.services, { trees, left: ["env", "secrets"] }),
  sites: diffParts(a.sites, b.sites, { trees, left: [] }),
  migrations: diffMigrations(a, b),
  configuration: diffConfiguration(a, b),
  backing: (["database", "cache", "buckets"] as const).filter((member) => !isEqual(a[member], b[member])),
});

const isEqual = (a: unknown, b: unknown): boolean => canonicalJson(a) === canonicalJson(b);

const diffNames = (a: Record<string, unknown>, b: Record<string, unknown>): NameDiff => {
  const diff: NameDiff = { added: [], removed: [], changed: [] };
  for (const name of namesOf(a, b)) {
    if (!Object.hasOwn(a, name)) diff.added.push(name);
    else if (!Object.hasOwn(b, name)) diff.removed.push(name);
    else if (!isEqual(a[name], b[name])) diff.changed.push(name);
  }
  return diff;
};

const namesOf = (a: object, b: object): string[] =>
  [...new Set([...Object.keys(a), ...Object.keys(b)])].sort();

interface PartOptions {
  trees: ReadonlyMap<Digest, FileTree>;
  /** Members that are told elsewhere. */
  left: string[];
}

const diffParts = <Part extends { tree: Digest }>(
  a: Record<string, Part>,
  b: Record<string, Part>,
  options: PartOptions,
): Record<string, PartDiff> => {
  const diffs = Object.create(null) as Record<string, PartDiff>;
  for (const name of namesOf(a, b)) {
    if (!Object.hasOwn(a, name)) diffs[name] = { change: "added" };
    else if (!Object.hasOwn(b, name)) diffs[name] = { change: "removed" };
    else diffs[name] = diffPart(a[name]!, b[name]!, options);
  }
  return diffs;
};

const diffPart = (a: { tree: Digest }, b: { tree: Digest }, { trees, left }: PartOptions): PartDiff => {
  if (isEqual(a, b)) return { change: "unchanged" };
  const { added, removed, changed } = diffNames({ ...a }, { ...b });
  const definition = [...added, ...removed, ...changed].sort();
  const [before, after] = [trees.get(a.tree), trees.get(b.tree)];
  const moved = a.tree !== b.tree;
  return {
    change: "changed",
    files: moved && before && after ? diffFiles(before.entries, after.entries) : null,
    filesUnknown: moved && !(before && after),
    definition: definition.filter((member) => member !== "tree" && !left.includes(member)),
  };
};

const diffFiles = (a: Record<string, TreeEntry>, b: Record<string, TreeEntry>): NameDiff => diffNames(a, b);

const diffMigrations = (a: Release, b: Release): ReleaseDiff["migrations"] => {
  const { names: before = [], ...old } = a.migrations ?? {};
  const { names: after = [], ...now } = b.migrations ?? {};
  const { added, removed, changed } = diffNames(old, now);
  return { ...diffLists(before, after), definition: [...added, ...removed, ...changed].sort() };
};

/** Keeps the order of the lists: migrations run in theirs. */
const diffLists = (a: string[], b: string[]): { added: string[]; removed: string[] } => {
  const [before, after] = [new Set(a), new Set(b)];
  return { added: b.filter((name) => !before.has(name)), removed: a.filter((name) => !after.has(name)) };
};

const diffConfiguration = (a: Release, b: Release): Record<string, ConfigurationDiff> => {
  const diffs = Object.create(null) as Record<string, ConfigurationDiff>;
  for (const name of namesOf(a.services, b.services)) {
    const before = Object.hasOwn(a.services, name) ? a.services[name]! : { env: [], secrets: {} };
    const after = Object.hasOwn(b.services, name) ? b.services[name]! : { env: [], secrets: {} };
    const env = diffLists(before.env, after.env);
    const secrets = diffNames(before.secrets, after.secrets);
    const differs =
      [env.added, env.removed, secrets.added, secrets.removed, secrets.changed].flat().length > 0;
    if (differs) diffs[name] = { env, secrets };
  }
  return diffs;
};
