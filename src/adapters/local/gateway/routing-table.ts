import { RoutedService, type Target } from "./routed-service.ts";
import type { GatewayHost, GatewayInstance, GatewaySite } from "./types.ts";

export type Destination =
  | { kind: "service"; service: RoutedService }
  | { kind: "site"; site: GatewaySite; base: string }
  | { kind: "unknown-host" }
  | { kind: "no-route" };

interface Route {
  /** `/api` fits `/api` and what is below `/api/`; the empty text fits all. */
  base: string;
  subtree: boolean;
  destination: Destination;
}

interface RoutedHost {
  name: string;
  routes: Route[];
  services: Map<string, RoutedService>;
}

const UNKNOWN_HOST: Destination = { kind: "unknown-host" };
const NO_ROUTE: Destination = { kind: "no-route" };
const LOOPBACK_NAMES = new Set(["localhost", "127.0.0.1", "[::1]"]);
/** Clients choose what they send as Host: only so many spellings are remembered. */
const MAX_SPELLINGS = 1_000;

export type TargetFor = (place: {
  environment: string;
  service: string;
  revision: string;
  instance: GatewayInstance;
}) => Target;

/** Lower case, without port and without the final dot. */
export const hostName = (header: string): string => {
  const bare = header.replace(/:\d*$/, "").toLowerCase();
  return bare.endsWith(".") ? bare.slice(0, -1) : bare;
};

/** Finds the destination of a request. Immutable: a new configuration is a new table. */
export class RoutingTable {
  readonly hostNames: string[];
  private readonly hosts = new Map<string, RoutedHost>();
  private readonly spellings = new Map<string, RoutedHost | null>();
  private readonly first: RoutedHost | null;

  constructor(hosts: GatewayHost[], targetFor: TargetFor, earlier: RoutingTable | null) {
    for (const host of hosts) {
      const name = hostName(host.host);
      this.hosts.set(name, routedHost(name, host, targetFor, earlier?.hosts.get(name) ?? null));
    }
    this.hostNames = [...this.hosts.keys()];
    this.first = this.hosts.values().next().value ?? null;
  }

  /** `path` without query. */
  find(hostHeader: string, path: string): Destination {
    const host = this.hostOf(hostHeader);
    if (host === null) return UNKNOWN_HOST;
    for (const route of host.routes) if (fits(route, path)) return route.destination;
    return NO_ROUTE;
  }

  private hostOf(header: string): RoutedHost | null {
    const known = this.spellings.get(header);
    if (known !== undefined) return known;
    const name = hostName(header);
    const host = this.hosts.get(name) ?? (LOOPBACK_NAMES.has(name) ? this.first : null);
    if (this.spellings.size >= MAX_SPELLINGS) this.spellings.clear();
    this.spellings.set(header, host);
    return host;
  }
}

const fits = (route: Route, path: string): boolean => {
  if (!path.startsWith(route.base)) return false;
  if (path.length === route.base.length) return true;
  return route.subtree && path.charCodeAt(route.base.length) === 47;
};

const routedHost = (
  name: string,
  host: GatewayHost,
  targetFor: TargetFor,
  earlier: RoutedHost | null,
): RoutedHost => {
  const services = new Map<string, RoutedService>();
  const routes: Route[] = [];
  for (const { name: service, route, revisions } of host.services) {
    const routed = new RoutedService(
      host.environment,
      service,
      revisions.map(({ revision, weight, instances }) => ({
        revision,
        weight,
        credit: 0,
        targets: instances.map((instance) =>
          targetFor({ environment: host.environment, service, revision, instance }),
        ),
      })),
    );
    const before = earlier?.services.get(service);
    if (before !== undefined) routed.continueFrom(before);
    services.set(service, routed);
    routes.push({ ...parseRoute(route), destination: { kind: "service", service: routed } });
  }
  for (const site of host.sites) {
    const route = parseRoute(site.route);
    routes.push({ ...route, destination: { kind: "site", site, base: route.base } });
  }
  // Stable sort: of equally long routes, services come first.
  routes.sort((a, b) => b.base.length - a.base.length);
  return { name, routes, services };
};

const parseRoute = (route: string): { base: string; subtree: boolean } =>
  route.endsWith("/*")
    ? { base: route.slice(0, -2), subtree: true }
    : { base: route === "/" ? "" : route, subtree: route === "/" };
