import type { Digest } from "../../../domain/digest.ts";
import { isHashed } from "../../../domain/site-path.ts";
import type { Ledger } from "./ledger.ts";
import type { Target, TargetFile } from "./site-target.ts";

/** What takes a site's objects from what the ledger says to a target. */
export interface PublishPlan {
  /** Immutable files that are not there. Nothing refers to them yet, so sending them changes nothing for anybody. */
  send: TargetFile[];
  /** Contents of mutable files to be kept inside the bucket, each once. */
  keep: TargetFile[];
  /** What changes for browsers, group after group: each refers to what the groups before it hold. The fallback page is the last. */
  replace: TargetFile[][];
  /** Mutable files that are no more. */
  remove: string[];
}

/** A target of null is no site at all. */
export const planPublish = (
  ledger: Ledger,
  { target, fallback }: { target: Target | null; fallback: string },
): PublishPlan => {
  const send: TargetFile[] = [];
  const keep = new Map<Digest, TargetFile>();
  const replaced: TargetFile[] = [];
  for (const file of target?.values() ?? []) {
    const live = ledger.files.get(file.path);
    const unsure = ledger.unsettled.has(file.path);
    if (live === file.sha256 && !unsure) continue;
    if (file.hashed && live === undefined && !unsure) {
      send.push(file);
      continue;
    }
    // Also a name with a hash whose content is another after all: what serves now must not lose its own.
    replaced.push(file);
    if (file.inline === null && !ledger.kept.has(file.sha256)) keep.set(file.sha256, file);
  }
  const known = new Set([...ledger.files.keys(), ...ledger.unsettled]);
  // Immutable files stay for tabs that are still open; `expire` takes them.
  const remove = [...known].filter(
    (path) => target?.has(path) !== true && (!isHashed(path) || ledger.unsettled.has(path)),
  );
  const isPage = ({ path }: TargetFile) => path.endsWith(".html");
  const groups = [
    replaced.filter((file) => !isPage(file) && file.path !== fallback),
    replaced.filter((file) => isPage(file) && file.path !== fallback),
    replaced.filter((file) => file.path === fallback),
  ];
  return { send, keep: [...keep.values()], replace: groups.filter(({ length }) => length > 0), remove };
};

/** Paths whose objects a switch by this plan changes. */
export const changedPaths = ({ replace, remove }: PublishPlan): string[] => [
  ...replace.flat().map(({ path }) => path),
  ...remove,
];
