import { expect, test } from "vitest";
import { AppError } from "../domain/errors.ts";
import { formatProblems } from "./format-problems.ts";
import type { AppConfig } from "./app-config.ts";
import { parseApp } from "./parse-app.ts";
import { fullConfig, problemsIn, smallConfig } from "./testbed.ts";

const parse = (input: unknown) => parseApp(input, { file: "switchback.config.ts" });

test("everything that is left out has its default", () => {
  expect(
    parse({ ...smallConfig(), sites: { web: { path: "web", route: "/w/*" } }, database: "postgresql" }),
  ).toEqual({
    name: "shop",
    services: {
      api: {
        kind: "web",
        path: "api",
        build: null,
        files: ["**"],
        inputs: [],
        command: "node server.js",
        route: "/*",
        port: 8080,
        health: {
          path: "/",
          intervalMs: 500,
          timeoutMs: 2000,
          healthyAfter: 1,
          unhealthyAfter: 3,
          startMs: 30_000,
        },
        cpu: 256,
        memoryMb: 256,
        instances: 1,
        maxInstances: null,
        scaleAtCpu: 0.6,
        env: {},
        secrets: {},
        stopMs: 10_000,
      },
    },
    sites: {
      web: {
        path: "web",
        build: null,
        dist: "dist",
        inputs: [],
        route: "/w/*",
        fallback: "index.html",
        settings: {},
      },
    },
    database: {
      engine: "postgresql",
      version: 18,
      migrations: null,
      limits: { lockTimeoutMs: 2000, statementTimeoutMs: 900_000, retries: 5 },
      rehearse: { enabled: true, warnMs: 200, blockMs: 2000 },
    },
    cache: null,
    buckets: {},
    environments: {
      development: {
        platform: "local",
        strategy: { type: "rolling", batch: 1 },
        bakeMs: 0,
        gates: { maxErrorRate: 0.01, maxP95Ms: null, minRequests: 20 },
        smoke: [],
        warmMs: 900_000,
        branch: null,
        domain: null,
        promotesFrom: null,
        approval: { required: false, by: [] },
        freeze: [],
        env: {},
        services: {},
        sites: {},
        aws: null,
      },
    },
    aws: {
      repository: null,
      oidcProviders: [],
      trustedPrincipals: [],
      stateBucket: null,
      tags: {},
      terraform: null,
      registry: { account: null, region: null, key: null },
    },
    store: { type: "files" },
  });
});

test("a bucket as the store has a folder of the app's name, and the path style where it is no bucket of Amazon's", () => {
  const storeOf = (store: AppConfig["store"]) => parse({ ...smallConfig(), store }).store;
  expect(storeOf("files")).toEqual({ type: "files" });
  expect(storeOf({ type: "s3", bucket: "store" })).toEqual({
    type: "s3",
    bucket: "store",
    prefix: "shop/",
    region: null,
    endpoint: null,
    forcePathStyle: false,
    encryption: { type: "bucket" },
  });
  expect(
    storeOf({
      type: "s3",
      bucket: "store",
      prefix: "a/b/",
      endpoint: "http://127.0.0.1:9000/",
      encryption: "s3",
    }),
  ).toMatchObject({
    prefix: "a/b/",
    endpoint: "http://127.0.0.1:9000",
    forcePathStyle: true,
    encryption: { type: "s3" },
  });
  expect(parse(fullConfig()).store).toMatchObject({
    forcePathStyle: false,
    encryption: { type: "kms", key: "alias/store" },
  });
});

test("units become milliseconds, MiB and shares, and values become text", () => {
  const app = parse(fullConfig());
  const { api, mailer } = app.services;
  expect(api).toMatchObject({
    path: "api",
    memoryMb: 512,
    stopMs: 20_000,
    health: { intervalMs: 1500, timeoutMs: 750, startMs: 60_000 },
    env: { LOG_LEVEL: "info", WORKERS: "4", TRACE: "false" },
    secrets: { SESSION_SECRET: { generate: true }, MAIL_KEY: { generate: false } },
  });
  expect(mailer).toMatchObject({ kind: "worker", route: null, secrets: { MAIL_KEY: { generate: false } } });
  expect(app.sites["web"]?.settings).toEqual({ title: "Shop", "theme.dark": "true" });
  expect(app.buckets).toEqual({ uploads: { public: true }, exports: { public: false } });
  expect(app.environments["staging"]).toMatchObject({
    bakeMs: 600_000,
    strategy: { type: "canary", percents: [5, 50], bakeMs: 120_000 },
    approval: { required: false },
  });
  expect(app.environments["production"]).toMatchObject({
    gates: { maxErrorRate: 0.005, maxP95Ms: 300, minRequests: 100 },
    smoke: [{ path: "/", status: 200, contains: "Shop" }],
    approval: { required: true, by: ["anna"] },
    services: { api: { instances: 4, cpu: 1024, memoryMb: 1024, env: { WORKERS: "8" } } },
  });
});

