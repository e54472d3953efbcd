import { readdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import type { RevisionId, RevisionSpec } from "../../../domain/revision.ts";
import type { Gateway } from "../gateway/types.ts";
import type { BootDeps, BootOptions } from "./boot.ts";
import { startSlot, type Slot } from "./slot.ts";

const KEPT_LOGS = 20;
const KEPT_CRASHES = 1_000;

export interface FleetDeps {
  environment: string;
  gateway: Pick<Gateway, "drain">;
  boot: BootDeps;
  logFolder: string;
  temporaryFolder: string;
  /** Everything that is made ready right before a process starts: its files, what it connects to, its secrets. */
  prepare: (
    spec: RevisionSpec,
    revision: RevisionId,
  ) => Promise<
    Pick<BootOptions, "cwd"> & { variables: (port: number | null, temporary: string) => Variables }
  >;
  onChange: () => void;
}

type Variables = ReturnType<BootOptions["variables"]>;

/** The instances of one environment. */
export interface Fleet {
  /** Those that shall run: without the ones on their way out. */
  slots(service?: string): Slot[];
  add(spec: RevisionSpec, revision: RevisionId, firstBoot: "once" | "keep"): Slot;
  /** Out of the table, drained, stopped. Goes on when nobody waits for it. */
  remove(slots: Slot[]): Promise<void>;
  /** Resolves when nothing of the service is on its way out any more. */
  drained(service: string): Promise<void>;
  /** Resolves when every instance has once got healthy, or has once failed to: after a restart they all boot anew. */
  settled(): Promise<void>;
  crashes(revision: RevisionId, sinceMs: number): number;
  all(): Slot[];
  /** Requests under way get at most `drainMs`. */
  stop(options: { drainMs: number }): Promise<void>;
}

export const makeFleet = (deps: FleetDeps): Fleet => {
  const { environment, boot } = deps;
  const slots = new Set<Slot>();
  const leaving = new Map<Slot, Promise<void>>();
  const crashes = new Map<RevisionId, number[]>();
  let count = 0;

  const add: Fleet["add"] = (spec, revision, firstBoot) => {
    const id = `${environment}.${spec.service}.${revision.slice(0, 6)}.${(count += 1)}`;
    const logFolder = join(deps.logFolder, spec.service);
    void pruneLogs(
      logFolder,
      [...slots].map((slot) => `${slot.id}.log`),
    );
    const bootOptions = async (instance: string, signal: AbortSignal): Promise<BootOptions> => {
      const { cwd, variables } = await deps.prepare(spec, revision);
      const temporary = join(deps.temporaryFolder, instance);
      return {
        id: instance,
        spec,
        revision,
        cwd,
        temporary,
        logFile: join(logFolder, `${id}.log`),
        variables: (port) => variables(port, temporary),
        signal,
      };
    };
    const onCrash = (): void => {
      const times = crashes.get(revision) ?? [];
      crashes.set(revision, [...times.slice(1 - KEPT_CRASHES), boot.clock.monotonicMs()]);
    };
    const onChange = (): void => deps.onChange();
    const slot = startSlot({ id, spec, revision, firstBoot, bootOptions, deps: boot, onChange, onCrash });
    slot.booted.catch(() => undefined);
    slots.add(slot);
    return slot;
  };

  const removeOne = async (slot: Slot, drainMs: number): Promise<void> => {
    slot.beginDrain();
    const process = slot.process();
    if (process !== null)
      await deps.gateway.drain([process.id], { timeoutMs: Math.min(drainMs, slot.spec.stopMs) });
    await slot.stop();
    slots.delete(slot);
    leaving.delete(slot);
    deps.onChange();
  };

  const remove = async (going: Slot[], drainMs = Infinity): Promise<void> => {
    for (const slot of going) if (!leaving.has(slot)) leaving.set(slot, removeOne(slot, drainMs));
    await Promise.all(going.map((slot) => leaving.get(slot)));
  };

  const isWanted = (slot: Slot): boolean => !leaving.has(slot) && slot.state() !== "stopped";

  return {
    add,
    remove: (going) => remove(going),
    slots: (service) =>
      [...slots].filter((slot) => isWanted(slot) && (service === undefined || slot.spec.service === service)),
    all: () => [...slots],
    drained: async (service) => {
      const going = [...leaving].filter(([slot]) => slot.spec.service === service);
      await Promise.all(going.map(([, gone]) => gone));
    },
    settled: async () => void (await Promise.allSettled([...slots].map((slot) => slot.booted))),
    crashes: (revision, sinceMs) => {
      const from = boot.clock.monotonicMs() - sinceMs;
      return (crashes.get(revision) ?? []).filter((at) => at >= from).length;
    },
    stop: ({ drainMs }) => remove([...slots], drainMs),
  };
};

/** Keeps the newest, and those of instances that run. */
const pruneLogs = async (folder: string, used: string[]): Promise<void> => {
  const names = await readdir(folder).catch(() => []);
  if (names.length <= KEPT_LOGS) return;
  const ages = await Promise.all(
    names.map(async (name) => ({
      name,
      ms: (await stat(join(folder, name)).catch(() => null))?.mtimeMs ?? 0,
    })),
  );
  const old = ages.sort((a, b) => b.ms - a.ms).slice(KEPT_LOGS);
  for (const { name } of old) if (!used.includes(name)) await rm(join(folder, name), { force: true });
};
