import type { Platform } from "../../src/ports/platform.ts";
import type { Store } from "../../src/ports/store.ts";
import type { Call } from "./faults.ts";

export const CALL_BUDGET_MS = 2_000;

/** Sends one call of a deployer on its way, where anything may happen to it. */
export type CallOf = <T>(name: Call, act: () => Promise<T>, epoch?: number | null) => Promise<T>;

/** The store and the platform as a deployer meets them. */
export const storeOf = (store: Store, call: CallOf): Store => ({
  get: (key) => call("read the store", () => store.get(key)),
  list: (prefix) => call("read the store", () => store.list(prefix)),
  create: (key, bytes) =>
    call(key.includes("/log/") ? "append to the log" : "write a checkpoint", () => store.create(key, bytes)),
  replace: (key, bytes, etag) =>
    call(key.endsWith("lease.json") ? "replace the lease" : "replace the head", () =>
      store.replace(key, bytes, etag),
    ),
});

/** The signal as the platform meets it: what is cancelled may be carried out all the same. */
export type CancelOf = (signal: AbortSignal) => AbortSignal;

export const platformOf = (platform: Platform, call: CallOf, cancelOf: CancelOf): Platform => {
  const effect = <C extends { epoch: number | null; signal: AbortSignal }, T>(
    name: Call,
    context: C,
    act: (met: C) => Promise<T>,
  ): Promise<T> => {
    const met = { ...context, signal: cancelOf(context.signal) };
    return call(name, () => act(met), context.epoch);
  };
  return {
    ...platform,
    callBudgetMs: CALL_BUDGET_MS,
    observe: (options) => call("observe", () => platform.observe(options)),
    ensureBacking: (backing, context) =>
      effect("ensure backing", context, (context) => platform.ensureBacking(backing, context)),
    stageRevision: (staged, context) =>
      effect("stage", context, (context) => platform.stageRevision(staged, context)),
    stageSite: (site, context) => effect("stage", context, (context) => platform.stageSite(site, context)),
    setInstances: (service, counts, context) =>
      effect("set instances", context, (context) => platform.setInstances(service, counts, context)),
    setWeights: (service, weights, context) =>
      effect("set weights", context, (context) => platform.setWeights(service, weights, context)),
    switchSite: (site, to, context) =>
      effect("switch a site", context, (context) => platform.switchSite(site, to, context)),
    appliedMigrations: (migrations, spec, context) =>
      call("read the schema", () => platform.appliedMigrations(migrations, spec, context)),
    runMigration: (command, spec, context) =>
      effect("migrate", context, (context) => platform.runMigration(command, spec, context)),
    metrics: (service, revision, sinceMs, options) =>
      call("read metrics", () => platform.metrics(service, revision, sinceMs, options)),
    smoke: (check, options) => call("smoke", () => platform.smoke(check, options)),
    retire: (keep, context) => effect("retire", context, (context) => platform.retire(keep, context)),
    settle: (context) => effect("settle", context, (context) => platform.settle(context)),
  };
};
