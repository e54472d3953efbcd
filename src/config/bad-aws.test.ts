import { expect, test } from "vitest";
import type { Problem } from "./problem.ts";
import { fullConfig, problemsIn, smallConfig, withValue } from "./testbed.ts";

type Row = [at: string, value: unknown, expected: Partial<Problem> & { path: string }];

const says = (message: string): string => expect.stringContaining(message) as string;
const docs = (anchor: string): string => `docs/config.md#${anchor}`;
const P = "environments.production";
const A = `${P}.aws`;
const E = "environments.staging.aws.existing";
const ARN = "arn:aws:acm:eu-west-1:123456789012:certificate/11111111-2222-3333-4444-555555555555";

const SHAPES: Row[] = [
  ["aws.regoin", "eu-north-1", { path: "aws.regoin", didYouMean: "region", docs: docs("aws") }],
  ["aws.region", "eu-north1", { path: "aws.region", message: says("an AWS region"), docs: docs("aws") }],
  ["aws.account", 123456789012, { path: "aws.account", message: says("twelve digits in quotes") }],
  ["aws.account", "1234-5678-9012", { path: "aws.account", message: says("twelve digits in quotes") }],
  ["aws.tags", ["Team"], { path: "aws.tags", message: says("an object: tag → ") }],
  ["aws.tags.aws:x", "y", { path: 'aws.tags["aws:x"]', message: says("not beginning with aws:") }],
  ["aws.tags.Team", "a\nb", { path: "aws.tags.Team", message: says("the value of a tag") }],
  ["aws.tags.Team", "x".repeat(257), { path: "aws.tags.Team", message: says("at most 256") }],
  [
    "aws.github.repository",
    "https://github.com/octo-org/shop",
    { path: "aws.github.repository", message: says("owner and name"), docs: docs("aws-github") },
  ],
  [
    "aws.github.oidcProviders",
    ["arn:aws:iam::1:oidc-provider/github"],
    { path: "aws.github.oidcProviders[0]", message: says("GitHub's OIDC provider") },
  ],
  [
    "aws.trustedPrincipals",
    ["arn:aws:iam::123456789012:root"],
    { path: "aws.trustedPrincipals[0]", message: says("the ARN of an IAM role or user"), docs: docs("aws") },
  ],
  [
    "aws.trustedPrincipals",
    ["arn:aws:iam::123456789012:role/*"],
    { path: "aws.trustedPrincipals[0]", message: says("no wildcard") },
  ],
  ["aws.alarmEmails", ["anna"], { path: "aws.alarmEmails[0]", message: says("an e-mail address") }],
  [`${A}.alarmEmails`, "anna@example.com", { path: `${A}.alarmEmails`, docs: docs("aws-environment") }],
  ["aws.terraform", "", { path: "aws.terraform", message: says("the name or path of a program") }],
  ["aws.terraform", "-help", { path: "aws.terraform", message: says("the name or path of a program") }],
  [
    "aws.waive.0.until",
    "2027-02-30",
    { path: "aws.waive[0].until", message: says("a day that there is"), docs: docs("aws-waive") },
  ],
  ["aws.waive.0.until", "next year", { path: "aws.waive[0].until", message: says("a day, such as") }],
  ["aws.waive.0.reason", " ", { path: "aws.waive[0].reason" }],
  ["aws.waive.0.rule", "Database", { path: "aws.waive[0].rule", message: says("the id of a policy") }],
  ["aws.waive.0.address", "", { path: "aws.waive[0].address", message: says("the address of a resource") }],
  ["aws.waive.0.untill", "2027-01-31", { path: "aws.waive[0].untill", didYouMean: "until" }],
  ["aws.github", "octo-org/shop", { path: "aws.github", message: says("an object with repository") }],
  ["aws.stateBucket", "Shop_State", { path: "aws.stateBucket", message: says("the name of a bucket") }],
  [`${A}.databse`, {}, { path: `${A}.databse`, didYouMean: "database", docs: docs("aws-environment") }],
  [
    `${A}.network.cidr`,
    "10.1.0.0",
    { path: `${A}.network.cidr`, message: says("a block of private IPv4"), docs: docs("aws-network") },
  ],
  [`${A}.network.cidr`, "10.1.5.0/16", { path: `${A}.network.cidr`, message: says("begins where its size") }],
  [`${A}.network.cidr`, "10.0.0.0/8", { path: `${A}.network.cidr`, message: says("from /16 to /24") }],
  [`${A}.network.cidr`, "10.0.0.0/28", { path: `${A}.network.cidr`, message: says("from /16 to /24") }],
  [`${A}.network.cidr`, "8.8.0.0/16", { path: `${A}.network.cidr`, message: says("private addresses") }],
  [`${A}.network.cidr`, "172.32.0.0/16", { path: `${A}.network.cidr`, message: says("private addresses") }],
  [`${A}.network.cidr`, "10.300.0.0/16", { path: `${A}.network.cidr`, message: says("private addresses") }],
  [`${A}.network.cidr`, "10.01.0.0/16", { path: `${A}.network.cidr`, message: says("private addresses") }],
  [`${A}.network.zones`, 4, { path: `${A}.network.zones`, message: says("from 2 to 3") }],
  [`${A}.network.zones`, 1, { path: `${A}.network.zones`, message: says("from 2 to 3") }],
  [
    `${A}.network.egress`,
    "nat-per-zones",
    {
      path: `${A}.network.egress`,
      didYouMean: "nat-per-zone",
      allowed: ["nat", "nat-per-zone", "endpoints"],
    },
  ],
  [
    `${A}.database.instance`,
    "t4g.micro",
    { path: `${A}.database.instance`, message: says("db.t4g.micro"), docs: docs("aws-database") },
  ],
  [`${A}.database.storage`, 100, { path: `${A}.database.storage`, message: says("an amount of storage") }],
  [`${A}.database.storage`, "10GB", { path: `${A}.database.storage`, message: "must be from 20GB to 64TB" }],
  [`${A}.database.storage`, "1.5TB", { path: `${A}.database.storage`, message: says('"20GB" or "1TB"') }],
  [`${A}.database.storage`, "10", { path: `${A}.database.storage`, message: says("an amount of storage") }],
  [`${A}.database.maxStorage`, "65TB", { path: `${A}.database.maxStorage`, message: says("20GB to 64TB") }],
  [`${A}.database.backupDays`, 0, { path: `${A}.database.backupDays`, message: says("from 1 to 35") }],
  [`${A}.database.multiAZ`, true, { path: `${A}.database.multiAZ`, didYouMean: "multiAz" }],
  [
    `${A}.cache.engine`,
    "memcached",
    { path: `${A}.cache.engine`, allowed: ["valkey", "redis"], docs: docs("aws-cache") },
  ],
  [`${A}.cache.version`, 7.1, { path: `${A}.cache.version`, message: says("a version in quotes") }],
  [`${A}.cache.node`, "db.t4g.micro", { path: `${A}.cache.node`, message: says("an ElastiCache node type") }],
  [`${A}.cache.replicas`, 6, { path: `${A}.cache.replicas`, message: says("from 0 to 5") }],
  [`${A}.waf`, "on", { path: `${A}.waf`, message: says("true or false, or an object with rateLimit") }],
  [`${A}.waf.rateLimit`, 1, { path: `${A}.waf.rateLimit`, message: says("from 10"), docs: docs("aws-waf") }],
  [`${A}.logDays`, 31, { path: `${A}.logDays`, message: says("CloudWatch knows: 1, 3, 5, 7, 14, 30, 60") }],
  [`${A}.logDays`, 0, { path: `${A}.logDays`, message: says("CloudWatch knows: 1, 3") }],
  [`${A}.logDays`, 1.5, { path: `${A}.logDays`, message: says("CloudWatch knows: 1, 3") }],
  [`${A}.protect`, "yes", { path: `${A}.protect`, message: "must be true or false" }],
  [
    `${E}.vpc.id`,
    "subnet-0a1b2c3d4e5f60718",
    { path: `${E}.vpc.id`, message: says("the id of a VPC"), docs: docs("aws-vpc") },
  ],
  [`${E}.vpc.publicSubnets`, undefined, { path: `${E}.vpc.publicSubnets`, message: says("is required") }],
  [
    `${E}.vpc.dataSubnets`,
    ["subnet-0a1b2c3d4e5f60718"],
    { path: `${E}.vpc.dataSubnets`, message: says("must have 2 members or more") },
  ],
  [
    `${E}.vpc.dataSubnets`,
    [],
    { path: `${E}.vpc.dataSubnets`, message: says("must have 2 members or more") },
  ],
  [
    `${E}.zone`,
    "example.com",
    { path: `${E}.zone`, message: says("hosted zone"), docs: docs("aws-existing") },
  ],
  [`${E}.certificate`, ARN, { path: `${E}.certificate`, message: says("in us-east-1") }],
  [`${E}.cluster`, "arn:aws:ecs:x", { path: `${E}.cluster`, message: says("no ARN") }],
  [`${E}.database`, "legacy--shop", { path: `${E}.database`, message: says("single dashes") }],
  [`${E}.buckets.exports`, "Legacy", { path: `${E}.buckets.exports`, message: says("the name of a bucket") }],
  [
    "services.api.scaleAtCpu",
    "5%",
    { path: "services.api.scaleAtCpu", message: says('from "10%" to "90%"') },
  ],
  ["services.api.scaleAtCpu", 60, { path: "services.api.scaleAtCpu", message: says("0.1 to 0.9") }],
];

