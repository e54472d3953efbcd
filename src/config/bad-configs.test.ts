import { describe, expect, test } from "vitest";
import type { Problem } from "./problem.ts";
import { fullConfig, problemsIn, withValue } from "./testbed.ts";

type Expected = Partial<Problem> & { path: string };
/** What is set where, and the one problem that must be reported for it. */
type Row = [at: string, value: unknown, expected: Expected];

const KEY = "AKIAIOSFODNN7EXAMPLE";
const P = "environments.production";
const says = (message: string): string => expect.stringContaining(message) as string;
const docs = (anchor: string): string => `docs/config.md#${anchor}`;

const SPELLING: Row[] = [
  [
    "services.api.health.pth",
    "/",
    {
      path: "services.api.health.pth",
      message: "is not a setting",
      found: 'a setting called "pth"',
      didYouMean: "path",
      allowed: ["path", "interval", "timeout", "healthyAfter", "unhealthyAfter", "start"],
      docs: docs("health"),
    },
  ],
  [
    "services.api.intances",
    2,
    { path: "services.api.intances", didYouMean: "instances", docs: docs("service") },
  ],
  ["services.api.memoryMb", 256, { path: "services.api.memoryMb", didYouMean: "memory" }],
  ["service", {}, { path: "service", didYouMean: "services", docs: docs("app") }],
  ["sites.web.fallbck", "x", { path: "sites.web.fallbck", didYouMean: "fallback", docs: docs("site") }],
  [
    "database.migrations.donw",
    "x",
    { path: "database.migrations.donw", didYouMean: "down", docs: docs("migrations") },
  ],
  [
    "buckets.uploads.pubic",
    true,
    { path: "buckets.uploads.pubic", didYouMean: "public", docs: docs("buckets") },
  ],
  [
    "services.api.secrets.MAIL_KEY.generated",
    true,
    { path: "services.api.secrets.MAIL_KEY.generated", didYouMean: "generate", docs: docs("secrets") },
  ],
  [
    `${P}.promoteFrom`,
    "x",
    { path: `${P}.promoteFrom`, didYouMean: "promotesFrom", docs: docs("environment") },
  ],
  [
    `${P}.gates.maxErorRate`,
    1,
    { path: `${P}.gates.maxErorRate`, didYouMean: "maxErrorRate", docs: docs("gates") },
  ],
  [
    `${P}.services.api.route`,
    "/",
    { path: `${P}.services.api.route`, message: "is not a setting", docs: docs("overrides") },
  ],
  [
    `${P}.strategy.percents`,
    [1],
    {
      path: `${P}.strategy.percents`,
      message: "is not a setting",
      allowed: ["type", "stepPercent", "bake"],
      docs: docs("linear"),
    },
  ],
  ["completely-else", 1, { path: "completely-else", message: "is not a setting" }],
];

