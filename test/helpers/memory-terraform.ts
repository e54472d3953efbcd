import { AppError } from "../../src/domain/errors.ts";
import type { PlanMode, Running, Terraform } from "../../src/ports/infra.ts";

/** A root folder of `terraform_data` resources: what both the real program and the one in memory can run. */
export interface Root {
  resources: Record<string, { input: string; replaceWith?: string }>;
  outputs?: Record<string, unknown>;
}

interface Instance {
  id: string;
  input: string;
  replaceWith: string | null;
}

interface MadePlan {
  serial: number;
  changes: { address: string; actions: string[]; before: Instance | null; after: Instance | null }[];
  outputs: Record<string, unknown>;
  mode: PlanMode;
}

export interface MemoryTerraform extends Terraform {
  root: Root;
  /** What there is, by address. */
  readonly instances: Map<string, Instance>;
  /** Further entries of the next plans: resources of other types. */
  extra: Record<string, unknown>[];
  /** What the policies see of the next plans: resources as they will be. */
  planned: Record<string, unknown>[];
  drift: Record<string, unknown>[];
  /** Rejects the next call of this operation. */
  fail: Partial<Record<"init" | "plan" | "apply" | "outputs", AppError>>;
  readonly calls: string[];
  /** Somebody else applies something. */
  changeBehind(): void;
}

/** Terraform as the port promises it, without a program. Passes the suite that the real one passes. */
export const makeMemoryTerraform = (root: Root): MemoryTerraform => {
  const plans = new Map<string, MadePlan>();
  let serial = 0;
  let ids = 0;
  let outputs: Record<string, unknown> = {};
  const called = (operation: "init" | "plan" | "apply" | "outputs", { interrupt }: Running = {}) => {
    memory.calls.push(operation);
    const failure = memory.fail[operation];
    if (failure !== undefined) {
      delete memory.fail[operation];
      throw failure;
    }
    if (interrupt?.aborted === true) throw new AppError("INTERRUPTED", "Stopped; nothing was changed.");
  };
  const change = (address: string, wanted: Root["resources"][string] | undefined): MadePlan["changes"] => {
    const before = memory.instances.get(address) ?? null;
    if (wanted === undefined)
      return before === null ? [] : [{ address, actions: ["delete"], before, after: null }];
    const replaceWith = wanted.replaceWith ?? null;
    const after = { id: before?.id ?? "", input: wanted.input, replaceWith };
    if (before === null) return [{ address, actions: ["create"], before, after }];
    if (before.replaceWith !== replaceWith)
      return [{ address, actions: ["delete", "create"], before, after }];
    return before.input === wanted.input ? [] : [{ address, actions: ["update"], before, after }];
  };
  const memory: MemoryTerraform = {
    root,
    instances: new Map(),
    extra: [],
    planned: [],
    drift: [],
    fail: {},
    calls: [],
    changeBehind: () => void (serial += 1),
    version: () => Promise.resolve({ program: "terraform", version: "1.11.4" }),
    init: async (request) => called("init", request),
    plan: async ({ file, mode, ...running }) => {
      called("plan", running);
      const wanted = mode === "destroy" ? {} : memory.root.resources;
      const addresses = new Set([
        ...memory.instances.keys(),
        ...Object.keys(wanted).map((name) => `terraform_data.${name}`),
      ]);
      const changes = [...addresses]
        .sort()
        .flatMap((address) => change(address, wanted[address.split(".")[1]!]));
      plans.set(file, {
        serial,
        changes,
        outputs: mode === "destroy" ? {} : (memory.root.outputs ?? {}),
        mode,
      });
    },
    show: async (file) => {
      if (file === null) return { format_version: "1.0", values: { root_module: { resources: [] } } };
      const plan = plans.get(file);
      if (plan === undefined) throw new AppError("INFRA_FAILED", `${file} is not there.`);
      return {
        format_version: "1.2",
        terraform_version: "1.11.4",
        resource_changes: [
          ...plan.changes.map(({ address, actions, before, after }) => ({
            address,
            type: "terraform_data",
            mode: "managed",
            change: {
              actions,
              before: valuesOf(before),
              after: valuesOf(after),
              after_unknown: {},
              replace_paths: actions.length === 2 ? [["triggers_replace"]] : undefined,
            },
          })),
          ...memory.extra,
        ],
        planned_values: { root_module: { resources: memory.planned } },
        configuration: { root_module: {} },
        resource_drift: memory.drift,
        output_changes: Object.fromEntries(
          Object.keys({ ...outputs, ...plan.outputs })
            .filter((name) => JSON.stringify(outputs[name]) !== JSON.stringify(plan.outputs[name]))
            .map((name) => [name, { actions: ["update"] }]),
        ),
        complete: true,
      };
    },
    apply: async ({ file, onEvent, ...running }) => {
      called("apply", running);
      const plan = plans.get(file);
      if (plan === undefined || plan.serial !== serial)
        throw new AppError(
          "INFRA_PLAN_STALE",
          "The saved plan was made for another state than there is now.",
        );
      serial += 1;
      for (const { address, actions, before, after } of plan.changes) {
        const action = actions.includes("delete") ? "delete" : actions[0]!;
        onEvent?.({ type: "started", address, action });
        memory.instances.delete(address);
        const id = before !== null && !actions.includes("delete") ? before.id : `id-${(ids += 1)}`;
        if (after !== null) memory.instances.set(address, { ...after, id });
        onEvent?.({ type: "ended", address, action, elapsedMs: 0, id: "1" });
      }
      outputs = plan.outputs;
    },
    outputs: async () => {
      called("outputs");
      return Object.fromEntries(
        Object.entries(outputs).map(([name, value]) => [name, { value, sensitive: false }]),
      );
    },
  };
  return memory;
};

const valuesOf = (instance: Instance | null) =>
  instance === null
    ? null
    : { id: instance.id, input: instance.input, triggers_replace: instance.replaceWith };
