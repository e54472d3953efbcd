import { z } from "zod";
import { DEFAULTS } from "../defaults.ts";
import { awsEnvironment } from "./aws.ts";
import * as is from "./leaves.ts";
import { cpu, instances, maxInstances, scaleAtCpu } from "./service.ts";
import { optional, part, required } from "./setting.ts";
import { strategy } from "./strategy.ts";

const gates = part(
  {
    anchor: "gates",
    title: "Gates",
    intro: "Measured on the candidate alone. When one does not hold, the deployment is compensated.",
  },
  {
    maxErrorRate: optional(
      is.percentage.nullable(),
      "The largest share of answers with status 500 or above, or none at all; `null` switches the gate off.",
      { fallback: DEFAULTS.gates.maxErrorRate },
    ),
    maxP95: optional(
      is.duration({ min: "1ms", max: "10m" }).nullable(),
      "The largest 95th percentile of the answer times; `null` switches the gate off.",
      { fallback: DEFAULTS.gates.maxP95 },
    ),
    minRequests: optional(
      is.whole({ min: 1, max: 1_000_000 }),
      "With fewer requests than this the gates say nothing, and hold.",
      { fallback: DEFAULTS.gates.minRequests },
    ),
  },
);

const smoke = part(
  {
    anchor: "smoke",
    title: "Smoke checks",
    intro:
      'A path, `"/health"`, or an object with these settings. Asked through the front door, as a user would.',
  },
  {
    path: required(is.urlPath, "The path that is asked for with GET."),
    status: optional(is.whole({ min: 100, max: 599 }), "The status that must come back.", {
      fallback: DEFAULTS.smoke.status,
    }),
    contains: optional(is.words, "Text that the answer must hold.", { defaultText: "anything" }),
  },
);

const approval = part(
  { anchor: "approval", title: "Approval", intro: "`true`, or an object with these settings." },
  {
    required: optional(is.flag, "Nothing is deployed before somebody has agreed.", { fallback: true }),
    by: optional(z.array(is.words), "Who may agree; empty: anybody who may deploy.", {
      fallback: DEFAULTS.approval.by,
    }),
  },
);

const freeze = part(
  { anchor: "freeze", title: "Freeze windows", intro: "No deployment starts inside one; a rollback does." },
  {
    from: required(is.moment, "First moment of the freeze: ISO 8601 with offset."),
    to: required(is.moment, "The moment it ends: ISO 8601 with offset."),
    reason: required(is.words, "Shown to whoever tries to deploy."),
  },
);

const serviceOverride = part(
  {
    anchor: "overrides",
    title: "Services in an environment",
    intro: "A member of an environment's `services`. What is left out is as the service says.",
  },
  {
    instances: optional(instances, "How many run side by side."),
    maxInstances: optional(maxInstances, "On AWS, how many there may be when there is much to do."),
    scaleAtCpu: optional(scaleAtCpu, "The mean CPU load that `maxInstances` is there to keep."),
    cpu: optional(cpu, "CPU units of one instance; 1024 is one vCPU."),
    memory: optional(is.memory, "Memory of one instance."),
    env: optional(is.env, "Environment variables of the service in this environment.", { fallback: {} }),
  },
);

const siteOverride = part(
  {
    anchor: "site-overrides",
    title: "Sites in an environment",
    intro: "A member of an environment's `sites`. Members that are left out are as the site says.",
  },
  {
    settings: optional(is.siteSettings, "Members of the site's `/config.json` in this environment.", {
      fallback: {},
    }),
  },
);

const of = DEFAULTS.environment;

export const environment = part(
  { anchor: "environment", title: "Environment", intro: "A member of `environments`: where releases run." },
  {
    platform: optional(z.enum(["local", "aws"]), "What the environment runs on.", { fallback: of.platform }),
    strategy: optional(strategy, "How traffic goes from the stable release to the candidate.", {
      fallback: of.strategy,
    }),
    bake: optional(
      is.duration({ min: 0, max: "1d" }),
      "How long a finished rollout is watched before the deployment counts.",
      { defaultText: `${of.bake.local} on local, ${of.bake.aws} on aws` },
    ),
    gates: optional(gates, "What must hold during the rollout and the bake.", { defaultText: "see Gates" }),
    smoke: optional(
      z.array(z.union([is.urlPath, smoke])),
      "Requests through the front door that must be answered as expected before the bake.",
      { fallback: [] },
    ),
    warm: optional(
      is.duration({ min: 0, max: "7d" }),
      "How long the stable release is kept running after a blue-green, canary or linear deployment, for an instant rollback.",
      { fallback: of.warm },
    ),
    branch: optional(is.branch, "The git branch whose commits `ci` deploys here.", { defaultText: "none" }),
    domain: optional(is.hostName, "The host name that people type.", { defaultText: "none" }),
    promotesFrom: optional(
      is.name,
      "The environment in which a release must have served before it comes here.",
      { defaultText: "none" },
    ),
    approval: optional(
      z.union([is.flag, approval]),
      "Whether a person has to agree to a deployment: `true`, or who may.",
      { fallback: false },
    ),
    freeze: optional(z.array(freeze), "Times in which no deployment starts.", { fallback: [] }),
    env: optional(is.env, "Environment variables of every service in this environment.", { fallback: {} }),
    services: optional(
      z.record(is.name, serviceOverride),
      "Sizes and variables of single services in this environment.",
      { fallback: {} },
    ),
    sites: optional(z.record(is.name, siteOverride), "Settings of single sites in this environment.", {
      fallback: {},
    }),
    aws: optional(awsEnvironment, "What the environment is made of on AWS.", { fallback: {} }),
  },
);
