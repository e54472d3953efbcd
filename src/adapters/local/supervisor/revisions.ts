import type { Digest } from "../../../domain/digest.ts";
import { AppError } from "../../../domain/errors.ts";
import { revisionIdOf, type RevisionId } from "../../../domain/revision.ts";
import type { Clock } from "../../../ports/clock.ts";
import type { StagedRevision } from "../../../ports/platform.ts";
import type { Environment } from "./environment.ts";
import { withTree } from "./sites.ts";
import type { EnvironmentState, ServiceState } from "./state.ts";

const LONGEST_TIMER_MS = 2 ** 31 - 1;

/**
 * The revision's files are written out and its processes could start. Staging again takes the newer release's name. From
 * here on until it is settled, the deployment may build on anything that runs, so what is warm stays.
 */
export const stageRevision = async (
  environment: Environment,
  staged: StagedRevision,
  deployment: string,
): Promise<void> => {
  const { spec, revision, release } = staged;
  if (revisionIdOf(spec) !== revision)
    throw new AppError("BUG", `${revision} is not the id of the given spec of ${spec.service}`);
  await environment.change((state) => withTree(state, spec.tree));
  await environment.deps.trees.ensure(spec.tree);
  await environment.change((state) => {
    const found: ServiceState = state.services[spec.service] ?? { revisions: {}, weights: {} };
    const before = found.revisions[revision];
    const next = { spec, release, wanted: before?.wanted ?? 0, warmUntilMs: before?.warmUntilMs ?? null };
    const service = { ...found, revisions: { ...found.revisions, [revision]: next } };
    const services = { ...state.services, [spec.service]: service };
    return { ...state, services, unsettled: deployment };
  });
};

/** The deployment under way has ended: warm revisions whose time is over go. */
export const settle = (environment: Environment): Promise<void> =>
  environment.change((state) => (state.unsettled === null ? state : { ...state, unsettled: null }));

export interface Keep {
  revisions: Record<string, RevisionId[]>;
  trees: Digest[];
  warmMs: number;
}

const retired = (service: ServiceState, keep: RevisionId[], warmUntilMs: number): ServiceState => ({
  weights: Object.fromEntries(Object.entries(service.weights).filter(([id]) => keep.includes(id))),
  revisions: Object.fromEntries(
    Object.entries(service.revisions).map(([id, revision]) => [
      id,
      {
        ...revision,
        // The end of a warm time that runs already is not put off by a repeated call.
        warmUntilMs: keep.includes(id) ? null : Math.min(revision.warmUntilMs ?? Infinity, warmUntilMs),
      },
    ]),
  ),
});

/**
 * What is not named keeps running without traffic for `warmMs`, also over a restart of the supervisor, and is then stopped
 * and forgotten; with 0 that has happened when this resolves. Trees that nothing needs any more are removed.
 */
export const retire = async (
  environment: Environment,
  keep: Keep,
  sweep: () => Promise<void>,
): Promise<void> => {
  const untilMs = environment.deps.boot.clock.nowMs() + keep.warmMs;
  await environment.change((state) => ({
    ...state,
    trees: [...new Set(keep.trees)],
    services: Object.fromEntries(
      Object.entries(state.services).map(([name, service]) => [
        name,
        retired(service, keep.revisions[name] ?? [], untilMs),
      ]),
    ),
  }));
  await expire(environment, { nowMs: environment.deps.boot.clock.nowMs(), unlessUnsettled: false });
  await sweep();
};

const hasExpired = (warmUntilMs: number | null, wanted: number, nowMs: number): boolean =>
  // What does not run needs no warm time.
  warmUntilMs !== null && (warmUntilMs <= nowMs || wanted === 0);

const withoutExpired = (state: EnvironmentState, nowMs: number): EnvironmentState => ({
  ...state,
  services: Object.fromEntries(
    Object.entries(state.services)
      .map(([name, service]) => {
        const left = Object.entries(service.revisions).filter(
          ([, { warmUntilMs, wanted }]) => !hasExpired(warmUntilMs, wanted, nowMs),
        );
        return [name, { ...service, revisions: Object.fromEntries(left) }] as const;
      })
      .filter(([, service]) => Object.keys(service.revisions).length > 0),
  ),
});

interface Expiry {
  /** May be later than the clock says, when that was set back meanwhile. */
  nowMs: number;
  unlessUnsettled: boolean;
}

/** Stops and forgets the revisions whose warm time is over. */
const expire = async (environment: Environment, { nowMs, unlessUnsettled }: Expiry): Promise<void> => {
  await environment.change((state) => {
    // Asked again in the environment's turn: a deployment may have begun since the timer was set.
    if (unlessUnsettled && state.unsettled !== null) return state;
    const over = Object.values(state.services).some(({ revisions }) =>
      Object.values(revisions).some(({ warmUntilMs, wanted }) => hasExpired(warmUntilMs, wanted, nowMs)),
    );
    return over ? withoutExpired(state, nowMs) : state;
  });
  const { services } = environment.state();
  const forgotten = environment.fleet
    .slots()
    .filter((slot) => services[slot.spec.service]?.revisions[slot.revision]?.wanted === undefined);
  // Also what an interrupted call left half stopped: nothing of a forgotten revision runs when this resolves.
  await environment.fleet.remove(forgotten);
};

/** Lets warm revisions go when their time comes, until `signal` is aborted. */
export const expireInTime = (
  environment: Environment,
  { clock, signal, sweep }: { clock: Clock; signal: AbortSignal; sweep: () => Promise<void> },
): void => {
  let timer = new AbortController();
  const schedule = (): void => {
    timer.abort();
    timer = new AbortController();
    const { services, unsettled } = environment.state();
    const times = Object.values(services).flatMap(({ revisions }) =>
      Object.values(revisions).flatMap(({ warmUntilMs }) => (warmUntilMs === null ? [] : [warmUntilMs])),
    );
    if (times.length === 0 || unsettled !== null || signal.aborted) return;
    const startMs = clock.nowMs();
    const waitMs = Math.min(Math.max(1, Math.min(...times) - startMs), LONGEST_TIMER_MS);
    clock.sleep(waitMs, AbortSignal.any([timer.signal, signal])).then(
      () =>
        // So long it was at least, whatever the wall clock says: it may have been set back meanwhile.
        expire(environment, { nowMs: Math.max(clock.nowMs(), startMs + waitMs), unlessUnsettled: true })
          .then(sweep)
          // A full disk: the revision stays warm, and the next change tries again.
          .then(schedule, () => undefined),
      () => undefined,
    );
  };
  environment.onChanged(schedule);
  schedule();
};
