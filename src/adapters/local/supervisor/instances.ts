import { AppError } from "../../../domain/errors.ts";
import type { RevisionId } from "../../../domain/revision.ts";
import { orAborted } from "./abortable.ts";
import type { Environment } from "./environment.ts";
import type { Slot } from "./slot.ts";
import type { EnvironmentState, RevisionState, ServiceState } from "./state.ts";

export interface EffectRun {
  signal: AbortSignal;
  report: (text: string) => void;
}

export const stagedRevision = (
  state: EnvironmentState,
  service: string,
  revision: RevisionId,
): RevisionState => {
  const found = state.services[service]?.revisions[revision];
  if (found !== undefined) return found;
  throw new AppError("ARTEFACT_MISSING", `revision ${revision} of ${service} is not staged`, {
    hint: `deploy its release again: switchback deploy ${state.environment}`,
    context: { service, revision, environment: state.environment },
  });
};

const LEAST_WORTH_KEEPING = ["waiting", "unhealthy", "starting", "healthy"];

/** Those to let go first: what is broken, then the youngest. */
const leastWorthKeeping = (slots: Slot[]): Slot[] =>
  [...slots]
    .reverse()
    .sort((a, b) => LEAST_WORTH_KEEPING.indexOf(a.state()) - LEAST_WORTH_KEEPING.indexOf(b.state()));

interface Change {
  added: Slot[];
  leaving: Slot[];
  /** Have to be healthy for the call to succeed. */
  required: Slot[];
}

const planChange = (
  environment: Environment,
  service: string,
  counts: Record<RevisionId, number>,
): Change => {
  const { fleet } = environment;
  const live = fleet.slots(service);
  const change: Change = { added: [], leaving: [], required: [] };
  for (const [revision, count] of Object.entries(counts)) {
    const running = live.filter((slot) => slot.revision === revision);
    const { spec } = stagedRevision(environment.state(), service, revision);
    for (let n = running.length; n < count; n += 1) change.added.push(fleet.add(spec, revision, "once"));
    const leaving = leastWorthKeeping(running).slice(0, Math.max(0, running.length - count));
    change.leaving.push(...leaving);
    if (count > running.length) change.required.push(...running);
  }
  change.leaving.push(...live.filter((slot) => !Object.hasOwn(counts, slot.revision)));
  // A revision that is on its way out, or is not what the call is about, may be as broken as it was: a release that
  // crashes must not keep its successor from coming. But what works is not stopped in favour of what does not.
  if (change.added.length === 0 && (change.leaving.length === 0 || change.leaving.some(isHealthy)))
    change.required.push(...live.filter((slot) => !change.leaving.includes(slot)));
  change.required.push(...change.added);
  return change;
};

const isHealthy = (slot: Slot): boolean => slot.state() === "healthy";

const untilHealthy = async (
  { required, added }: Change,
  { baseline }: Environment,
  { signal, report }: EffectRun,
): Promise<void> => {
  let healthy = 0;
  const waitFor = async (slot: Slot): Promise<void> => {
    try {
      await slot.whenHealthy();
    } catch (error) {
      if (added.includes(slot) || !baseline.wasBroken(slot)) throw error;
      return report(`${slot.spec.service} is as broken as it was`);
    }
    report(`${(healthy += 1)} of ${required.length} healthy`);
  };
  await orAborted(Promise.all(required.map(waitFor)), signal);
};

const withCounts = (
  state: EnvironmentState,
  service: string,
  counts: Record<RevisionId, number>,
): EnvironmentState => {
  const found: ServiceState = state.services[service] ?? { revisions: {}, weights: {} };
  const revisions = Object.fromEntries(
    Object.entries(found.revisions).map(([id, revision]) => {
      const wanted = counts[id] ?? 0;
      // A warm time goes on: traffic ends it, and a deployment that is not settled holds it.
      return [id, { ...revision, wanted }];
    }),
  );
  return { ...state, services: { ...state.services, [service]: { ...found, revisions } } };
};

/**
 * Exactly these instances run and are healthy, and the others are drained and stopped, when this resolves. When one fails,
 * what this call had started is stopped again and everything is as before. Instances that were broken before the present
 * deployment get one more try, and may stay broken: the caller sees them as not healthy in what it observes.
 */
export const setInstances = async (
  environment: Environment,
  { service, counts }: { service: string; counts: Record<RevisionId, number> },
  run: EffectRun,
): Promise<void> => {
  const { fleet } = environment;
  const wanted = Object.fromEntries(Object.entries(counts).filter(([, count]) => count > 0));
  for (const revision of Object.keys(wanted)) stagedRevision(environment.state(), service, revision);
  const change = planChange(environment, service, wanted);
  try {
    await untilHealthy(change, environment, run);
    await environment.change((state) => withCounts(state, service, wanted));
  } catch (error) {
    await fleet.remove(change.added);
    throw error;
  }
  const gone = Promise.all([fleet.remove(change.leaving), fleet.drained(service)]);
  await orAborted(gone, run.signal);
};