test("null switches a gate off, and leaving it out does not", () => {
  const gatesOf = (gates: object) =>
    parse({ ...smallConfig(), environments: { one: { gates } } }).environments["one"]?.gates;
  expect(gatesOf({ maxErrorRate: null })).toMatchObject({ maxErrorRate: null });
  expect(gatesOf({})).toMatchObject({ maxErrorRate: 0.01 });
});

test("a definition is the caller's own: the next one is not changed through it", () => {
  parse(smallConfig()).services["api"]?.files.push("changed");
  expect(parse(smallConfig()).services["api"]?.files).toEqual(["**"]);
});

test("all that is wrong is reported at once, shape and rules, and the message names the first", () => {
  const config = {
    name: "Shop",
    services: { api: { path: "api", comand: "x", route: "/*", env: { PORT: 1 } } },
    database: { migrations: { service: "apo", up: "u", status: "s" } },
  };
  const problems = problemsIn(config);
  expect(problems.map(({ path }) => path)).toEqual([
    "name",
    "services.api.comand",
    "database.migrations.service",
    "services.api.env.PORT",
  ]);
  expect(() => parse(config)).toThrow(/^switchback\.config\.ts: name must be a name.* \(and 3 more\)$/);
});

test("a reference to a service that is itself wrong is not a second problem", () => {
  const config = {
    ...smallConfig(),
    services: { api: 1 },
    database: { migrations: { service: "api", up: "u", status: "s" } },
  };
  expect(problemsIn(config).map(({ path }) => path)).toEqual(["services.api"]);
});

test("an error survives JSON, with its problems", () => {
  const error = (() => {
    try {
      return parse({ ...smallConfig(), cach: "redis" });
    } catch (thrown) {
      return thrown as AppError;
    }
  })() as AppError;
  const back = AppError.fromJSON(JSON.parse(JSON.stringify(error)));
  expect(back).toMatchObject({ code: "CONFIG_INVALID", message: error.message, context: error.context });
  expect(error.hint).toBe("did you mean cache? see docs/config.md#app");
});

test.each([
  ["a function", { ...smallConfig(), cache: () => 1 }, "cache", "is a function, not plain data"],
  ["a Date", { ...smallConfig(), cache: new Date() }, "cache", "is a Date, not plain data"],
  ["a promise", { ...smallConfig(), cache: Promise.resolve() }, "cache", "is a promise, not plain data"],
  ["not a number", { ...smallConfig(), cache: Number.NaN }, "cache", "is NaN"],
  ["null", null, "", expect.stringContaining("must be an object with name")],
  [
    "__proto__",
    JSON.parse('{"name":"a","services":{"__proto__":{}}}'),
    "services.__proto__",
    expect.stringContaining("name"),
  ],
])("%s is a problem of its own", (_what, config, path, message) => {
  expect(problemsIn(config)[0]).toMatchObject({ path, message });
});

test("a circle and a getter that throws are problems, not crashes", () => {
  const circle: Record<string, unknown> = { ...smallConfig() };
  circle["cache"] = circle;
  const getter = Object.defineProperty({ ...smallConfig() }, "cache", {
    enumerable: true,
    get: () => {
      throw new Error("no cache today");
    },
  });
  expect(problemsIn(circle)[0]).toMatchObject({ path: "cache", message: "leads back to itself" });
  expect(problemsIn(getter)[0]).toMatchObject({ message: "cannot be read: no cache today" });
});

test("on a terminal each problem is a sentence with what was meant, what is allowed and where to read on", () => {
  const config = {
    ...smallConfig(),
    services: { api: { ...smallConfig().services?.["api"], health: { pth: "/" } } },
  };
  expect(formatProblems(problemsIn(config))).toBe(
    [
      "services.api.health.pth is not a setting",
      "    did you mean  path",
      "    allowed       path, interval, timeout, healthyAfter, unhealthyAfter, start",
      "    docs          docs/config.md#health",
    ].join("\n"),
  );
});

test.each([
  ["a misspelt group", { name: "shop", servces: {} }, ["servces"]],
  [
    "a misspelt route",
    { name: "shop", services: { api: { path: "a", command: "x", rout: "/*", health: { path: "/" } } } },
    ["services.api.rout"],
  ],
  [
    "a wrong route of a site",
    { ...smallConfig(), sites: { web: { path: "web", route: "w" } } },
    ["sites.web.route"],
  ],
])("%s is one problem, not two", (_what, config, paths) => {
  expect(problemsIn(config).map(({ path }) => path)).toEqual(paths);
});
