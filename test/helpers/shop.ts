import { parseApp } from "../../src/config/parse-app.ts";
import { sha256 } from "../../src/domain/digest.ts";
import type { Release } from "../../src/domain/release.ts";

/** An app of a web service, a worker, a site, a database, a cache and a bucket; one environment a strategy. */
const makeShop = (bakeSeconds: number) => {
  const bake = `${bakeSeconds}s`;
  return parseApp(
    {
      name: "shop",
      services: {
        api: { path: "api", command: "run", route: "/api/*", instances: 2 },
        mail: { path: "m", command: "run" },
      },
      sites: { web: { path: "web", dist: "dist", route: "/*" } },
      cache: "redis",
      buckets: ["photos"],
      environments: {
        rolling: { strategy: "rolling", bake },
        "blue-green": { strategy: "blue-green", bake, promotesFrom: "rolling" },
        canary: { strategy: { type: "canary", percents: [10, 50], bake }, promotesFrom: "rolling" },
        linear: { strategy: { type: "linear", stepPercent: 40, bake }, promotesFrom: "rolling" },
        approved: { strategy: "rolling", bake, promotesFrom: "rolling", approval: { required: true } },
      },
    },
    { file: "shop" },
  );
};

export const shop = makeShop(1);
/** For tests on a real clock. */
export const shopWithoutBakes = makeShop(0);

/** A release of the shop; its trees and its id are made of its name. */
export const shopRelease = (name: string, migrations: string[]): Release => {
  const part = (kind: "web" | "worker", service: string) => {
    const { route, port, health, stopMs, command } = shop.services[service]!;
    return { kind, tree: sha256(name + service), command, route, port, health, stopMs, env: [], secrets: {} };
  };
  return {
    format: 1,
    id: sha256(name),
    app: "shop",
    inputs: {},
    services: { api: part("web", "api"), mail: part("worker", "mail") },
    sites: { web: { tree: sha256(`${name}web`), route: "/*", fallback: "index.html" } },
    database: { engine: "postgresql", version: 17 },
    migrations: {
      service: "api",
      folder: "m",
      up: migrations.join(" "),
      down: null,
      status: "s",
      names: migrations,
    },
    cache: true,
    buckets: ["photos"],
    source: { commit: null, branch: null, subject: null, dirty: false },
    createdAt: "",
  };
};
