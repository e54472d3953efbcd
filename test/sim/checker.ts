import { canonicalJson, sha256 } from "../../src/domain/digest.ts";
import type { EnvironmentState } from "../../src/domain/environment-state.ts";
import { emptyState, foldEntry } from "../../src/domain/fold.ts";
import type { LogEntry, LogEvent } from "../../src/domain/log-entry.ts";
import { unseal } from "../../src/domain/sealed.ts";
import { targetServices } from "../../src/planner/revisions.ts";
import type { World } from "../helpers/memory-platform.ts";
import type { makeMemoryStore } from "../helpers/memory-store.ts";
import { nameOf, releaseById } from "./releases.ts";
import { makeTrafficWatch, makeTreeWatch, mustServe, routedIn, servedBy } from "./serving.ts";
import { Violation } from "./violation.ts";

export interface Checker {
  /** Looks at all that changed since the last call. Throws Violation. */
  look(): void;
  /** The log folded by the checker itself. */
  state(): EnvironmentState;
  /** How many deployments ended in each way. */
  ended(): Record<string, number>;
  /** An effect is about to be sent under this epoch. `stoodStill`: its process slept after it had checked its lease. */
  effectStarts(effect: { pid: number; epoch: number; stoodStill: boolean }): void;
  /** An effect comes to the platform. `alive`: its process neither died nor stood still since it had checked its lease. */
  effectArrives(effect: { pid: number; epoch: number; alive: boolean }): void;
  /** An effect was carried out. */
  effectEnds(effect: { pid: number; epoch: number }): void;
  /** This deployer knows what the platform looks like. */
  looked(actor: string): void;
  /** A deployer was told that it is fenced. */
  fenced(actor: string): void;
  /** What this deployer starts is asked for by no person. */
  automated(actor: string): void;
}

interface Deps {
  environment: string;
  store: ReturnType<typeof makeMemoryStore>;
  world: World;
}

export const makeChecker = ({ environment, store, world }: Deps): Checker => {
  const prefix = `environments/${environment}/log/`;
  const states: EnvironmentState[] = [emptyState(environment)];
  const written: Uint8Array[] = [];
  const automations = new Set<string>();
  const ended: Record<string, number> = {};
  const lookAtLease = makeLeaseWatch(environment, store);
  const lookAtHead = makeHeadWatch(environment, store);
  const traffic = makeTrafficWatch(world);
  const lookAtTrees = makeTreeWatch(world);
  /** Somebody rolled back, and nobody has deployed by hand or unlocked since: told by the events alone. */
  let held = false;
  /** The epoch of whoever looked at the platform last while it held the environment. */
  let lookedUnder = 0;
  let before = { served: "", routed: {} as Record<string, string[]> };

  const keyOf = (sequence: number) => `${prefix}${String(sequence).padStart(12, "0")}.json`;
  const fold = () => states.at(-1)!;

  const readNew = (): void => {
    for (;;) {
      const sequence = states.length;
      const stored = store.objects.get(keyOf(sequence));
      if (stored === undefined) break;
      const unsealed = unseal(stored.bytes);
      if (unsealed.type !== "whole") throw new Violation("the log is whole", `entry ${sequence} is damaged`);
      const entry = unsealed.value as unknown as LogEntry;
      const last = fold();
      try {
        states.push(foldEntry(last, entry, sha256(stored.bytes)));
      } catch (error) {
        throw new Violation("the log has no gap, fork or rewrite", (error as Error).message);
      }
      written.push(stored.bytes);
      if (entry.epoch > last.epoch && last.open !== null && entry.events[0]?.type !== "taken-over")
        throw new Violation("a takeover is written before anything else", `entry ${sequence}`);
      for (const event of entry.events) onEvent(event, entry, last);
    }
  };

  const onEvent = (event: LogEvent, { writer }: LogEntry, last: EnvironmentState): void => {
    const now = fold();
    if (event.type === "deployment-planned") {
      if (last.lock !== null)
        throw new Violation("no deployment starts while the environment is locked", event.deployment);
      if (held && automations.has(writer) && event.plan.action !== "rollback")
        throw new Violation("a rolled-back environment waits for a person's word", event.deployment);
      const wayBack = last.earlier.find(({ rolledBack }) => !rolledBack)?.release;
      if (event.plan.action === "rollback" && event.plan.release !== wayBack)
        throw new Violation("a rollback goes back to what served", event.deployment);
      before = { served: servedBy(world.observed), routed: routedIn(world.observed) };
      const targets = targetServices(releaseById(event.plan.release), event.plan.binding);
      const target: [string, string[]][] = Object.entries(targets).map(([name, { revision }]) => [
        name,
        [...(before.routed[name] ?? []), revision],
      ]);
      traffic.allow({ ...before.routed, ...Object.fromEntries(target) });
    }
    if (event.type === "unlocked") held = false;
    if (event.type === "committed") {
      held = now.open?.plan.action === "rollback";
      mustServe(world, now, `${event.deployment} was committed`);
    }
    if (event.type === "deployment-ended") {
      const { outcome } = event.receipt;
      ended[outcome] = (ended[outcome] ?? 0) + 1;
      if (outcome === "succeeded" || now.serving !== null) mustServe(world, now, `${event.deployment} ended`);
      if (outcome === "compensated" && servedBy(world.observed) !== before.served)
        throw new Violation(
          "compensation restores exactly what was observed before",
          `${event.deployment}: ${servedBy(world.observed)} instead of ${before.served}`,
        );
      traffic.allow(outcome === "compensated" ? before.routed : routedIn(world.observed));
    }
  };

  let looks = 0;
  /** Every entry again now and then: nothing that was written changes. */
  const lookAtHistory = (): void => {
    if ((looks += 1) % 256 !== 0) return;
    written.forEach((bytes, index) => {
      if (store.objects.get(keyOf(index + 1))?.bytes !== bytes)
        throw new Violation("the log has no gap, fork or rewrite", `entry ${index + 1} was changed`);
    });
  };

  return {
    state: fold,
    ended: () => ended,
    look: () => {
      readNew();
      lookAtLease();
      lookAtHead(states);
      traffic.look();
      lookAtTrees(fold());
      lookAtHistory();
    },
    automated: (actor) => void automations.add(actor),
    fenced: (actor) => {
      readNew();
      if (lookAtLease().actor === actor)
        throw new Violation("only a takeover fences", `${actor} was fenced and still holds the environment`);
    },
    effectEnds: ({ pid, epoch }) => {
      if (epoch < lookedUnder)
        throw new Violation(
          "what was under way before a takeover ends before it goes on",
          `p${pid} under epoch ${epoch}, after ${lookedUnder} had looked`,
        );
    },
    looked: (actor) => {
      const holder = lookAtLease();
      if (holder.actor === actor) lookedUnder = holder.epoch;
    },
    effectArrives: ({ pid, epoch, alive }) => {
      readNew();
      if (alive && fold().epoch > epoch)
        throw new Violation("an effect ends before its lease does", `p${pid} under epoch ${epoch}`);
    },
    effectStarts: ({ pid, epoch, stoodStill }) => {
      readNew();
      if (!stoodStill && fold().epoch > epoch)
        throw new Violation("a fenced deployer starts no further effect", `p${pid} under epoch ${epoch}`);
    },
  };
};

