import { z } from "zod";
import { DEFAULTS } from "../defaults.ts";
import * as aws from "./aws-leaves.ts";
import * as is from "./leaves.ts";
import { optional, part, required } from "./setting.ts";

const of = DEFAULTS.aws;

const github = part(
  {
    anchor: "aws-github",
    title: "AWS: GitHub",
    intro: "Roles are made that workflows of this repository take on, so that no key is stored anywhere.",
  },
  {
    repository: required(aws.repository, "Owner and name of the repository."),
    oidcProviders: optional(
      z.array(aws.oidcProvider),
      "ARNs of GitHub's OIDC providers that accounts have already; an account holds one, and it is made where none is named.",
      { fallback: [] },
    ),
  },
);

const waiver = part(
  {
    anchor: "aws-waive",
    title: "AWS: waivers",
    intro:
      "What is waived is still shown with its reason, and stops nothing until its last day is over. A waiver that has expired or names no policy is a finding itself; one that fits nothing is told.",
  },
  {
    rule: required(aws.policyId, "The policy's id, as docs/policies.md lists it."),
    address: required(aws.resourceAddress, "Terraform's address of the resource; `*` stands for any text."),
    reason: required(is.words, "Why it is let be: whoever reads a plan is told."),
    until: required(aws.day, "The last day on which it holds, in UTC."),
  },
);

const registry = part(
  {
    anchor: "aws-registry",
    title: "AWS: registry",
    intro:
      "The ECR repositories `<app>/<service>` that every environment pulls its images from. Said only where they are not in the account and region of the first environment on AWS.",
  },
  {
    account: optional(aws.account, "The id of the AWS account that has the repositories.", {
      defaultText: "that of the first environment on AWS",
    }),
    region: optional(aws.awsRegion, "The AWS region that they are in.", {
      defaultText: "that of the first environment on AWS",
    }),
    key: optional(aws.kmsKeyArn, "ARN of the KMS key that encrypts them, where it is none of AWS's own.", {
      defaultText: "none",
    }),
  },
);

export const awsApp = part(
  {
    anchor: "aws",
    title: "AWS",
    intro: "What the environments on AWS share. Each can name a region and an account of its own.",
  },
  {
    region: optional(aws.awsRegion, "The AWS region of every environment that names none.", {
      defaultText: "none",
    }),
    account: optional(aws.account, "The id of the AWS account of every environment that names none.", {
      defaultText: "none",
    }),
    alarmEmails: optional(
      z.array(aws.email),
      "Addresses of the people who hear of alarms, in every environment that names none.",
      { fallback: [] },
    ),
    tags: optional(
      z.record(aws.tagName, aws.tagValue),
      "Tags on everything that is made, besides `Project`, `Environment` and `ManagedBy`.",
      { fallback: {} },
    ),
    github: optional(
      github,
      "Where the app's sources are; workflows there may deploy without stored credentials.",
      { defaultText: "none" },
    ),
    trustedPrincipals: optional(
      z.array(aws.principal),
      "ARNs of IAM roles and users that may take on the environments' roles too, such as the role of people's single sign-on.",
      { fallback: [] },
    ),
    registry: optional(registry, "Where the images are.", { fallback: {} }),
    stateBucket: optional(
      is.bucketName,
      "The bucket of Terraform's state, where another app of the account has made it already.",
      {
        defaultText: "`switchback-state-<account>-<region>`",
      },
    ),
    waive: optional(
      z.array(waiver),
      "Policies that are let be for a time in every environment, each with a reason.",
      { fallback: [] },
    ),
    terraform: optional(
      aws.program,
      "The program that plans and applies: its name on the PATH, or a path. `SWITCHBACK_TERRAFORM` goes before it.",
      { defaultText: "`terraform`, else `tofu`" },
    ),
  },
);

const network = part(
  { anchor: "aws-network", title: "AWS: network", intro: "A VPC with public, private and data subnets." },
  {
    cidr: optional(aws.cidr, "The network's block of private IPv4 addresses.", {
      fallback: of.network.cidr,
    }),
    zones: optional(is.whole({ min: 2, max: 3 }), "How many availability zones it is spread over.", {
      fallback: of.network.zones,
    }),
    egress: optional(
      z.enum(["nat", "nat-per-zone", "endpoints"]),
      "The way out to the internet: one NAT gateway, one in each zone, or none: endpoints of AWS services alone.",
      { fallback: of.network.egress },
    ),
  },
);

const database = part(
  {
    anchor: "aws-database",
    title: "AWS: database",
    intro:
      "RDS for PostgreSQL, encrypted, reached with TLS only. Its version is the app's `database.version`.",
  },
  {
    instance: optional(aws.dbInstance, "The RDS instance class.", { fallback: of.database.instance }),
    storage: optional(aws.storage, "What is there from the start.", { fallback: of.database.storage }),
    maxStorage: optional(aws.storage, "What it may grow to by itself.", {
      defaultText: `\`"${of.database.maxStorage}"\`, or twice the storage where that is more`,
    }),
    multiAz: optional(is.flag, "Keep a standby in a second zone, which takes over when the first fails.", {
      fallback: of.database.multiAz,
    }),
    backupDays: optional(
      is.whole({ min: 1, max: 35, unit: "days" }),
      "How many days back any moment can be restored.",
      { fallback: of.database.backupDays },
    ),
    replica: optional(is.flag, "Add a replica that can be read from.", { fallback: of.database.replica }),
    proxy: optional(is.flag, "Put RDS Proxy in front, which shares connections.", {
      fallback: of.database.proxy,
    }),
  },
);

