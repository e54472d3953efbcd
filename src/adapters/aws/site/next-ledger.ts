import { isHashed } from "../../../domain/site-path.ts";
import { copyOf, type Ledger, type Serving } from "./ledger.ts";
import { changedPaths, type PublishPlan } from "./plan-publish.ts";
import type { SiteKeys } from "./site-keys.ts";
import type { Target } from "./site-target.ts";

interface At {
  nowMs: number;
  keys: SiteKeys;
}

/** The plan's files and contents were sent, and what its switch changes may change from now on. */
export const afterStage = (ledger: Ledger, plan: PublishPlan, { nowMs, keys }: At): Ledger => {
  const next = copyOf(ledger);
  for (const { path, sha256 } of plan.send) {
    next.files.set(path, sha256);
    // Until it serves it is nobody's, so that one that never does expires.
    next.old.set(path, nowMs);
    next.doomed.delete(keys.served(path));
  }
  for (const { sha256 } of plan.keep) {
    next.kept.set(sha256, nowMs);
    next.doomed.delete(keys.kept(sha256));
  }
  for (const path of changedPaths(plan)) next.unsettled.add(path);
  return next;
};

/** The switch is done: objects are what the target says, and what it has not stays for open tabs, or is gone. */
export const afterSwitch = (
  ledger: Ledger,
  plan: PublishPlan,
  { target, serving, nowMs }: { target: Target | null; serving: Serving | null; nowMs: number },
): Ledger => {
  const next = copyOf(ledger);
  for (const [path, sha256] of ledger.files)
    if (!isHashed(path) && next.kept.has(sha256)) next.kept.set(sha256, nowMs);
  for (const path of plan.remove) {
    next.files.delete(path);
    next.old.delete(path);
  }
  for (const { path, sha256 } of target?.values() ?? []) {
    next.files.set(path, sha256);
    next.old.delete(path);
    if (next.kept.has(sha256)) next.kept.set(sha256, nowMs);
  }
  for (const path of next.files.keys())
    if (target?.has(path) !== true && !next.old.has(path)) next.old.set(path, nowMs);
  next.unsettled.clear();
  next.serving = serving;
  return next;
};

/**
 * Takes from the ledger what nobody needs and nobody asked for during `olderThanMs`, and names its keys; null: nothing. What any of the
 * targets has is needed, however old it is, and so is what may be live.
 */
export const afterExpiry = (
  ledger: Ledger,
  { needed, olderThanMs, nowMs, keys }: { needed: Target[]; olderThanMs: number } & At,
): Ledger | null => {
  const next = copyOf(ledger);
  const contents = new Set(needed.flatMap((target) => [...target.values()].map(({ sha256 }) => sha256)));
  const isOver = (sinceMs: number) => sinceMs <= nowMs - olderThanMs;
  for (const [path, sinceMs] of ledger.old) {
    if (!isOver(sinceMs) || ledger.unsettled.has(path) || needed.some((target) => target.has(path))) continue;
    next.old.delete(path);
    next.files.delete(path);
    next.doomed.add(keys.served(path));
  }
  for (const [sha256, sinceMs] of ledger.kept) {
    if (!isOver(sinceMs) || contents.has(sha256)) continue;
    next.kept.delete(sha256);
    next.doomed.add(keys.kept(sha256));
  }
  return next.doomed.size === 0 ? null : next;
};
