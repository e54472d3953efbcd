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

export const platformOf = (platform: Platform, call: CallOf): Platform => ({
  ...platform,
  callBudgetMs: CALL_BUDGET_MS,
  observe: (options) => call("observe", () => platform.observe(options)),
  ensureBacking: (backing, context) =>
    call("ensure backing", () => platform.ensureBacking(backing, context), context.epoch),
  stageRevision: (staged, context) =>
    call("stage", () => platform.stageRevision(staged, context), context.epoch),
  stageSite: (site, context) => call("stage", () => platform.stageSite(site, context), context.epoch),
  setInstances: (service, counts, context) =>
    call("set instances", () => platform.setInstances(service, counts, context), context.epoch),
  setWeights: (service, weights, context) =>
    call("set weights", () => platform.setWeights(service, weights, context), context.epoch),
  switchSite: (site, to, context) =>
    call("switch a site", () => platform.switchSite(site, to, context), context.epoch),
  appliedMigrations: (migrations, spec, context) =>
    call("read the schema", () => platform.appliedMigrations(migrations, spec, context)),
  runCommand: (command, spec, context) =>
    call("migrate", () => platform.runCommand(command, spec, context), context.epoch),
  metrics: (service, revision, sinceMs, options) =>
    call("read metrics", () => platform.metrics(service, revision, sinceMs, options)),
  smoke: (check, options) => call("smoke", () => platform.smoke(check, options)),
  retire: (keep, context) => call("retire", () => platform.retire(keep, context), context.epoch),
  settle: (context) => call("settle", () => platform.settle(context), context.epoch),
});