const SHAPES: Row[] = [
  ["name", undefined, { path: "name", found: "nothing", message: says("is required: a name") }],
  ["name", "My Shop", { path: "name", found: '"My Shop"', message: says("must be a name: lower-case") }],
  ["name", "a".repeat(32), { path: "name", message: says("at most 31") }],
  ["services", [], { path: "services", found: "an empty list", message: says("must be an object: name →") }],
  [
    "services.Api2",
    { path: "a", command: "x" },
    { path: "services.Api2", message: says("is not a name"), didYouMean: "api2", docs: docs("service") },
  ],
  [
    "services.api",
    "node server.js",
    { path: "services.api", message: says("must be an object with path, build") },
  ],
  [
    "services.api.path",
    undefined,
    { path: "services.api.path", message: says("is required: a path inside") },
  ],
  ["services.api.path", "../elsewhere", { path: "services.api.path", message: says("without ..") }],
  ["services.api.path", "/srv/api", { path: "services.api.path", message: says("relative") }],
  ["services.api.path", "api\\src", { path: "services.api.path", message: says("forward slashes") }],
  ["services.api.path", "C:/api", { path: "services.api.path", message: says("inside the project") }],
  ["services.api.files", [], { path: "services.api.files", message: "must not be empty" }],
  [
    "services.api.files",
    ["dist/**", "../x"],
    { path: "services.api.files[1]", message: says("a glob inside the project") },
  ],
  ["services.api.files", "dist", { path: "services.api.files", message: "must be a list of globs" }],
  ["services.api.command", "  ", { path: "services.api.command", message: says("one command line") }],
  [
    "services.api.route",
    "api/*",
    { path: "services.api.route", found: '"api/*"', message: says("must be a route") },
  ],
  ["services.api.route", "/a*", { path: "services.api.route", message: says("one that ends in /*") }],
  [
    "services.api.port",
    70_000,
    { path: "services.api.port", message: "must be a whole number from 1 to 65535" },
  ],
  [
    "services.api.port",
    "8080",
    { path: "services.api.port", found: '"8080"', message: says("whole number") },
  ],
  [
    "services.api.instances",
    1.5,
    { path: "services.api.instances", found: "1.5", message: says("whole number from 1") },
  ],
  ["services.api.instances", 0, { path: "services.api.instances", message: says("whole number from 1") }],
  [
    "services.api.memory",
    "256",
    { path: "services.api.memory", message: 'must be an amount of memory, such as "256MB" or "1GB"' },
  ],
  ["services.api.memory", "1MB", { path: "services.api.memory", message: "must be from 32MB to 120GB" }],
  [
    "services.api.stop",
    "10 s",
    { path: "services.api.stop", found: '"10 s"', message: says('must be a duration: "500ms"') },
  ],
  ["services.api.stop", -1, { path: "services.api.stop", message: says("must be a duration") }],
  [
    "services.api.health.interval",
    "1h",
    { path: "services.api.health.interval", message: "must be from 50ms to 5m" },
  ],
  [
    "services.api.env.LOG_LEVEL",
    { a: 1 },
    { path: "services.api.env.LOG_LEVEL", found: "an object", message: says("must be text, a number") },
  ],
  [
    "services.api.env.logLevel",
    "x",
    {
      path: "services.api.env.logLevel",
      message: says("name of an environment variable"),
      didYouMean: "LOG_LEVEL",
    },
  ],
  [
    "services.api.secrets",
    ["ok"],
    { path: "services.api.secrets[0]", found: "text", message: says("upper-case") },
  ],
  [
    "services.api.secrets",
    "MAIL_KEY",
    { path: "services.api.secrets", message: says("a list of"), docs: docs("secrets") },
  ],
  ["sites.web.fallback", "pages/200.html", { path: "sites.web.fallback", message: says("a file name") }],
  [
    "database",
    "postgres",
    { path: "database", didYouMean: "postgresql", message: says('must be "postgresql", or an object') },
  ],
  ["database.version", 9, { path: "database.version", message: says("from 14 to 18") }],
  [
    "database.migrations.up",
    undefined,
    { path: "database.migrations.up", message: says("is required: one command line") },
  ],
  ["cache", "memcached", { path: "cache", found: '"memcached"', allowed: ["redis"] }],
  ["buckets", ["Uploads"], { path: "buckets[0]", message: says("must be a name") }],
  [`${P}.platform`, "AWS", { path: `${P}.platform`, didYouMean: "aws", allowed: ["local", "aws"] }],
  [
    `${P}.strategy`,
    "bluegreen",
    {
      path: `${P}.strategy`,
      didYouMean: "blue-green",
      allowed: ["rolling", "blue-green", "canary", "linear"],
      docs: docs("strategy"),
    },
  ],
  [
    `${P}.strategy`,
    { type: "cannary" },
    {
      path: `${P}.strategy.type`,
      didYouMean: "canary",
      message: says("must be one of"),
      docs: docs("strategy"),
    },
  ],
  [
    `${P}.strategy`,
    { type: "canary", percents: [10, 100] },
    { path: `${P}.strategy.percents[1]`, message: says("from 1 to 99"), docs: docs("canary") },
  ],
  [
    `${P}.strategy`,
    { type: "canary", percents: [] },
    { path: `${P}.strategy.percents`, message: "must not be empty" },
  ],
  [`${P}.gates.maxErrorRate`, "101%", { path: `${P}.gates.maxErrorRate`, message: says("at most") }],
  [
    `${P}.gates.maxErrorRate`,
    "1 percent",
    { path: `${P}.gates.maxErrorRate`, message: says('a percentage such as "1%"') },
  ],
  [`${P}.smoke`, ["health"], { path: `${P}.smoke[0]`, message: says("the path of a request") }],
  [
    `${P}.smoke.0.status`,
    20,
    { path: `${P}.smoke[0].status`, message: says("from 100 to 599"), docs: docs("smoke") },
  ],
  [`${P}.domain`, "https://shop.example.com", { path: `${P}.domain`, message: says("without https://") }],
  [
    `${P}.approval`,
    "anna",
    { path: `${P}.approval`, message: says("true or false, or an object with required, by") },
  ],
  [`${P}.freeze.0.from`, "2026-02-30T00:00:00Z", { path: `${P}.freeze[0].from`, message: says("ISO 8601") }],
  [`${P}.freeze.0.reason`, undefined, { path: `${P}.freeze[0].reason`, message: "is required: text" }],
];

