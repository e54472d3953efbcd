import { canonicalJson, sha256 } from "../../src/domain/digest.ts";
import type { EnvironmentState } from "../../src/domain/environment-state.ts";
import { emptyState, foldEntry } from "../../src/domain/fold.ts";
import type { LogEntry } from "../../src/domain/log-entry.ts";
import type { ObservedEnvironment } from "../../src/domain/observed.ts";
import { unseal } from "../../src/domain/sealed.ts";
import { targetServices, targetSites } from "../../src/planner/revisions.ts";
import type { World } from "../helpers/memory-platform.ts";
import type { makeMemoryStore } from "../helpers/memory-store.ts";
import { nameOf, RELEASES, releaseOf } from "./app.ts";

export class Violation extends Error {
  readonly invariant: string;

  constructor(invariant: string, detail: string) {
    super(`${invariant}: ${detail}`);
    this.invariant = invariant;
  }
}

export interface Checker {
  /** Looks at all that changed since the last call. Throws Violation. */
  look(): void;
  /** The log folded by the checker itself. */
  state(): EnvironmentState;
  /** An effect is about to be sent under this epoch. `stoodStill`: its process slept after it had checked its lease. */
  effectStarts(effect: { pid: number; epoch: number; stoodStill: boolean }): void;
  /** A deployer was told that it is fenced. */
  fenced(actor: string): void;
}

/** What a person meets: traffic by revision, instances, sites. */
export const servedBy = (observed: ObservedEnvironment): string => {
  const services = Object.entries(observed.services).map(([name, { revisions, weights }]) => {
    const routed = Object.entries(weights).filter(([, weight]) => weight > 0);
    const running = Object.entries(revisions)
      .filter(([, { wanted }]) => wanted > 0)
      .map(([id, { wanted }]) => [id, wanted] as const);
    return [name, { weights: Object.fromEntries(routed), instances: Object.fromEntries(running) }] as const;
  });
  const busy = services.filter(
    ([, { weights, instances }]) => Object.keys(weights).length + Object.keys(instances).length > 0,
  );
  return canonicalJson({ services: Object.fromEntries(busy), sites: observed.sites });
};

