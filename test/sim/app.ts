import { parseApp } from "../../src/config/parse-app.ts";
import { sha256 } from "../../src/domain/digest.ts";
import type { Release } from "../../src/domain/release.ts";

/** The app of every simulated world: a web service of two instances, a worker, a site, a database; one environment a strategy. */
export const simulatedApp = parseApp(
  {
    name: "shop",
    services: {
      api: { path: "api", command: "run", route: "/api/*", instances: 2 },
      mail: { path: "m", command: "run" },
    },
    sites: { web: { path: "web", dist: "dist", route: "/*" } },
    environments: {
      rolling: { strategy: "rolling", bake: "2s" },
      "blue-green": { strategy: "blue-green", bake: "2s", promotesFrom: "rolling" },
      canary: { strategy: { type: "canary", percents: [10, 50], bake: "1s" }, promotesFrom: "rolling" },
      linear: { strategy: { type: "linear", stepPercent: 40, bake: "1s" }, promotesFrom: "rolling" },
    },
  },
  { file: "simulation" },
);

export const ENVIRONMENTS = Object.keys(simulatedApp.environments);

/** Releases a person may name. One never starts, one is caught by its gate, one fails its migration half-way. */
export const RELEASES = ["a", "b", "c", "never starts", "fails in bake", "migration fails"] as const;
export type ReleaseName = (typeof RELEASES)[number];

const MIGRATIONS: Record<ReleaseName, string[]> = {
  a: ["0001"],
  b: ["0001", "0002"],
  c: ["0001", "0002"],
  "never starts": ["0001", "0002"],
  "fails in bake": ["0001"],
  "migration fails": ["0001", "0002", "0003"],
};

export const releaseOf = (name: ReleaseName): Release => {
  const part = (kind: "web" | "worker", service: string) => {
    const { route, port, health, stopMs, command } = simulatedApp.services[service]!;
    return { kind, tree: sha256(name + service), command, route, port, health, stopMs, env: [], secrets: {} };
  };
  return {
    format: 1,
    id: sha256(name),
    app: "shop",
    inputs: {},
    services: { api: part("web", "api"), mail: part("worker", "mail") },
    sites: { web: { tree: sha256(`${name}web`), route: "/*", fallback: "index.html" } },
    database: null,
    migrations: {
      service: "api",
      folder: "m",
      up: MIGRATIONS[name].join(" "),
      down: null,
      status: "s",
      names: MIGRATIONS[name],
    },
    cache: false,
    buckets: [],
    source: { commit: null, branch: null, subject: null, dirty: false },
    createdAt: "",
  };
};

const byId = new Map<string, ReleaseName>(RELEASES.map((name) => [sha256(name), name]));
export const nameOf = (id: string | null | undefined): string =>
  id ? (byId.get(id) ?? id.slice(0, 6)) : "nothing";

const TREES = new Map<string, ReleaseName>(RELEASES.map((name) => [sha256(`${name}api`), name]));
export const releaseOfTree = (tree: string): ReleaseName | undefined => TREES.get(tree);
