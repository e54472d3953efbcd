import { isStrong } from "./lock-modes.ts";
import type { LockMode } from "./types.ts";

/** A line of pg_locks about the session that is watched. */
export interface Waiting {
  kind: string;
  relation: string | null;
  mode: string;
  granted: boolean;
}

export interface GateState {
  /** Strong modes that were asked for, by relation. */
  seen: ReadonlyMap<string, LockMode[]>;
  /** Relations that were let through: not held again for this statement. */
  free: ReadonlySet<string>;
  open: boolean;
}

export const beginGate = (): GateState => ({ seen: new Map(), free: new Set(), open: false });

/**
 * What to do after a look at the locks of the session. `let-through`: it waits for tables of the gate, which are free
 * from now on. `give-up`: it waits for something else, which may be a transaction of the gate: all is let go.
 */
export const afterPoll = (
  state: GateState,
  lines: Waiting[],
): { next: GateState; act: "none" | "let-through" | "give-up" } => {
  const seen = new Map(state.seen);
  for (const { kind, relation, mode } of lines) {
    if (kind !== "relation" || relation === null || !isStrong(mode)) continue;
    const modes = seen.get(relation) ?? [];
    if (!modes.includes(mode)) seen.set(relation, [...modes, mode]);
  }
  const waiting = lines.filter(({ granted }) => !granted);
  if (waiting.length === 0 || state.open) return { next: { ...state, seen }, act: "none" };
  const tables = waiting.flatMap(({ kind, relation }) =>
    kind === "relation" && relation !== null ? [relation] : [],
  );
  const fresh = tables.filter((relation) => !state.free.has(relation));
  if (fresh.length === 0) return { next: { ...state, seen, open: true }, act: "give-up" };
  return { next: { seen, free: new Set([...state.free, ...fresh]), open: false }, act: "let-through" };
};
