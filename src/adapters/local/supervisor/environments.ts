import { isAppError } from "../../../domain/errors.ts";
import type { Gateway } from "../gateway/types.ts";
import { makeEnvironment, restore, type Environment, type EnvironmentDeps } from "./environment.ts";
import { expireInTime } from "./revisions.ts";
import { routesOf } from "./routes.ts";
import { emptyState, serves, treesOf, type EnvironmentState } from "./state.ts";

export interface EnvironmentsDeps extends Omit<EnvironmentDeps, "onChange"> {
  app: string;
  gateway: Pick<Gateway, "drain" | "configure">;
  signal: AbortSignal;
  onMessage: (text: string) => void;
}

/** All environments of the project that were deployed to, or asked about. */
export interface Environments {
  of(name: string): Environment;
  all(): Environment[];
  /** Names of those that serve something. */
  serving(): string[];
  /** Brings back what ran before; sites are served when it resolves, instances boot behind the gateway. */
  restore(states: EnvironmentState[]): Promise<void>;
  /** Removes the trees that no environment needs. */
  sweep(): Promise<void>;
}

export const makeEnvironments = (deps: EnvironmentsDeps): Environments => {
  const { app, trees, gateway } = deps;
  const environments = new Map<string, Environment>();
  const all = (): Environment[] => [...environments.values()];
  const onChange = (): void => {
    const served = all().map((one) => ({ state: one.state(), slots: one.fleet.slots() }));
    gateway.configure(routesOf({ app, trees, environments: served.filter(({ state }) => serves(state)) }));
  };
  const sweep = (): Promise<void> => trees.sweep(() => new Set(all().flatMap((one) => treesOf(one.state()))));

  const add = (state: EnvironmentState): Environment => {
    const environment = makeEnvironment(state, { ...deps, onChange });
    environments.set(state.environment, environment);
    expireInTime(environment, { clock: deps.boot.clock, signal: deps.signal, sweep });
    return environment;
  };

  const siteTrees = (state: EnvironmentState): Promise<unknown>[] =>
    Object.values(state.sites)
      .flatMap(({ current, earlier }) => [...(current === null ? [] : [current.spec.tree]), ...earlier])
      .map((tree) =>
        trees.ensure(tree).catch((error: unknown) => {
          // The site is not served; the services are, and the next deployment of the site writes its files anew.
          deps.onMessage(
            `a site of ${state.environment} cannot be served: ${isAppError(error) ? error.message : String(error)}`,
          );
        }),
      );

  return {
    of: (name) => environments.get(name) ?? add(emptyState(name)),
    all,
    serving: () =>
      all()
        .filter((one) => serves(one.state()))
        .map((one) => one.name),
    restore: async (states) => {
      const restored = states.map(add);
      await Promise.all(states.flatMap(siteTrees));
      for (const environment of restored) restore(environment);
      onChange();
    },
    sweep,
  };
};