const RULES: Row[] = [
  [
    "database.migrations.service",
    "apo",
    {
      path: "database.migrations.service",
      found: '"apo"',
      didYouMean: "api",
      allowed: ["api", "mailer"],
      message: says("not a service of this app"),
    },
  ],
  [
    `${P}.promotesFrom`,
    "stagging",
    { path: `${P}.promotesFrom`, didYouMean: "staging", message: says("not an environment of this app") },
  ],
  [
    `${P}.promotesFrom`,
    "production",
    { path: `${P}.promotesFrom`, message: says("production ← production") },
  ],
  [
    `${P}.services.apii`,
    {},
    { path: `${P}.services.apii`, didYouMean: "api", message: "is not a service of this app" },
  ],
  [
    `${P}.sites.webb`,
    {},
    { path: `${P}.sites.webb`, didYouMean: "web", message: "is not a site of this app" },
  ],
  [
    "sites.mailer",
    { path: "m", route: "/m/*" },
    { path: "sites.mailer", message: says("has the name of a service") },
  ],
  [
    "services.mailer.route",
    "/api/*",
    { path: "services.mailer.route", message: says("services.api has already") },
  ],
  ["sites.second", { path: "m" }, { path: "sites.second.route", message: says("sites.web has already") }],
  [
    "services.constructor",
    { path: "a", command: "x" },
    { path: "services.constructor", message: says("is reserved") },
  ],
  [
    "services.api.env.PORT",
    1,
    { path: "services.api.env.PORT", message: says("where an instance has to listen") },
  ],
  [
    "services.api.env.BUCKET_UPLOADS_URL",
    "x",
    { path: "services.api.env.BUCKET_UPLOADS_URL", message: says("address of a bucket") },
  ],
  [
    `${P}.env.SWITCHBACK_RELEASE`,
    "x",
    { path: `${P}.env.SWITCHBACK_RELEASE`, message: says("the platform's own") },
  ],
  [
    `${P}.services.api.env.REDIS_URL`,
    "x",
    { path: `${P}.services.api.env.REDIS_URL`, message: says("environment's cache") },
  ],
  [
    "services.mailer.secrets",
    ["DATABASE_URL"],
    { path: "services.mailer.secrets[0]", message: says("environment's database"), docs: docs("secrets") },
  ],
  [
    "services.api.env.MAIL_KEY",
    "x",
    { path: "services.api.env.MAIL_KEY", message: says("is also a secret of services.api") },
  ],
  [
    `${P}.env.SESSION_SECRET`,
    "x",
    { path: `${P}.env.SESSION_SECRET`, message: says("is also a secret of services.api") },
  ],
  ["services.mailer.secrets", ["A", "A"], { path: "services.mailer.secrets[1]", message: says("twice") }],
  ["buckets", ["exports", "exports"], { path: "buckets[1]", message: says("twice") }],
  [
    "services.api.env.KEY",
    KEY,
    { path: "services.api.env.KEY", message: says("an AWS access key: name it in the service's secrets") },
  ],
  [
    "services.api.env.PEM",
    "-----BEGIN RSA PRIVATE KEY-----\nMII",
    { path: "services.api.env.PEM", message: says("a private key") },
  ],
  [
    "services.api.env.DB",
    "postgres://user:pw@db/shop",
    { path: "services.api.env.DB", message: says("an address with a password") },
  ],
  ["sites.web.settings.key", KEY, { path: "sites.web.settings.key", message: says("everybody can read") }],
  [
    `${P}.freeze.0.to`,
    "2026-12-23T00:00:00+01:00",
    { path: `${P}.freeze[0].to`, message: says("is not after from") },
  ],
  [
    "environments.staging.strategy.percents",
    [50, 5],
    { path: "environments.staging.strategy.percents[1]", message: "must be more than the 50 before it" },
  ],
  [
    "services.mailer.health",
    { path: "/" },
    { path: "services.mailer.health.path", message: says("needs a route") },
  ],
];

describe.each([
  ["spelling", SPELLING],
  ["shapes", SHAPES],
  ["rules", RULES],
])("%s", (_group, rows) => {
  test.each(rows)("%s = %j is the only problem, and is explained", (at, value, expected) => {
    const problems = problemsIn(withValue(fullConfig(), at, value));
    expect(problems).toEqual([
      expect.objectContaining({ found: expect.any(String), docs: expect.any(String), ...expected }),
    ]);
  });
});

test("an app without services and sites has nothing to release", () => {
  expect(problemsIn({ name: "shop" })).toEqual([
    expect.objectContaining({ path: "", message: says("nothing to release") }),
  ]);
});

test("a circle of promotions is reported where it passes", () => {
  const config = withValue(fullConfig(), "environments.testing.promotesFrom", "production");
  const paths = problemsIn(config).map(({ path }) => path);
  expect(paths).toEqual(
    ["testing", "staging", "production"].map((name) => `environments.${name}.promotesFrom`),
  );
});

test.each([
  ["services.api.env.KEY", KEY],
  ["services.api.env.DB", "postgres://user:pw-8812@db/shop"],
  ["services.api.env.LIST", ["pw-8812"]],
  ["services.api.secrets.MAIL_KEY", "pw-8812"],
  ["services.api.secrets", ["pw-8812"]],
  ["sites.web.settings.key", KEY],
  ["store.endpoint", "https://AKIA:pw-8812@s3.example.com"],
])("what may be secret at %s is not shown", (at, value) => {
  const text = JSON.stringify(problemsIn(withValue(fullConfig(), at, value)));
  expect(text).not.toMatch(/AKIA|pw-8812/);
  expect(problemsIn(withValue(fullConfig(), at, value))).not.toEqual([]);
});
