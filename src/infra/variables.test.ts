import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { fullConfig, problemsIn, smallConfig, withValue } from "../config/testbed.ts";
import type { AppError } from "../domain/errors.ts";
import { makeTerraform } from "../../test/helpers/terraform.ts";
import { definitionOf, fullApp } from "../../test/helpers/infra-app.ts";
import { variablesFor } from "./variables.ts";

const errorOf = (run: () => unknown): AppError => {
  try {
    run();
  } catch (error) {
    return error as AppError;
  }
  throw new Error("nothing was thrown");
};

test("production is written as it is configured", () => {
  expect(variablesFor(fullApp(), "production")).toEqual({
    region: "eu-west-1",
    account: "123456789013",
    app: {
      name: "shop",
      environment: "production",
      domain: "shop.example.com",
      protect: true,
      log_days: 365,
      alarm_emails: ["ben@example.com", "cleo@example.com"],
      network: { cidr: "10.1.0.0/16", zones: 3, egress: "nat-per-zone" },
      services: {
        api: {
          kind: "web",
          port: 3000,
          route: "/api/*",
          cpu: 1024,
          memory: 2048,
          instances: 4,
          stop_seconds: 20,
          health: {
            path: "/api/health",
            interval_seconds: 5,
            timeout_seconds: 2,
            healthy_after: 2,
            unhealthy_after: 4,
            start_seconds: 60,
          },
          scaling: { max: 12, cpu_percent: 50 },
          secrets: ["MAIL_KEY", "SESSION_SECRET"],
        },
        mailer: {
          kind: "worker",
          port: 8080,
          route: null,
          cpu: 256,
          memory: 512,
          instances: 1,
          stop_seconds: 10,
          health: {
            path: "/",
            interval_seconds: 5,
            timeout_seconds: 2,
            healthy_after: 2,
            unhealthy_after: 3,
            start_seconds: 30,
          },
          scaling: null,
          secrets: ["MAIL_KEY"],
        },
      },
      sites: { web: { route: "/*", fallback: "200.html" } },
      database: {
        version: 17,
        instance: "db.m7g.large",
        storage_gb: 100,
        max_storage_gb: 1024,
        multi_az: true,
        backup_days: 30,
        replica: true,
        proxy: true,
      },
      cache: { engine: "redis", version: "7.1", node: "cache.m7g.large", replicas: 2 },
      buckets: { uploads: { public: true }, exports: { public: false } },
      waf: { rate_limit: 5000 },
      registry: {
        account: "123456789012",
        region: null,
        kms_key: "arn:aws:kms:eu-west-1:123456789012:key/11111111-2222-3333-4444-555555555557",
        repositories: {},
      },
      images: {
        database_roles: "123456789012.dkr.ecr.eu-west-1.amazonaws.com/mirror/postgres:18",
        placeholder: "123456789012.dkr.ecr.eu-west-1.amazonaws.com/mirror/busybox:1.37",
      },
      dns: { parent_zone: "Z0123456789ABCDEFGHIK" },
      existing: {
        vpc: null,
        zone: null,
        certificate: null,
        regional_certificate: null,
        cluster: null,
        database: null,
        buckets: {},
      },
      tags: { Team: "shop", "cost:centre": "42" },
    },
  });
});

test("staging uses what is there already, in the region and account of the app", () => {
  const { region, account, app } = variablesFor(fullApp(), "staging");
  const arn = (at: string, last: string) =>
    `arn:aws:acm:${at}:123456789012:certificate/11111111-2222-3333-4444-55555555555${last}`;
  expect([region, account]).toEqual(["eu-north-1", "123456789012"]);
  expect(app).toMatchObject({ protect: false, waf: { rate_limit: 2000 }, log_days: 30 });
  expect(app.alarm_emails).toEqual(["anna@example.com"]);
  expect(app.existing).toEqual({
    vpc: {
      id: "vpc-0a1b2c3d4e5f60718",
      public_subnets: ["subnet-0a1b2c3d4e5f60718", "subnet-0a1b2c3d4e5f60719"],
      private_subnets: ["subnet-1a1b2c3d4e5f60718", "subnet-1a1b2c3d4e5f60719"],
      data_subnets: ["subnet-2a1b2c3d4e5f60718", "subnet-2a1b2c3d4e5f60719"],
    },
    zone: "Z0123456789ABCDEFGHIJ",
    certificate: arn("us-east-1", "5"),
    regional_certificate: arn("eu-north-1", "6"),
    cluster: "shared",
    database: "legacy-shop",
    buckets: { exports: "legacy-shop-exports" },
  });
});

