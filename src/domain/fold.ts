import { canonicalJson, type Digest } from "./digest.ts";
import {
  RECENT_KEPT,
  type EnvironmentState,
  type OpenDeployment,
  type Serving,
  type StepState,
} from "./environment-state.ts";
import { AppError } from "./errors.ts";
import type { Plan } from "./plan.ts";
import { logKey, mendHint, NO_PREVIOUS, type LogEntry, type LogEvent } from "./log-entry.ts";

export const emptyState = (environment: string): EnvironmentState => ({
  environment,
  sequence: 0,
  hash: NO_PREVIOUS,
  epoch: 0,
  deployments: 0,
  serving: null,
  earlier: [],
  open: null,
  lock: null,
  hold: null,
  approvals: [],
  recent: [],
});

/**
 * The state after one more entry; the state before is left as it was. Pure. `hash` is the sha256 of the entry's stored bytes.
 * Throws LOG_BROKEN when the entry does not follow: a gap, a fork, or an event that cannot happen there.
 */
export const foldEntry = (state: EnvironmentState, entry: LogEntry, hash: Digest): EnvironmentState => {
  if (entry.sequence !== state.sequence + 1)
    throw broken(state, entry, `number ${entry.sequence} follows ${state.sequence}`);
  if (entry.previous !== state.hash) throw broken(state, entry, "it does not chain to the entry before");
  if (entry.epoch < state.epoch) throw broken(state, entry, `epoch ${entry.epoch} follows ${state.epoch}`);
  const next = { ...state, sequence: entry.sequence, hash, epoch: entry.epoch };
  return entry.events.reduce((folded, event) => understood(folded, event, entry), next);
};

/** What stands in a log was written by this version or one that it can read; anything else is no event of ours. */
const understood = (state: EnvironmentState, event: LogEvent, entry: LogEntry): EnvironmentState => {
  const wrong = () => broken(state, entry, `an event of it is not understood (${String(event?.type)})`);
  try {
    const folded = foldEvent(state, event, entry) as EnvironmentState | undefined;
    if (folded === undefined) throw wrong();
    return folded;
  } catch (error) {
    throw error instanceof TypeError ? wrong() : error;
  }
};

const broken = (state: EnvironmentState, entry: LogEntry, why: string): AppError =>
  new AppError(
    "LOG_BROKEN",
    `The log of ${state.environment} is broken at entry ${entry.sequence}: ${why}.`,
    {
      hint: mendHint(state.environment, logKey(state.environment, entry.sequence)),
      context: { environment: state.environment, sequence: entry.sequence },
    },
  );

const foldEvent = (state: EnvironmentState, event: LogEvent, entry: LogEntry): EnvironmentState => {
  switch (event.type) {
    case "deployment-planned":
      return startDeployment(state, event, entry);
    case "step-started":
      return withStep(state, entry, event.step, () => ({
        status: "started",
        before: event.before,
        outputs: null,
        error: null,
        startedAt: entry.at,
        durationMs: null,
      }));
    case "step-succeeded":
      return changeStep(state, entry, event.step, {
        status: "succeeded",
        outputs: event.outputs,
        durationMs: event.durationMs,
      });
    case "step-failed":
      return changeStep(state, entry, event.step, {
        status: "failed",
        error: event.error,
        durationMs: event.durationMs,
      });
    case "compensation-decided":
      return withOpen(state, entry, (open) => ({ ...open, direction: "back", cause: event.cause }));
    case "compensation-started":
      return changeStep(state, entry, event.step, { status: "compensating" });
    case "compensation-succeeded":
      return changeStep(state, entry, event.step, { status: "compensated" });
    case "compensation-failed":
      // The first error is the story; the later one is kept by the log.
      return changeStep(state, entry, event.step, { status: "compensation-failed" });
    case "committed":
      return commit(state, entry);
    case "deployment-ended":
      return endDeployment(state, event, entry);
    case "detached":
      return withOpen(state, entry, (open) => ({ ...open, detachedBy: event.actor }));
    case "locked":
      return { ...state, lock: { actor: event.actor, why: event.why, until: event.until, at: entry.at } };
    case "unlocked":
      return { ...state, lock: null, hold: null };
    case "taken-over":
      return state.open === null ? state : { ...state, open: { ...state.open, detachedBy: null } };
    case "approved": {
      const approval = { release: event.release, actor: event.actor, at: entry.at };
      return { ...state, approvals: [approval, ...state.approvals].slice(0, RECENT_KEPT) };
    }
    case "note":
      return state;
  }
};

