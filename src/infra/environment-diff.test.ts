import { expect, test } from "vitest";
import { fullConfig, smallConfig, withValue } from "../config/testbed.ts";
import { diffEnvironments, type SettingDiff } from "./environment-diff.ts";
import { definitionOf, fullApp } from "../../test/helpers/infra-app.ts";

const aws = (changes: object = {}, more: object = {}) => ({ platform: "aws", aws: changes, ...more });
const diffOf = (one: object, other: object, changes: object = {}) =>
  diffEnvironments(definitionOf({ ...smallConfig(), ...changes, environments: { one, other } }), [
    "one",
    "other",
  ]);
const told = (rows: SettingDiff[]): unknown[][] =>
  rows.map(({ group, name, values }) => [`${group} ${name}`, ...values]);

test("environments that are configured alike do not differ", () => {
  expect(diffOf(aws(), aws())).toEqual({
    environments: ["one", "other"],
    shape: [],
    size: [],
    deployment: [],
  });
});

test.each([
  [{}, { waf: true }, "firewall waf", false, true],
  [{ network: { egress: "endpoints" } }, {}, "network internet", "out of reach", "through NAT"],
  [{}, { database: { proxy: true } }, "database proxy", false, true],
  [{ cache: { engine: "redis" } }, {}, "cache engine", "redis", "valkey"],
  [{ existing: { database: "legacy" } }, {}, "database database", "existing", "made"],
  [{}, { existing: { cluster: "shared" } }, "network cluster", "made", "existing"],
  [{}, { existing: { buckets: { uploads: "legacy" } } }, "buckets uploads", "made", "existing"],
])("%j and %j differ in shape", (one, other, setting, first, second) => {
  const parts = { database: "postgresql", cache: "redis", buckets: ["uploads"] };
  expect(told(diffOf(aws(one), aws(other), parts).shape)).toContainEqual([setting, first, second]);
});

test.each([
  [{}, { region: "eu-west-1" }, "environment region", null, "eu-west-1"],
  [{ account: "123456789012" }, {}, "environment account", "123456789012", null],
  [{}, { logDays: 7 }, "environment logDays", 30, 7],
  [{ protect: false }, {}, "environment protect", false, true],
  [{}, { network: { zones: 3 } }, "network zones", 2, 3],
  [{}, { network: { egress: "nat-per-zone" } }, "network egress", "nat", "nat-per-zone"],
  [{}, { network: { cidr: "10.2.0.0/16" } }, "network cidr", "10.0.0.0/16", "10.2.0.0/16"],
  [{}, { database: { storage: "2TB" } }, "database storage", "20GB", "2TB"],
  [{}, { database: { multiAz: true } }, "database multiAz", false, true],
  [{}, { database: { replica: true } }, "database replica", false, true],
  [{}, { cache: { replicas: 1 } }, "cache replicas", 0, 1],
  [{ waf: true }, { waf: { rateLimit: 10 } }, "firewall rateLimit", 2000, 10],
  [{ existing: { cluster: "a" } }, { existing: { cluster: "b" } }, "network existing.cluster", "a", "b"],
])("%j and %j are the same shape in other sizes", (one, other, setting, first, second) => {
  const found = diffOf(aws(one), aws(other), { database: "postgresql", cache: "redis" });
  expect(found.shape).toEqual([]);
  expect(told(found.size)).toContainEqual([setting, first, second]);
});

test("sizes of services are compared as they are made: what Fargate rounds to one is equal", () => {
  const sized = (memory: string, more: object = {}) => aws({}, { services: { api: { memory, ...more } } });
  expect(diffOf(sized("256MB"), sized("512MB")).size).toEqual([]);
  expect(told(diffOf(sized("512MB"), sized("1GB")).size)).toEqual([["services.api memory", "512MB", "1GB"]]);
  expect(told(diffOf(sized("512MB"), sized("512MB", { maxInstances: 4, scaleAtCpu: "50%" })).size)).toEqual([
    ["services.api maxInstances", null, 4],
    ["services.api scaleAtCpu", null, "50%"],
  ]);
});