const P = "environments.production";
/** A setting, another value for it, and the variable that follows. */
const ROWS: [setting: string, value: unknown, variable: string, expected: unknown][] = [
  ["name", "store", "name", "store"],
  [`${P}.domain`, "www.example.com", "domain", "www.example.com"],
  [`${P}.aws.protect`, false, "protect", false],
  [`${P}.aws.logDays`, 7, "log_days", 7],
  [`${P}.aws.alarmEmails`, [], "alarm_emails", []],
  [`${P}.aws.alarmEmails`, undefined, "alarm_emails", ["anna@example.com"]],
  [`${P}.aws.network.cidr`, "10.9.0.0/20", "network.cidr", "10.9.0.0/20"],
  [`${P}.aws.network.zones`, 2, "network.zones", 2],
  [`${P}.aws.network.egress`, "endpoints", "network.egress", "endpoints"],
  ["services.mailer.route", "/mail/*", "services.mailer.kind", "web"],
  ["services.api.port", 4000, "services.api.port", 4000],
  ["services.api.route", "/v2/*", "services.api.route", "/v2/*"],
  [`${P}.services.api.cpu`, 2048, "services.api.cpu", 2048],
  ["services.mailer.memory", "1.5GB", "services.mailer.memory", 2048],
  [`${P}.services.api.instances`, 5, "services.api.instances", 5],
  ["services.api.stop", "2500ms", "services.api.stop_seconds", 3],
  ["services.api.stop", 0, "services.api.stop_seconds", 2],
  ["services.api.stop", "1h", "services.api.stop_seconds", 120],
  ["services.api.health.path", "/up", "services.api.health.path", "/up"],
  ["services.api.health.interval", "20s", "services.api.health.interval_seconds", 20],
  ["services.api.health.interval", "5m", "services.api.health.interval_seconds", 300],
  ["services.api.health.timeout", "3s", "services.api.health.timeout_seconds", 3],
  ["services.api.health.timeout", "2m", "services.api.health.timeout_seconds", 4],
  ["services.api.health.healthyAfter", 5, "services.api.health.healthy_after", 5],
  ["services.api.health.unhealthyAfter", 1, "services.api.health.unhealthy_after", 2],
  ["services.api.health.start", "90s", "services.api.health.start_seconds", 90],
  [`${P}.services.api.maxInstances`, 20, "services.api.scaling.max", 20],
  [`${P}.services.api.scaleAtCpu`, "70%", "services.api.scaling.cpu_percent", 70],
  ["services.mailer.secrets", ["B", "A"], "services.mailer.secrets", ["A", "B"]],
  ["sites.web.route", "/shop/*", "sites.web.route", "/shop/*"],
  ["sites.web.fallback", "app.html", "sites.web.fallback", "app.html"],
  ["database.version", 16, "database.version", 16],
  [`${P}.aws.database.instance`, "db.t4g.small", "database.instance", "db.t4g.small"],
  [`${P}.aws.database.storage`, "200GB", "database.storage_gb", 200],
  [`${P}.aws.database.maxStorage`, "2TB", "database.max_storage_gb", 2048],
  [`${P}.aws.database.maxStorage`, undefined, "database.max_storage_gb", 200],
  [`${P}.aws.database.multiAz`, false, "database.multi_az", false],
  [`${P}.aws.database.backupDays`, 1, "database.backup_days", 1],
  [`${P}.aws.database.replica`, false, "database.replica", false],
  [`${P}.aws.database.proxy`, false, "database.proxy", false],
  [`${P}.aws.cache`, { engine: "valkey" }, "cache.engine", "valkey"],
  [`${P}.aws.cache.version`, "7.0", "cache.version", "7.0"],
  [`${P}.aws.cache.node`, "cache.t4g.small", "cache.node", "cache.t4g.small"],
  [`${P}.aws.cache.replicas`, 0, "cache.replicas", 0],
  ["buckets.exports.public", true, "buckets.exports.public", true],
  [`${P}.aws.waf`, { rateLimit: 900 }, "waf.rate_limit", 900],
  [`${P}.aws.waf`, false, "waf", null],
  ["aws.registry.account", "210987654321", "registry.account", "210987654321"],
  ["aws.registry.account", "123456789013", "registry.account", null],
  ["aws.registry.region", "eu-south-1", "registry.region", "eu-south-1"],
  ["aws.registry.key", undefined, "registry.kms_key", null],
  [`${P}.aws.images.databaseRoles`, "ghcr.io/a/psql:1", "images.database_roles", "ghcr.io/a/psql:1"],
  [`${P}.aws.images.placeholder`, undefined, "images.placeholder", null],
  [`${P}.aws.parentZone`, "Z1", "dns.parent_zone", "Z1"],
  ["aws.tags", { Owner: "anna" }, "tags", { Owner: "anna" }],
];

const at = (value: unknown, path: string): unknown =>
  path.split(".").reduce<unknown>((node, key) => (node as Record<string, unknown>)[key], value);

