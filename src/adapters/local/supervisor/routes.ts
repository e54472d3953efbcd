import { shortReleaseId } from "../../../domain/release.ts";
import type { GatewayHost, GatewayService, GatewaySite } from "../gateway/types.ts";
import type { Slot } from "./slot.ts";
import type { EnvironmentState, ServiceState, SiteState } from "./state.ts";
import type { Trees } from "./trees.ts";

export interface RoutesInput {
  app: string;
  environments: { state: EnvironmentState; slots: readonly Slot[] }[];
  trees: Pick<Trees, "known">;
}

/** The names under which people reach an environment, best first. */
export const hostsOf = (app: string, environment: string, all: string[]): string[] => [
  ...(environment === "development" || (all.length === 1 && all[0] === environment)
    ? [`${app}.localhost`]
    : []),
  `${environment}.${app}.localhost`,
];

const routeOf = (service: ServiceState): string | null => {
  // While a rollout changes the route, the revision with the most traffic says which one holds.
  const [first] = Object.entries(service.weights).sort(([, a], [, b]) => b - a);
  return first === undefined ? null : (service.revisions[first[0]]?.spec.route ?? null);
};

const serviceRoutes = (name: string, service: ServiceState, slots: readonly Slot[]): GatewayService[] => {
  const route = routeOf(service);
  if (route === null) return [];
  const revisions = Object.entries(service.weights).flatMap(([revision, weight]) => {
    const state = service.revisions[revision];
    if (state === undefined) return [];
    const instances = slots
      .filter((slot) => slot.revision === revision && slot.state() === "healthy")
      .flatMap((slot) => {
        const process = slot.process();
        return process === null ? [] : [{ id: process.id, port: process.port }];
      });
    return [{ revision, release: state.release, weight, instances }];
  });
  return [{ name, route, revisions }];
};

const siteRoutes = (
  name: string,
  environment: string,
  { current, earlier }: SiteState,
  trees: Pick<Trees, "known">,
): GatewaySite[] => {
  const tree = current === null ? undefined : trees.known(current.spec.tree);
  if (current === null || tree === undefined) return [];
  const config = { environment, release: shortReleaseId(current.release), ...current.spec.settings };
  return [
    {
      name,
      route: current.spec.route,
      root: tree.root,
      tree: tree.tree,
      fallback: current.spec.fallback,
      config: JSON.stringify(config),
      release: current.release,
      earlier: earlier.flatMap((digest) => trees.known(digest) ?? []),
    },
  ];
};

/** The gateway's whole table: a pure function of what shall be so and of who is healthy now. */
export const routesOf = ({ app, environments, trees }: RoutesInput): GatewayHost[] => {
  const all = environments.map(({ state }) => state.environment);
  return environments.flatMap(({ state, slots }) => {
    const services = Object.entries(state.services).flatMap(([name, service]) =>
      serviceRoutes(
        name,
        service,
        slots.filter((slot) => slot.spec.service === name),
      ),
    );
    const sites = Object.entries(state.sites).flatMap(([name, site]) =>
      siteRoutes(name, state.environment, site, trees),
    );
    return hostsOf(app, state.environment, all).map((host) => ({
      host,
      environment: state.environment,
      services,
      sites,
    }));
  });
};
