import type { DeploymentSummary, EnvironmentState } from "../domain/environment-state.ts";
import { AppError, isAppError } from "../domain/errors.ts";
import { emptyState, foldEntry } from "../domain/fold.ts";
import type { LogEntry } from "../domain/log-entry.ts";
import { catchUp, readEntries, readEntry, readHead, readState } from "../engine/read-log.ts";
import { environmentOf, type AppContext } from "./context.ts";

/** Newest first. The last 20 come from the head; more are read from the log. */
export const history = async (
  context: AppContext,
  environment: string,
  { limit }: { limit: number },
): Promise<{ deployments: DeploymentSummary[]; total: number; state: EnvironmentState }> => {
  environmentOf(context, environment);
  const state = await readState(context.store, environment);
  const summaries = [...state.recent];
  while (summaries.length < limit) {
    const oldest = summaries.at(-1);
    const earlier =
      oldest === undefined ? null : await summaryEndingAt(context, environment, oldest.entries[0] - 1);
    if (earlier === null) break;
    summaries.push(earlier);
  }
  return { deployments: summaries.slice(0, limit), total: state.deployments, state };
};

/** The deployment that ended at this entry or before it: folds back to where it was planned. */
const summaryEndingAt = async (
  { store }: AppContext,
  environment: string,
  sequence: number,
): Promise<DeploymentSummary | null> => {
  for (let last = sequence; last > 0; last--) {
    const read = await readEntry(store, environment, last);
    const end = read?.entry.events.find((event) => event.type === "deployment-ended");
    if (read === null || end === undefined) continue;
    const first = await plannedAt(store, environment, end.deployment, last);
    if (first === null) return null;
    const planned = first.events.find((event) => event.type === "deployment-planned")!;
    return {
      id: end.deployment,
      action: planned.plan.action,
      release: planned.plan.release,
      actor: planned.actor,
      outcome: end.receipt.outcome,
      startedAt: first.at,
      endedAt: read.entry.at,
      durationMs: end.receipt.durationMs,
      entries: [first.sequence, last],
      error: end.receipt.failure?.error ?? null,
    };
  }
  return null;
};

const plannedAt = async (
  store: AppContext["store"],
  environment: string,
  deployment: string,
  from: number,
): Promise<LogEntry | null> => {
  for (let sequence = from; sequence > 0; sequence--) {
    const read = await readEntry(store, environment, sequence);
    if (
      read?.entry.events.some(
        (event) => event.type === "deployment-planned" && event.deployment === deployment,
      )
    )
      return read.entry;
  }
  return null;
};

/** One deployment with the log entries that tell it. Throws DEPLOYMENT_UNKNOWN. */
export const showDeployment = async (
  context: AppContext,
  environment: string,
  id: string,
): Promise<{ entries: LogEntry[]; open: boolean }> => {
  const { deployments, state } = await history(context, environment, { limit: Number.MAX_SAFE_INTEGER });
  const summary = deployments.find((one) => one.id === id);
  const range = summary?.entries ?? (state.open?.id === id ? [state.open.firstEntry, state.sequence] : null);
  if (range === null)
    throw new AppError("DEPLOYMENT_UNKNOWN", `${environment} has no deployment ${id}.`, {
      hint: `switchback history ${environment}`,
    });
  const [first, last] = range as [number, number];
  const reads = Array.from({ length: last - first + 1 }, (_, index) =>
    readEntry(context.store, environment, first + index),
  );
  const entries = (await Promise.all(reads)).filter((read) => read !== null).map(({ entry }) => entry);
  return { entries, open: state.open?.id === id };
};

export interface Verification {
  entries: number;
  hash: string;
  /** Empty when the chain is whole. */
  problems: string[];
}

/** What an earlier look at the log said, kept elsewhere: so many entries, and the hash of the last of them. */
export interface Anchor {
  entries: number;
  hash: string;
}

/**
 * Folds the whole log from its first entry: gaps, forks, edits, a cut tail. With an anchor also what a forger of log and
 * head would have changed before it.
 */
export const verifyHistory = async (
  { store }: AppContext,
  environment: string,
  anchor: Anchor | null = null,
): Promise<Verification> => {
  let state = emptyState(environment);
  const problems: string[] = [];
  try {
    for await (const { entry, hash } of readEntries(store, environment)) {
      state = foldEntry(state, entry, hash);
      if (entry.sequence === anchor?.entries && hash !== anchor.hash)
        problems.push(`Entry ${anchor.entries} is not the one that the anchor names.`);
    }
  } catch (error) {
    if (!isAppError(error, "LOG_BROKEN")) throw error;
    problems.push(error.message);
  }
  const keys = await store.list(`environments/${environment}/log/`);
  if (problems.length === 0 && keys.length > state.sequence)
    problems.push(
      `Entry ${state.sequence + 1} is missing, and ${keys.length - state.sequence} later ones are there.`,
    );
  const head = (await readHead(store, environment)).state;
  if (problems.length === 0 && head !== null && head.sequence > state.sequence)
    problems.push(
      `The head knows entry ${head.sequence}, the log ends at ${state.sequence}: its tail was cut.`,
    );
  if (problems.length === 0 && head !== null && (await catchUp(store, head)).hash !== state.hash)
    problems.push("The head is not a fold of this log.");
  if (problems.length === 0 && anchor !== null && anchor.entries > state.sequence)
    problems.push(`The anchor knows entry ${anchor.entries}, the log ends at ${state.sequence}.`);
  return { entries: state.sequence, hash: state.hash, problems };
};
