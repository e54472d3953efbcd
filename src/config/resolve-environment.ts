import type {
  EnvironmentDefinition,
  Gates,
  ServiceOverride,
  SmokeCheck,
  Strategy,
} from "../domain/app-definition.ts";
import type {
  ApprovalConfig,
  EnvironmentConfig,
  GatesConfig,
  ServiceOverrideConfig,
  SmokeConfig,
  StrategyConfig,
} from "./app-config.ts";
import type { AwsConfig } from "./aws-config.ts";
import { DEFAULTS } from "./defaults.ts";
import { mapValues, texts } from "./map-values.ts";
import { resolveAwsEnvironment } from "./resolve-aws.ts";
import { durationMs, memoryMb, shareOf } from "./units.ts";

export const resolveEnvironment = (
  environment: EnvironmentConfig,
  shared: AwsConfig,
): EnvironmentDefinition => {
  const platform = environment.platform ?? DEFAULTS.environment.platform;
  return {
    platform,
    strategy: resolveStrategy(environment.strategy ?? DEFAULTS.environment.strategy),
    bakeMs: durationMs(environment.bake ?? DEFAULTS.environment.bake[platform]),
    gates: resolveGates(environment.gates ?? {}),
    smoke: (environment.smoke ?? []).map(resolveSmoke),
    warmMs: durationMs(environment.warm ?? DEFAULTS.environment.warm),
    branch: environment.branch ?? null,
    domain: environment.domain ?? null,
    promotesFrom: environment.promotesFrom ?? null,
    approval: resolveApproval(environment.approval ?? false),
    freeze: (environment.freeze ?? []).map(({ from, to, reason }) => ({ from, to, reason })),
    env: texts(environment.env),
    services: mapValues(environment.services ?? {}, resolveOverride),
    sites: mapValues(environment.sites ?? {}, ({ settings }) => ({ settings: texts(settings) })),
    aws: platform === "aws" ? resolveAwsEnvironment(environment.aws ?? {}, shared) : null,
  };
};

const resolveStrategy = (strategy: StrategyConfig["type"] | StrategyConfig): Strategy => {
  const config: StrategyConfig = typeof strategy === "string" ? { type: strategy } : strategy;
  switch (config.type) {
    case "rolling":
      return { type: "rolling", batch: config.batch ?? DEFAULTS.rolling.batch };
    case "blue-green":
      return { type: "blue-green" };
    case "canary":
      return {
        type: "canary",
        percents: config.percents ?? [...DEFAULTS.canary.percents],
        bakeMs: durationMs(config.bake ?? DEFAULTS.canary.bake),
      };
    case "linear":
      return {
        type: "linear",
        stepPercent: config.stepPercent ?? DEFAULTS.linear.stepPercent,
        bakeMs: durationMs(config.bake ?? DEFAULTS.linear.bake),
      };
  }
};

/** Null switches a gate off; leaving it out takes the default. */
const resolveGates = (gates: GatesConfig): Gates => {
  const { maxErrorRate = DEFAULTS.gates.maxErrorRate, maxP95 = DEFAULTS.gates.maxP95 } = gates;
  return {
    maxErrorRate: maxErrorRate === null ? null : shareOf(maxErrorRate),
    maxP95Ms: maxP95 === null ? null : durationMs(maxP95),
    minRequests: gates.minRequests ?? DEFAULTS.gates.minRequests,
  };
};

const resolveSmoke = (smoke: string | SmokeConfig): SmokeCheck => {
  const check: SmokeConfig = typeof smoke === "string" ? { path: smoke } : smoke;
  return {
    path: check.path,
    status: check.status ?? DEFAULTS.smoke.status,
    contains: check.contains ?? DEFAULTS.smoke.contains,
  };
};

const resolveApproval = (approval: boolean | ApprovalConfig): EnvironmentDefinition["approval"] =>
  typeof approval === "boolean"
    ? { required: approval, by: [] }
    : { required: approval.required ?? true, by: approval.by ?? [...DEFAULTS.approval.by] };

const resolveOverride = (override: ServiceOverrideConfig): ServiceOverride => ({
  ...(override.instances === undefined ? {} : { instances: override.instances }),
  ...(override.maxInstances === undefined ? {} : { maxInstances: override.maxInstances }),
  ...(override.scaleAtCpu === undefined ? {} : { scaleAtCpu: shareOf(override.scaleAtCpu) }),
  ...(override.cpu === undefined ? {} : { cpu: override.cpu }),
  ...(override.memory === undefined ? {} : { memoryMb: memoryMb(override.memory) }),
  ...(override.env === undefined ? {} : { env: texts(override.env) }),
});
