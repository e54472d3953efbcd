import { join } from "node:path";
import type { RevisionId, RevisionSpec } from "../../../domain/revision.ts";
import type { Gateway } from "../gateway/types.ts";
import type { Secrets } from "../secrets.ts";
import type { Backing } from "./backing.ts";
import { makeBaseline, type Baseline } from "./baseline.ts";
import type { BootDeps } from "./boot.ts";
import { environmentVariables } from "./environment-variables.ts";
import { makeFence, type Fence } from "./fence.ts";
import { makeFleet, type Fleet } from "./fleet.ts";
import { makeMask, type Mask } from "./secret-mask.ts";
import { saveState, type EnvironmentState } from "./state.ts";
import type { Trees } from "./trees.ts";

export interface EnvironmentDeps {
  stateDir: string;
  inherited: Readonly<Record<string, string | undefined>>;
  trees: Trees;
  backing: Backing;
  secrets: Secrets;
  gateway: Pick<Gateway, "drain">;
  boot: BootDeps;
  /** What shall be so, or who is healthy, has changed: the gateway's table is made anew. */
  onChange: () => void;
}

export interface PreparedProcess {
  cwd: string;
  variables: (port: number | null, temporary: string) => Promise<{ env: Record<string, string>; mask: Mask }>;
}

/** One environment: what shall be so (durable), what runs, and the fence between deployers. */
export interface Environment {
  readonly name: string;
  readonly deps: EnvironmentDeps;
  readonly fence: Fence;
  readonly fleet: Fleet;
  readonly baseline: Baseline;
  readonly logFolder: string;
  readonly temporaryFolder: string;
  state(): EnvironmentState;
  /** One change after the other; durable, and in the gateway's table, when it returns. A change that fails changes nothing. */
  change(next: (state: EnvironmentState) => EnvironmentState): Promise<void>;
  /** All that a process of the revision needs before it can start. */
  prepare(spec: RevisionSpec, revision: RevisionId): Promise<PreparedProcess>;
  /** Called after every change; used for what happens by itself later. */
  onChanged(listener: () => void): void;
}

/** The part of a database URL that must not be read by others. */
const passwordsOf = (urls: (string | null)[]): string[] =>
  urls.flatMap((url) => (url === null ? [] : [decodeURIComponent(new URL(url).password)]));

export const makeEnvironment = (initial: EnvironmentState, deps: EnvironmentDeps): Environment => {
  const name = initial.environment;
  const { stateDir } = deps;
  const folder = join(stateDir, "environments");
  const logFolder = join(stateDir, "logs", name);
  const temporaryFolder = join(stateDir, "tmp");
  const listeners: (() => void)[] = [];
  let state = initial;
  let turn: Promise<unknown> = Promise.resolve();

  const change: Environment["change"] = (next) => {
    const result = turn.then(async () => {
      const changed = next(state);
      if (changed === state) return;
      await saveState(folder, changed);
      state = changed;
      deps.onChange();
      for (const listener of listeners) listener();
    });
    turn = result.catch(() => undefined);
    return result;
  };

  const prepare: Environment["prepare"] = async (spec, revision) => {
    const nothing = { database: null, cache: false, buckets: [] };
    const [tree, backing, secrets] = await Promise.all([
      deps.trees.ensure(spec.tree),
      deps.backing.ensure(name, state.backing ?? nothing),
      deps.secrets.values(name, { service: spec.service, bound: spec.secrets }),
    ]);
    const hidden = [...Object.values(secrets), ...passwordsOf([backing.databaseUrl, backing.redisUrl])];
    const mask = makeMask(hidden);
    return {
      cwd: tree.root,
      variables: async (port, temporary) => ({
        mask,
        env: environmentVariables({
          inherited: deps.inherited,
          environment: name,
          spec,
          revision,
          port,
          temporary,
          backing,
          secrets,
        }),
      }),
    };
  };

  const fleet = makeFleet({
    environment: name,
    gateway: deps.gateway,
    boot: deps.boot,
    logFolder,
    temporaryFolder,
    prepare,
    onChange: deps.onChange,
  });
  const fence = makeFence({
    environment: name,
    epoch: () => state.epoch,
    raise: (epoch) => change((now) => ({ ...now, epoch })),
  });

  return {
    name,
    deps,
    fence,
    fleet,
    baseline: makeBaseline(fleet),
    logFolder,
    temporaryFolder,
    state: () => state,
    change,
    prepare,
    onChanged: (listener) => void listeners.push(listener),
  };
};

/** Starts what ran before, each instance for as long as it takes; returns at once. */
export const restore = (environment: Environment): void => {
  for (const service of Object.values(environment.state().services))
    for (const [revision, { spec, wanted }] of Object.entries(service.revisions))
      for (let n = 0; n < wanted; n += 1) environment.fleet.add(spec, revision, "keep");
};