const startDeployment = (
  state: EnvironmentState,
  event: Extract<LogEvent, { type: "deployment-planned" }>,
  entry: LogEntry,
): EnvironmentState => {
  if (state.open !== null)
    throw broken(state, entry, `${event.deployment} starts while ${state.open.id} is open`);
  const { plan, wayBack, actor, source, reason } = event;
  return {
    ...state,
    deployments: state.deployments + 1,
    open: {
      id: event.deployment,
      plan,
      wayBack,
      actor,
      source,
      reason,
      startedAt: entry.at,
      steps: {},
      direction: "forward",
      cause: null,
      committed: false,
      detachedBy: null,
      firstEntry: entry.sequence,
    },
  };
};

const withOpen = (
  state: EnvironmentState,
  entry: LogEntry,
  change: (open: OpenDeployment) => OpenDeployment,
): EnvironmentState => {
  if (state.open === null) throw broken(state, entry, "it is about a deployment, and none is open");
  return { ...state, open: { ...change(state.open), firstEntry: state.open.firstEntry } };
};

const withStep = (
  state: EnvironmentState,
  entry: LogEntry,
  step: string,
  make: (before: StepState | undefined) => StepState,
): EnvironmentState =>
  withOpen(state, entry, (open) => ({ ...open, steps: { ...open.steps, [step]: make(open.steps[step]) } }));

const changeStep = (
  state: EnvironmentState,
  entry: LogEntry,
  step: string,
  change: Partial<StepState>,
): EnvironmentState =>
  withStep(state, entry, step, (before) => {
    if (before === undefined) throw broken(state, entry, `step "${step}" ends and was never started`);
    return { ...before, ...change };
  });

const commit = (state: EnvironmentState, entry: LogEntry): EnvironmentState => {
  const committed = withOpen(state, entry, (open) => ({ ...open, committed: true }));
  const { plan, id, actor } = committed.open!;
  const serving = {
    release: plan.release,
    binding: plan.binding,
    deployment: id,
    since: entry.at,
    actor,
    rolledBack: false,
    ...heldIn(plan),
  };
  const same = (a: { release: Digest; binding: unknown }) =>
    a.release === serving.release && canonicalJson(a.binding) === canonicalJson(serving.binding);
  const rolledBack = plan.action === "rollback";
  const before =
    state.serving === null ? state.earlier : [{ ...state.serving, rolledBack }, ...state.earlier];
  const hold = rolledBack ? { actor, deployment: id, at: entry.at } : null;
  return { ...committed, serving, hold, earlier: before.filter((one) => !same(one)).slice(0, RECENT_KEPT) };
};

const heldIn = ({ steps }: Plan): Pick<Serving, "held"> => {
  const held = steps.flatMap(({ action }) => (action.kind === "migrate" ? (action.run?.held ?? []) : []));
  return held.length === 0 ? {} : { held };
};

const endDeployment = (
  state: EnvironmentState,
  event: Extract<LogEvent, { type: "deployment-ended" }>,
  entry: LogEntry,
): EnvironmentState => {
  if (state.open?.id !== event.deployment)
    throw broken(state, entry, `${event.deployment} ends and is not open`);
  const { open } = state;
  const summary = {
    id: open.id,
    action: open.plan.action,
    release: open.plan.release,
    actor: open.actor,
    outcome: event.receipt.outcome,
    startedAt: open.startedAt,
    endedAt: entry.at,
    durationMs: event.receipt.durationMs,
    entries: [open.firstEntry, entry.sequence] as [number, number],
    error: event.receipt.failure?.error ?? null,
  };
  return { ...state, open: null, recent: [summary, ...state.recent].slice(0, RECENT_KEPT) };
};