export const makeChecker = (deps: {
  environment: string;
  store: ReturnType<typeof makeMemoryStore>;
  world: World;
}): Checker => {
  const { environment, store, world } = deps;
  const prefix = `environments/${environment}/log/`;
  const states: EnvironmentState[] = [emptyState(environment)];
  const hashes: string[] = [];
  let highestEpoch = 0;
  /** Who took the lease, by epoch. */
  const holders = new Map<number, string>();
  let leaseEtag: string | null = null;
  let headSequence = 0;
  let headEtag: string | null = null;
  let beforeDeployment: string | null = null;

  const keyOf = (sequence: number) => `${prefix}${String(sequence).padStart(12, "0")}.json`;
  const fold = () => states.at(-1)!;

  const readNew = (): void => {
    for (;;) {
      const sequence = states.length;
      const stored = store.objects.get(keyOf(sequence));
      if (stored === undefined) break;
      const hash = sha256(stored.bytes);
      const unsealed = unseal(stored.bytes);
      if (unsealed.type !== "whole") throw new Violation("the log is whole", `entry ${sequence} is damaged`);
      const entry = unsealed.value as unknown as LogEntry;
      const before = fold();
      let state: EnvironmentState;
      try {
        state = foldEntry(before, entry, hash);
      } catch (error) {
        throw new Violation("the log has no gap, fork or rewrite", (error as Error).message);
      }
      states.push(state);
      hashes.push(hash);
      highestEpoch = Math.max(highestEpoch, state.epoch);
      if (entry.epoch > before.epoch && before.open !== null && entry.events[0]?.type !== "taken-over")
        throw new Violation("a takeover is written before anything else", `entry ${sequence}`);
      for (const event of entry.events) onEvent(event, before, state);
    }
  };

  const onEvent = (
    event: LogEntry["events"][number],
    before: EnvironmentState,
    after: EnvironmentState,
  ): void => {
    if (event.type === "deployment-planned") {
      if (before.lock !== null)
        throw new Violation("no deployment starts while the environment is locked", event.deployment);
      beforeDeployment = servedBy(world.observed);
    }
    if (event.type === "committed") mustServe(after, `${event.deployment} was committed`);
    if (event.type === "deployment-ended") {
      const { outcome } = event.receipt;
      if (outcome === "succeeded") mustServe(after, `${event.deployment} succeeded`);
      if (after.serving !== null) mustServe(after, `${event.deployment} ended`);
      if (outcome === "compensated" && servedBy(world.observed) !== beforeDeployment)
        throw new Violation(
          "compensation restores exactly what was observed before",
          `${event.deployment}: ${servedBy(world.observed)} instead of ${beforeDeployment}`,
        );
    }
  };

  /** The environment serves what its log says that it serves. */
  const mustServe = (state: EnvironmentState, when: string): void => {
    const { serving } = state;
    const name = RELEASES.find((one) => releaseOf(one).id === serving?.release);
    if (serving === null || name === undefined)
      throw new Violation("success means serving", `${when}, nothing serves`);
    const release = releaseOf(name);
    for (const [service, { revision, spec, instances }] of Object.entries(
      targetServices(release, serving.binding),
    )) {
      const now = world.observed.services[service];
      const routed = Object.entries(now?.weights ?? {}).filter(([, weight]) => weight > 0);
      const right = spec.kind !== "web" || (routed.length === 1 && routed[0]![0] === revision);
      if (!right || (now?.revisions[revision]?.healthy ?? 0) < instances)
        throw new Violation(
          "success means serving",
          `${when}, ${service} is ${JSON.stringify(now?.weights)}`,
        );
    }
    for (const [site, spec] of Object.entries(targetSites(release, serving.binding)))
      if (canonicalJson(world.observed.sites[site]?.spec) !== canonicalJson(spec))
        throw new Violation("success means serving", `${when}, site ${site} is another one`);
  };

  const lookAtHead = (): void => {
    const stored = store.objects.get(`environments/${environment}/head.json`);
    if (stored === undefined || stored.etag === headEtag) return;
    headEtag = stored.etag;
    const unsealed = unseal(stored.bytes);
    const { state } = (unsealed.type === "whole" ? unsealed.value : {}) as { state: EnvironmentState };
    if (state.sequence < headSequence)
      throw new Violation("the head's number never falls", `${state.sequence} after ${headSequence}`);
    headSequence = state.sequence;
    if (canonicalJson(state) !== canonicalJson(states[state.sequence]))
      throw new Violation("the head is the fold of the log up to its number", `number ${state.sequence}`);
  };

  const lookAtTraffic = (): void => {
    for (const [service, { revisions, weights }] of Object.entries(world.observed.services)) {
      const routed = Object.entries(weights).filter(([, weight]) => weight > 0);
      const sum = routed.reduce((total, [, weight]) => total + weight, 0);
      if (routed.length > 0 && Math.abs(sum - 100) > 0.01)
        throw new Violation("traffic sums to 100 %", `${service} ${JSON.stringify(weights)}`);
      for (const [id] of routed)
        if ((revisions[id]?.healthy ?? 0) === 0)
          throw new Violation(
            "traffic goes only to what runs",
            `${service} sends to ${id}, which does not run`,
          );
    }
  };

  const lookAtLease = (): void => {
    const stored = store.objects.get(`environments/${environment}/lease.json`);
    if (stored === undefined || stored.etag === leaseEtag) return;
    leaseEtag = stored.etag;
    const unsealed = unseal(stored.bytes);
    if (unsealed.type !== "whole") return;
    const { epoch, holder } = unsealed.value as unknown as { epoch: number; holder: { actor: string } };
    const known = holders.get(epoch);
    if (known !== undefined && known !== holder.actor)
      throw new Violation("an epoch has one holder", `${epoch} is held by ${known} and ${holder.actor}`);
    if (epoch < Math.max(0, ...holders.keys()))
      throw new Violation("epochs never fall", `${epoch} after ${Math.max(...holders.keys())}`);
    holders.set(epoch, holder.actor);
  };

  let looks = 0;
  const lookAtHistory = (): void => {
    // Every entry again now and then: nothing that was written changes.
    if ((looks += 1) % 64 !== 0) return;
    hashes.forEach((hash, index) => {
      const stored = store.objects.get(keyOf(index + 1));
      if (stored === undefined || sha256(stored.bytes) !== hash)
        throw new Violation("the log has no gap, fork or rewrite", `entry ${index + 1} was changed`);
    });
  };

  return {
    state: fold,
    look: () => {
      readNew();
      lookAtLease();
      lookAtHead();
      lookAtTraffic();
      lookAtHistory();
    },
    fenced: (actor) => {
      readNew();
      lookAtLease();
      if (holders.get(Math.max(0, ...holders.keys())) === actor)
        throw new Violation("only a takeover fences", `${actor} was fenced and still holds the environment`);
    },
    effectStarts: ({ pid, epoch, stoodStill }) => {
      readNew();
      if (!stoodStill && highestEpoch > epoch)
        throw new Violation("a fenced deployer starts no further effect", `p${pid} under epoch ${epoch}`);
    },
  };
};

export const describeState = (state: EnvironmentState): string =>
  `${nameOf(state.serving?.release)} serves${state.open === null ? "" : `, ${state.open.id} is open`}`;