test.each(ROWS)("%s = %j decides %s", (setting, value, variable, expected) => {
  const { app } = variablesFor(definitionOf(withValue(fullConfig(), setting, value)), "production");
  expect(at(app, variable)).toEqual(expected);
  expect(at(variablesFor(fullApp(), "production").app, variable)).not.toEqual(expected);
});

test("every variable follows from a setting", () => {
  const leaves = (value: unknown, path: string[] = []): string[] =>
    typeof value === "object" && value !== null && !Array.isArray(value)
      ? Object.entries(value).flatMap(([key, member]) => leaves(member, [...path, key]))
      : [path.join(".")];
  const decided = new Set(ROWS.map(([, , variable]) => variable));
  const { services, existing, tags, registry, ...rest } = variablesFor(fullApp(), "production").app;
  const { repositories, ...place } = registry;
  expect(repositories).toEqual({});
  // The environment's name is its key; what is there already is in a test of its own, and so are the tags.
  const left = leaves({ ...rest, registry: place, services: { api: services["api"] } }).filter(
    (path) => !decided.has(path) && path !== "environment" && path !== "buckets.uploads.public",
  );
  expect(left).toEqual(["services.api.kind", "services.api.memory", "services.api.secrets"]);
  expect(["kind", "memory", "secrets"].every((name) => decided.has(`services.mailer.${name}`))).toBe(true);
  expect([Object.keys(existing).length, Object.keys(tags).length]).toEqual([7, 2]);
});

test("an app with a site alone has no database, no cache and no firewall", () => {
  const config = {
    name: "page",
    sites: { web: { path: "web" } },
    aws: { region: "eu-north-1", account: "123456789012" },
    environments: { live: { platform: "aws", domain: "page.example.com" } },
  };
  expect(variablesFor(definitionOf(config), "live").app).toMatchObject({
    services: {},
    sites: { web: { route: "/*", fallback: "index.html" } },
    database: null,
    cache: null,
    buckets: {},
    waf: null,
    tags: {},
  });
});

test("Terraform takes them for the type of the module, and loses and adds nothing", async () => {
  const folder = mkdtempSync(join(tmpdir(), "switchback-variables-"));
  const terraform = await makeTerraform();
  try {
    copyFileSync(
      join(import.meta.dirname, "../../terraform/modules/app/variables.tf"),
      join(folder, "app.tf"),
    );
    writeFileSync(
      join(folder, "main.tf"),
      ["region", "account"].map((name) => `variable "${name}" {\n  type = string\n}\n`).join("") +
        'output "app" {\n  value = var.app\n}\n',
    );
    terraform.run(["init", "-no-color"], { cwd: folder });
    for (const environment of ["staging", "production"]) {
      const variables = variablesFor(fullApp(), environment);
      writeFileSync(join(folder, "app.auto.tfvars.json"), JSON.stringify(variables));
      terraform.run(["apply", "-auto-approve", "-no-color"], { cwd: folder });
      const seen = JSON.parse(terraform.run(["output", "-json", "app"], { cwd: folder })) as unknown;
      // For the root alone, which hands them on.
      const { tags: _tags, alarm_emails: _emails, ...known } = variables.app;
      expect(seen).toEqual(known);
    }
  } finally {
    terraform.close();
    rmSync(folder, { recursive: true, force: true });
  }
});

test("without region, account and domain the configuration is good, and the infrastructure names each", () => {
  const config = { ...smallConfig(), environments: { staging: { platform: "aws" } } };
  expect(problemsIn(config)).toEqual([]);
  const error = errorOf(() => variablesFor(definitionOf(config), "staging"));
  expect(error).toMatchObject({ code: "INFRA_SETTING", exitCode: 2 });
  expect(error.message).toMatch(/^environments\.staging\.aws\.region is missing: .* \(and 2 more\)\.$/);
  expect(error.context["problems"]).toMatchObject([
    { setting: "environments.staging.aws.region" },
    { setting: "environments.staging.aws.account" },
    { setting: "environments.staging.domain" },
  ]);
});

test("an environment of this machine has no infrastructure, and an unknown one is named", () => {
  expect(errorOf(() => variablesFor(fullApp(), "development"))).toMatchObject({
    code: "INFRA_SETTING",
    message: expect.stringContaining('environments.development.platform is "local"'),
  });
  for (const name of ["prod", "toString", "__proto__", ""])
    expect(errorOf(() => variablesFor(fullApp(), name))).toMatchObject({
      code: "ENVIRONMENT_UNKNOWN",
      hint: "the environments are: development, testing, staging, production",
    });
});

test("a PostgreSQL that the modules do not make is refused for AWS alone", () => {
  const config = withValue(fullConfig(), "database.version", 14);
  expect(problemsIn(config)).toEqual([]);
  expect(errorOf(() => variablesFor(definitionOf(config), "production")).message).toBe(
    "database.version is 14; on AWS it is 15 or newer.",
  );
});
