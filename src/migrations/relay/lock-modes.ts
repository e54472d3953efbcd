import type { LockMode } from "./types.ts";

/** From weakest to strongest. */
export const LOCK_MODES: readonly LockMode[] = [
  "AccessShareLock",
  "RowShareLock",
  "RowExclusiveLock",
  "ShareUpdateExclusiveLock",
  "ShareLock",
  "ShareRowExclusiveLock",
  "ExclusiveLock",
  "AccessExclusiveLock",
];

/** Those that data statements never take: ShareUpdateExclusive and stronger. */
export const STRONG_MODES: readonly LockMode[] = LOCK_MODES.slice(
  LOCK_MODES.indexOf("ShareUpdateExclusiveLock"),
);

export const isStrong = (mode: string): mode is LockMode => STRONG_MODES.some((strong) => strong === mode);

export const stronger = (one: LockMode, other: LockMode): LockMode =>
  LOCK_MODES.indexOf(one) >= LOCK_MODES.indexOf(other) ? one : other;
