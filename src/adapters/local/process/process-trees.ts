import type { ProcessSnapshot, TakeSnapshot } from "./process-snapshot.ts";

export interface TreeMember {
  pid: number;
  startedAt: string;
  residentKb: number;
}

/** Knows which processes of the machine belong to which process that was started here. */
export interface ProcessTrees {
  /** Call right after the start, before anything else runs. */
  track(pid: number, marker: string): void;
  forget(pid: number): void;
  /** Everything alive that came from each tracked process, by its pid; the process itself included. */
  scan(): Promise<Map<number, TreeMember[]>>;
}

/** Seen before: which tracked process it came from, if any. */
interface Seen {
  root: number | null;
  startedAt: string;
}

/**
 * A process belongs to a tree by its group, by its parent, or by the marker in its environment. What it once belonged to
 * it belongs to for good: parents die and groups are left. Each process is looked at closely once, when it is first seen,
 * so a scan costs one listing plus what is new plus what is ours.
 */
export const makeProcessTrees = (takeSnapshot: TakeSnapshot): ProcessTrees => {
  const markers = new Map<string, number>();
  const roots = new Map<number, string>();
  const seen = new Map<number, Seen>();

  const look = (pid: number, snapshot: ProcessSnapshot): Seen | null => {
    const known = seen.get(pid);
    if (known !== undefined) return known;
    const row = snapshot.row(pid);
    if (row === null) return null;
    const fresh: Seen = { root: null, startedAt: row.startedAt };
    seen.set(pid, fresh);
    const inherited = roots.has(row.group)
      ? row.group
      : row.parent > 1
        ? look(row.parent, snapshot)?.root
        : null;
    fresh.root = inherited ?? markers.get(snapshot.marker(pid) ?? "") ?? null;
    return fresh;
  };

  const scanOnce = async (): Promise<Map<number, TreeMember[]>> => {
    const snapshot = await takeSnapshot();
    const alive = new Set(snapshot.pids);
    for (const pid of seen.keys()) if (!alive.has(pid)) seen.delete(pid);
    const trees = new Map<number, TreeMember[]>([...roots.keys()].map((root) => [root, []]));
    for (const pid of snapshot.pids) {
      const root = look(pid, snapshot)?.root ?? null;
      const members = root === null ? undefined : trees.get(root);
      if (members === undefined) continue;
      const startedAt = snapshot.row(pid)?.startedAt;
      // Another start time: the number was given to a new process, which the next scan looks at.
      if (startedAt !== seen.get(pid)?.startedAt) seen.delete(pid);
      else if (startedAt !== undefined)
        members.push({ pid, startedAt, residentKb: snapshot.residentKb(pid) });
    }
    return trees;
  };

  // One after another: an older picture must not overwrite what a newer one has taught.
  let last: Promise<unknown> = Promise.resolve();
  const scan = (): Promise<Map<number, TreeMember[]>> => {
    const turn = last.then(scanOnce);
    last = turn.catch(() => {});
    return turn;
  };

  return {
    track: (pid, marker) => {
      roots.set(pid, marker);
      markers.set(marker, pid);
      seen.delete(pid);
    },
    forget: (pid) => {
      markers.delete(roots.get(pid) ?? "");
      roots.delete(pid);
      for (const [member, { root }] of seen) if (root === pid) seen.delete(member);
    },
    scan,
  };
};
