import fc from "fast-check";
import { expect, test } from "vitest";
import { AppError, isAppError } from "../domain/errors.ts";
import { contractParameter, parseContract } from "./contract.ts";

const KEY = { app: "rideshare", environment: "staging", from: "/switchback/rideshare/staging/contract" };

type Node = Record<string, unknown>;

/** A fresh copy each time. */
const good = (): Node => ({
  version: 1,
  app: "rideshare",
  environment: "staging",
  account: "123456789012",
  region: "eu-north-1",
  url: "https://staging.rideshare.example",
  dns: { zone: "Z1", nameServers: ["ns-1.awsdns-01.org"] },
  network: {
    vpc: "vpc-1",
    privateSubnets: ["subnet-1", "subnet-2"],
    servicesSecurityGroup: "sg-1",
    assignPublicIp: false,
  },
  cluster: { name: "rideshare-staging", arn: "arn:cluster" },
  loadBalancer: {
    arn: "arn:lb",
    dnsName: "lb.example.com",
    originDomain: "origin.staging.rideshare.example",
    listener: "arn:listener",
    testListener: "arn:test",
  },
  services: {
    api: {
      name: "rideshare-staging-api",
      family: "rideshare-staging-api",
      kind: "web",
      port: 3000,
      repository: "123456789012.dkr.ecr.eu-north-1.amazonaws.com/rideshare/api",
      executionRole: "arn:execution",
      taskRole: "arn:task",
      logGroup: "/ecs/rideshare-staging-api",
      targetGroups: { blue: "arn:blue", green: "arn:green" },
      productionRule: "arn:rule",
      testRule: "arn:test-rule",
      deploymentRole: "arn:deployment",
      alarms: ["rideshare-staging-api-errors"],
    },
    mailer: {
      name: "rideshare-staging-mailer",
      family: "rideshare-staging-mailer",
      kind: "worker",
      port: null,
      repository: "123456789012.dkr.ecr.eu-north-1.amazonaws.com/rideshare/mailer",
      executionRole: "arn:execution",
      taskRole: "arn:task",
      logGroup: "/ecs/rideshare-staging-mailer",
      targetGroups: null,
      productionRule: null,
      testRule: null,
      deploymentRole: null,
      alarms: [],
    },
  },
  sites: {
    frontend: {
      bucket: "rideshare-staging-sites",
      prefix: "frontend/",
      distribution: "E1",
      distributionDomain: "d1.cloudfront.net",
      route: "/*",
      fallback: "index.html",
    },
  },
  database: {
    identifier: "rideshare-staging",
    host: "db.example.com",
    port: 5432,
    name: "rideshare",
    masterSecret: "arn:master",
    appSecret: "arn:app",
    migrateSecret: "arn:migrate",
    rolesTask: {
      taskDefinition: "arn:roles",
      securityGroup: "sg-2",
      fingerprint: "0123456789abcdef",
      record: "/switchback/rideshare/staging/database-roles",
    },
  },
  cache: { host: "cache.example.com", port: 6379, tls: true, secret: "arn:cache" },
  buckets: { uploads: { name: "rideshare-staging-uploads", arn: "arn:uploads" } },
  secretsPrefix: "rideshare/staging/",
});

const errorOf = (json: unknown): AppError => {
  try {
    parseContract(json, KEY);
  } catch (error) {
    if (isAppError(error)) return error;
    throw error;
  }
  throw new Error("it was accepted");
};

const changed = (path: string, value: unknown): Node => {
  const copy = good();
  const keys = path.split(".");
  const parent = keys.slice(0, -1).reduce<Node>((node, key) => node[key] as Node, copy);
  if (value === undefined) delete parent[keys.at(-1)!];
  else parent[keys.at(-1)!] = value;
  return copy;
};

test("a whole contract is given back as it is", () => {
  expect(parseContract(good(), KEY)).toEqual(good());
});