/** Each look gives who holds the highest epoch. */
const makeLeaseWatch = (environment: string, store: Deps["store"]) => {
  const holders = new Map<number, string>();
  let highest = 0;
  let etag: string | null = null;
  const highestHolder = () => ({ epoch: highest, actor: holders.get(highest) });
  return (): { epoch: number; actor: string | undefined } => {
    const stored = store.objects.get(`environments/${environment}/lease.json`);
    if (stored === undefined || stored.etag === etag) return highestHolder();
    etag = stored.etag;
    const unsealed = unseal(stored.bytes);
    if (unsealed.type !== "whole") return highestHolder();
    const { epoch, holder } = unsealed.value as unknown as { epoch: number; holder: { actor: string } };
    const known = holders.get(epoch);
    if (known !== undefined && known !== holder.actor)
      throw new Violation("an epoch has one holder", `${epoch} is held by ${known} and ${holder.actor}`);
    if (epoch < highest) throw new Violation("epochs never fall", `${epoch} after ${highest}`);
    highest = epoch;
    holders.set(epoch, holder.actor);
    return highestHolder();
  };
};

const makeHeadWatch = (environment: string, store: Deps["store"]) => {
  let sequence = 0;
  let etag: string | null = null;
  return (states: EnvironmentState[]): void => {
    const stored = store.objects.get(`environments/${environment}/head.json`);
    if (stored === undefined || stored.etag === etag) return;
    etag = stored.etag;
    const unsealed = unseal(stored.bytes);
    const { state } = (unsealed.type === "whole" ? unsealed.value : {}) as { state: EnvironmentState };
    if (state.sequence < sequence)
      throw new Violation("the head's number never falls", `${state.sequence} after ${sequence}`);
    sequence = state.sequence;
    const folded = states[state.sequence];
    // Most are equal letter for letter, which is soon seen.
    const same =
      folded !== undefined &&
      (JSON.stringify(state) === JSON.stringify(folded) || canonicalJson(state) === canonicalJson(folded));
    if (!same)
      throw new Violation("the head is the fold of the log up to its number", `number ${state.sequence}`);
  };
};

export const describeState = (state: EnvironmentState): string =>
  `${nameOf(state.serving?.release)} serves${state.open === null ? "" : `, ${state.open.id} is open`}`;