const RULES: Row[] = [
  [
    "environments.testing.services",
    { api: { instances: 7 } },
    { path: "environments.testing.services.api.instances", message: says("maxInstances, which is 6") },
  ],
  [
    "services.api.maxInstances",
    1,
    { path: "services.api.maxInstances", message: says("instances, which is 2") },
  ],
  [
    `${P}.services.api.instances`,
    13,
    {
      path: `${P}.services.api.maxInstances`,
      message: says("instances, which is 13"),
      docs: docs("overrides"),
    },
  ],
  [
    `${P}.services.mailer`,
    { scaleAtCpu: "50%" },
    { path: `${P}.services.mailer.scaleAtCpu`, message: says("without maxInstances nothing scales") },
  ],
  [
    "services.mailer.scaleAtCpu",
    0.5,
    { path: "services.mailer.scaleAtCpu", message: says("without maxInstances nothing scales") },
  ],
  [
    "environments.testing.aws",
    { protect: false },
    {
      path: "environments.testing.aws",
      message: says('write platform: "aws"'),
      docs: docs("aws-environment"),
    },
  ],
  [
    `${E}.buckets.upload`,
    "legacy",
    { path: `${E}.buckets.upload`, didYouMean: "uploads", allowed: ["uploads", "exports"] },
  ],
  [
    "environments.staging.aws.network",
    { zones: 3 },
    { path: "environments.staging.aws.network", message: says("existing.vpc is used as it is") },
  ],
  [
    "environments.staging.aws.database",
    { multiAz: true },
    { path: "environments.staging.aws.database", message: says("existing.database is used as it is") },
  ],
  [
    `${E}.regionalCertificate`,
    ARN,
    { path: `${E}.regionalCertificate`, message: "is in eu-west-1, and the environment in eu-north-1" },
  ],
  [
    `${A}.database.maxStorage`,
    "50GB",
    { path: `${A}.database.maxStorage`, message: says('less than the storage, which is "100GB"') },
  ],
  [`${A}.database.maxStorage`, "105GB", { path: `${A}.database.maxStorage`, message: says("a tenth more") }],
  ["aws.tags.project", "x", { path: "aws.tags.project", message: says("sets the tag Project itself") }],
];