test("an environment without web service, database and cache has null there", () => {
  const bare = {
    ...good(),
    url: null,
    services: {},
    sites: {},
    buckets: {},
    loadBalancer: null,
    database: null,
    cache: null,
  };
  expect(parseContract(bare, KEY)).toEqual(bare);
});

test("what a later module tells besides is left out", () => {
  expect(parseContract({ ...good(), dashboard: "x" }, KEY)).toEqual(good());
});

test.each([
  ["account", 123456789012, "account: "],
  ["account", "1234", "account: "],
  ["url", "http://staging.rideshare.example", "url: "],
  ["network", undefined, "network: "],
  ["network.privateSubnets", [], "network.privateSubnets: "],
  ["network.assignPublicIp", "false", "network.assignPublicIp: "],
  ["services.api.taskRole", "", "services.api.taskRole: "],
  ["services.api.targetGroups", { blue: "arn:blue" }, "services.api.targetGroups.green: "],
  ["services.api.kind", "cron", "services.api.kind: "],
  ["services.api.port", 0, "services.api.port: "],
  ["sites.frontend.distribution", undefined, "sites.frontend.distribution: "],
  ["database.rolesTask", null, "database.rolesTask: "],
  ["cache.tls", undefined, "cache.tls: "],
  ["buckets.uploads", "name", "buckets.uploads: "],
  ["secretsPrefix", "rideshare/staging", "secretsPrefix: "],
  ["version", undefined, "version: "],
  ["version", "1", "version: "],
  ["version", 0, "version: "],
  ["version", 1.5, "version: "],
])("%s = %j is CONTRACT_INVALID, with where it was read and what to do", (path, value, expected) => {
  const error = errorOf(changed(path, value));
  expect(error).toMatchObject({
    code: "CONTRACT_INVALID",
    exitCode: 4,
    hint: "switchback infra apply staging",
    context: { from: KEY.from, problems: [expect.stringContaining(expected)] },
  });
  expect(error.message).toContain(`${KEY.from} is not the contract of staging of rideshare: ${expected}`);
});

test("all that is wrong is in the error, and the message counts it", () => {
  const { cluster: _cluster, region: _region, ...rest } = good();
  const error = errorOf(rest);
  expect(error.context["problems"]).toHaveLength(2);
  expect(error.message).toMatch(/\(and 1 more\)\.$/);
});

test("a newer version is CONTRACT_NEWER, whatever else it holds", () => {
  for (const json of [{ version: 2 }, { ...good(), version: 7, network: null }])
    expect(errorOf(json)).toMatchObject({
      code: "CONTRACT_NEWER",
      exitCode: 3,
      hint: expect.stringContaining("upgrade Switchback"),
    });
});

test.each([
  ["app", "taxi", "it is that of staging of taxi"],
  ["environment", "production", "it is that of production of rideshare"],
])("that of another %s is refused", (member, value, expected) => {
  const error = errorOf({ ...good(), [member]: value });
  expect(error.code).toBe("CONTRACT_INVALID");
  expect(error.message).toContain(expected);
});

test("whatever it is given, it is accepted whole or CONTRACT_INVALID or CONTRACT_NEWER", () => {
  const paths = Object.keys(good());
  let refused = 0;
  fc.assert(
    fc.property(
      fc.constantFrom(...paths, "services.api.alarms", "database.port"),
      fc.anything(),
      (path, value) => {
        try {
          expect(parseContract(changed(path, value), KEY).version).toBe(1);
        } catch (error) {
          if (!isAppError(error)) throw error;
          expect(["CONTRACT_INVALID", "CONTRACT_NEWER"]).toContain(error.code);
          refused += 1;
        }
      },
    ),
    { numRuns: 500 },
  );
  fc.assert(
    fc.property(fc.anything(), (json) => {
      expect(["CONTRACT_INVALID", "CONTRACT_NEWER"]).toContain(errorOf(json).code);
    }),
    { numRuns: 300 },
  );
  expect(refused).toBeGreaterThan(200);
});

test("a deployer finds it by app and environment", () => {
  expect(contractParameter(KEY)).toBe("/switchback/rideshare/staging/contract");
});