const cache = part(
  { anchor: "aws-cache", title: "AWS: cache", intro: "ElastiCache, with TLS and a password." },
  {
    engine: optional(z.enum(["valkey", "redis"]), "What speaks Redis's protocol.", {
      fallback: of.cache.engine,
    }),
    version: optional(aws.cacheVersion, 'The engine\'s version, such as `"8.0"`.', {
      defaultText: "as the Terraform module says",
    }),
    node: optional(aws.cacheNode, "The ElastiCache node type.", { fallback: of.cache.node }),
    replicas: optional(
      is.whole({ min: 0, max: 5 }),
      "Copies besides the primary, one of which takes over when it fails.",
      { fallback: of.cache.replicas },
    ),
  },
);

const waf = part(
  { anchor: "aws-waf", title: "AWS: firewall", intro: "`true`, or an object with these settings: AWS WAF." },
  {
    rateLimit: optional(
      is.whole({ min: 10, max: 2_000_000_000 }),
      "Requests that one address may send in five minutes.",
      { fallback: of.waf.rateLimit },
    ),
  },
);

const subnets = z.array(aws.subnetId).min(2);

const vpc = part(
  {
    anchor: "aws-vpc",
    title: "AWS: existing network",
    intro: "A network that is there already. The settings of `network` are then without effect, and refused.",
  },
  {
    id: required(aws.vpcId, "The VPC's id."),
    publicSubnets: required(
      subnets.meta({}),
      "Ids of subnets with a way in, for the load balancer: two zones or more.",
    ),
    privateSubnets: required(subnets.meta({}), "Ids of subnets for the services: two zones or more."),
    dataSubnets: required(subnets.meta({}), "Ids of subnets for database and cache: two zones or more."),
  },
);

const existing = part(
  {
    anchor: "aws-existing",
    title: "AWS: what is there already",
    intro: "Named here, it is used as it is, and neither made nor changed nor destroyed.",
  },
  {
    vpc: optional(vpc, "A network with its subnets.", { defaultText: "made" }),
    zone: optional(aws.zoneId, "The id of the Route 53 hosted zone that `domain` is in.", {
      defaultText: "made",
    }),
    certificate: optional(
      aws.certificate,
      "ARN of the ACM certificate for `domain`, in us-east-1, where CloudFront looks for it.",
      { defaultText: "made" },
    ),
    regionalCertificate: optional(
      aws.regionalCertificate,
      "ARN of the ACM certificate for `origin.` and `domain`, in the environment's region.",
      { defaultText: "made" },
    ),
    cluster: optional(aws.clusterName, "The name of an ECS cluster.", { defaultText: "made" }),
    database: optional(aws.dbIdentifier, "The identifier of an RDS instance.", { defaultText: "made" }),
    buckets: optional(
      z.record(is.name, is.bucketName),
      "Buckets by their names in this configuration, each with the name of the bucket that is there.",
      { fallback: {} },
    ),
  },
);

const images = part(
  {
    anchor: "aws-images",
    title: "AWS: images that are not the app's",
    intro:
      'Both come from public registries, which a network with `egress: "endpoints"` does not reach: there they have to lie in ECR, copied or through a pull-through cache.',
  },
  {
    databaseRoles: optional(
      aws.imageUri,
      "For the task that makes the database's roles: psql 15 or later and a shell.",
      { defaultText: "`public.ecr.aws/docker/library/postgres` of the database's version" },
    ),
    placeholder: optional(
      aws.imageUri,
      "What a service's first task definition names until the first deployment: a shell and httpd, as busybox has them.",
      { defaultText: "`public.ecr.aws/docker/library/busybox`" },
    ),
  },
);

export const awsEnvironment = part(
  {
    anchor: "aws-environment",
    title: "AWS: environment",
    intro:
      "`aws` of an environment whose platform is `aws`: its sizes. `switchback infra` needs a region, an account and the environment's `domain`; nothing else does.",
  },
  {
    region: optional(aws.awsRegion, "The AWS region.", { defaultText: "the app's `aws.region`" }),
    account: optional(aws.account, "The id of the AWS account.", { defaultText: "the app's `aws.account`" }),
    network: optional(network, "The network that everything is in.", { fallback: {} }),
    database: optional(database, "The size of the database.", { fallback: {} }),
    cache: optional(cache, "The size of the cache.", { fallback: {} }),
    waf: optional(z.union([is.flag, waf]), "A firewall in front of the app: `true`, or its settings.", {
      fallback: of.waf.on,
    }),
    logDays: optional(aws.logDays, "How many days logs are kept; CloudWatch knows certain numbers only.", {
      fallback: of.logDays,
    }),
    alarmEmails: optional(
      z.array(aws.email),
      "Addresses of the people who hear of alarms; each confirms a message from AWS first.",
      { defaultText: "the app's `aws.alarmEmails`" },
    ),
    waive: optional(z.array(waiver), "Policies that are let be for a time, besides those of `aws.waive`.", {
      fallback: [],
    }),
    protect: optional(
      is.flag,
      "Refuse to delete what holds data: deletion protection, a last snapshot, full buckets are kept.",
      { fallback: of.protect },
    ),
    images: optional(images, "Where images come from that are not the app's.", { fallback: {} }),
    parentZone: optional(
      aws.zoneId,
      "The id of the hosted zone, in the same account, in which the environment's new zone gets its delegation.",
      { defaultText: "none: whoever holds the parent zone delegates" },
    ),
    existing: optional(existing, "What is there already and is used instead of being made.", {
      fallback: {},
    }),
  },
);
