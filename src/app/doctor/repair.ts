import { AppError } from "../../domain/errors.ts";
import type { Finding, Repair } from "../../domain/finding.ts";
import { emptyState, foldEntry } from "../../domain/fold.ts";
import type { EnvironmentState } from "../../domain/environment-state.ts";
import { seal } from "../../domain/sealed.ts";
import { checkpointKey, encodeHead, headKey, readEntry } from "../../engine/read-log.ts";
import { acquireLease } from "../../engine/session.ts";
import type { Inspector } from "../../ports/inspector.ts";
import type { Store } from "../../ports/store.ts";
import { sessionDeps, type AppContext } from "../context.ts";
import { recordIn, releaseKey } from "../releases.ts";

/** Waits no shorter than the commands do that may hold the lease. */
const CALL_BUDGET_MS = 2_000;

export interface RepairDeps {
  context: AppContext;
  inspector: Inspector;
  signal: AbortSignal;
  onWaiting: (text: string) => void;
}

/**
 * Carries out the repairs of the findings, one after the other; each looks again before it acts and leaves alone what
 * somebody else changed meanwhile. The result has what was done; a second look tells what is still so.
 */
export const repairAll = async (deps: RepairDeps, findings: Finding[]): Promise<Map<Finding, string>> => {
  const done = new Map<Finding, string>();
  for (const finding of findings) {
    deps.signal.throwIfAborted();
    if (finding.repair === null) continue;
    try {
      const what = await repairOne(deps, finding.repair);
      if (what !== null) done.set(finding, what);
    } catch (error) {
      // What it could not do the second look finds again; the reason is told here, and the others go on.
      if (!(error instanceof AppError)) throw error;
      deps.onWaiting(
        `${finding.check}${finding.subject === null ? "" : ` of ${finding.subject}`}: ${error.message}`,
      );
    }
  }
  return done;
};

/** What was done; null: it was not to be done any more. */
const repairOne = async (deps: RepairDeps, repair: Repair): Promise<string | null> => {
  const { inspector } = deps;
  const { store } = deps.context;
  switch (repair.type) {
    case "write-head": {
      const { environment } = repair;
      const written = await writeCache(store, headKey(environment), await foldTo(store, environment, null));
      return written ? "written anew from the log" : null;
    }
    case "write-checkpoint": {
      const { environment, sequence } = repair;
      const state = await foldTo(store, environment, sequence);
      return (await writeCache(store, checkpointKey(environment, sequence), state))
        ? "written anew from the log"
        : null;
    }
    case "clear-lease":
      return clearLease(deps, repair.environment);
    case "put-record":
      return (await putRecord(deps, repair.release)) ? "followed by its earlier copy, which is whole" : null;
    case "put-artefact":
      return (await inspector.putArtefact(repair))
        ? `put back from ${repair.from}, as its sha256 proves`
        : null;
    case "remove":
      await inspector.remove(repair.paths);
      return `${repair.paths.length} removed`;
    case "forget-supervisor":
      return (await inspector.forgetSupervisor(repair.paths)) ? "what the killed one left was removed" : null;
    case "end-processes":
      await inspector.endStrays(repair.pids);
      return `ended: ${repair.pids.join(", ")}`;
    case "make-private":
      await inspector.makePrivate(repair.paths);
      return "made readable by your user alone";
  }
};

/** The fold of the log, up to a number or its end. Throws LOG_BROKEN. */
const foldTo = async (store: Store, environment: string, end: number | null): Promise<EnvironmentState> => {
  for (let state = emptyState(environment); ;) {
    if (state.sequence === end) return state;
    const next = await readEntry(store, environment, state.sequence + 1);
    if (next === null) return state;
    state = foldEntry(state, next.entry, next.hash);
  }
};

/** Replaces exactly what stands there; somebody who wrote it meanwhile read a log that is at least as long. */
const writeCache = async (store: Store, key: string, state: EnvironmentState): Promise<boolean> => {
  const standing = await store.get(key);
  return (await store.replace(key, encodeHead(state), standing?.etag ?? null)) !== "conflict";
};

/**
 * By the rule that every command follows: nobody knows who holds a damaged lease, so it is watched for its longest
 * duration, taken by its tag above any epoch that it could have held, and given back.
 */
const clearLease = async (
  { context, signal, onWaiting }: RepairDeps,
  environment: string,
): Promise<string> => {
  const seconds = Math.ceil((context.leaseMs + CALL_BUDGET_MS) / 1000);
  onWaiting(`watching the damaged lease of ${environment} for ${seconds} s: its holder may live`);
  const lease = await acquireLease(sessionDeps(context, CALL_BUDGET_MS), {
    environment,
    purpose: "doctor",
    wait: false,
    signal,
  });
  await lease.release();
  return `nobody renewed it for ${seconds} s; it was taken and given back`;
};

const putRecord = async ({ context: { store }, inspector }: RepairDeps, id: string): Promise<boolean> => {
  const key = releaseKey(id);
  const standing = await store.get(key);
  if (standing === null || recordIn(standing.bytes, id) !== null) return false;
  const copies = (await inspector.earlierVersions(key)).map((bytes) => recordIn(bytes, id));
  const release = copies.find((one) => one !== null);
  if (release === undefined || release === null) return false;
  return (await store.replace(key, seal(release), standing.etag)) !== "conflict";
};