test.each([...SHAPES, ...RULES])("%s = %j is the only problem, and is explained", (at, value, expected) => {
  expect(problemsIn(withValue(fullConfig(), at, value))).toEqual([expect.objectContaining(expected)]);
});

test("sizes of what the app does not have are refused, each", () => {
  const environments = {
    staging: { platform: "aws" as const, aws: { database: {}, cache: {}, existing: { database: "legacy" } } },
  };
  expect(problemsIn({ ...smallConfig(), environments }).map(({ path, message }) => [path, message])).toEqual([
    ["environments.staging.aws.database", "has no effect: the app has no database"],
    ["environments.staging.aws.cache", "has no effect: the app has no cache"],
    ["environments.staging.aws.existing.database", "has no effect: the app has no database"],
    ["environments.staging.aws.database", "has no effect: existing.database is used as it is"],
  ]);
});

test("a misspelt platform is one problem: the AWS part beside it is not blamed", () => {
  const config = withValue(fullConfig(), `${P}.platform`, "asw");
  expect(problemsIn(config).map(({ path, didYouMean }) => [path, didYouMean])).toEqual([
    [`${P}.platform`, "aws"],
  ]);
});

test("a database that is misspelt is not missed in the environments as well", () => {
  const { database, ...rest } = fullConfig();
  expect(problemsIn({ ...rest, databse: database }).map(({ path }) => path)).toEqual(["databse"]);
});

test.each(["10.0.0.0/16", "172.31.0.0/20", "192.168.4.0/24", "100.64.0.0/16"])(
  "%s is a block that a network can have",
  (cidr) => {
    expect(problemsIn(withValue(fullConfig(), `${A}.network.cidr`, cidr))).toEqual([]);
  },
);

test("storage may stay as it is, or grow by a tenth at least", () => {
  for (const most of ["100GB", "110GB"])
    expect(problemsIn(withValue(fullConfig(), `${A}.database.maxStorage`, most))).toEqual([]);
});