test("on this machine memory is what was asked for, and nothing scales", () => {
  const sized = (memory: string, more: object = {}) => ({ services: { api: { memory, ...more } } });
  expect(told(diffOf(sized("256MB"), sized("512MB", { maxInstances: 4 })).size)).toEqual([
    ["services.api memory", "256MB", "512MB"],
  ]);
});

test("variables and settings of sites are told, with what only one of them has", () => {
  const found = diffOf(
    { env: { LOG_LEVEL: "debug" }, sites: { web: { settings: { title: "Staging" } } } },
    { env: { LOG_LEVEL: "info" }, services: { api: { env: { WORKERS: 4 } } } },
    { sites: { web: { path: "web", route: "/w/*", settings: { title: "Shop" } } } },
  );
  expect(told(found.size)).toEqual([
    ["services.api env.LOG_LEVEL", "debug", "info"],
    ["services.api env.WORKERS", null, "4"],
    ["sites.web settings.title", "Staging", "Shop"],
  ]);
});

test("how a release gets there is told apart from what it gets to", () => {
  const { shape, deployment } = diffEnvironments(fullApp(), ["testing", "production"]);
  expect(told(shape)).toEqual([["environment platform", "local", "aws"]]);
  expect(told(deployment)).toEqual([
    ["strategy type", "blue-green", "linear"],
    ["strategy stepPercent", null, 25],
    ["strategy bake", null, "5m"],
    ["gates maxErrorRate", "1%", "0.5%"],
    ["gates maxP95", null, "300ms"],
    ["gates minRequests", 20, 100],
    ["watch bake", "3s", "30m"],
    ["watch smoke", "/api/health", '/ with "Shop"'],
    ["watch warm", "15m", "1h"],
    ["who and when promotesFrom", null, "staging"],
    ["who and when approval", false, true],
    ["who and when approval.by", null, "anna"],
    ["who and when freeze", null, "2026-12-24T00:00:00+01:00 to 2026-12-27T00:00:00+01:00: Christmas"],
  ]);
});

test("beside an environment of this machine the sizes that only AWS has are left out", () => {
  const { size } = diffEnvironments(fullApp(), ["testing", "production"]);
  expect(told(size).map(([name]) => name)).toEqual([
    "environment domain",
    "services.api instances",
    "services.api maxInstances",
    "services.api scaleAtCpu",
    "services.api cpu",
    "services.api memory",
    "services.api env.WORKERS",
    "services.mailer memory",
  ]);
});

test("the other way round it is the same with the values changed over", () => {
  const swap = (rows: SettingDiff[]) =>
    rows.map((row) => ({ ...row, values: [row.values[1], row.values[0]] }));
  const byName = (rows: unknown[]) => rows.map((row) => JSON.stringify(row)).sort();
  const there = diffEnvironments(fullApp(), ["staging", "production"]);
  const back = diffEnvironments(fullApp(), ["production", "staging"]);
  for (const part of ["shape", "size", "deployment"] as const)
    expect(byName(back[part])).toEqual(byName(swap(there[part])));
  expect(there.shape.length).toBeGreaterThan(3);
});

test("an unknown environment is named", () => {
  const app = definitionOf(withValue(fullConfig(), "name", "shop"));
  expect(() => diffEnvironments(app, ["staging", "prod"])).toThrow(/no environment "prod"/);
  expect(() => diffEnvironments(app, ["__proto__", "staging"])).toThrow(/no environment "__proto__"/);
});

test("where one network or database is there already, only that is told, not the sizes of the other", () => {
  const { shape, size } = diffEnvironments(fullApp(), ["staging", "production"]);
  expect(told(shape)).toContainEqual(["network vpc", "existing", "made"]);
  expect(told(shape).map(([name]) => name)).not.toContain("network internet");
  const names = told(size).map(([name]) => name);
  expect(names).toContain("network existing.vpc");
  expect(names.filter((name) => /network (cidr|zones|egress)|database instance/.test(String(name)))).toEqual(
    [],
  );
});
