import type { DeploymentConfiguration } from "@aws-sdk/client-ecs";
import type { Strategy } from "../../../domain/app-definition.ts";

export interface DeploymentConfigurationRequest {
  strategy: Strategy;
  /** The watch after all traffic has moved. */
  bakeMs: number;
  /** Instances wanted: what a batch is a share of. */
  instances: number;
  kind: "web" | "worker";
  alarms: string[];
}

const minutes = (ms: number): number => Math.ceil(ms / 60_000);

/**
 * ECS's own deployment configuration for a strategy. Without a load balancer there is no traffic to shift, so a worker is
 * always replaced rolling. A canary of several percents keeps ECS's one step, the first; blue-green is all at once.
 * https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DeploymentConfiguration.html
 */
export const deploymentConfigurationOf = (
  request: DeploymentConfigurationRequest,
): DeploymentConfiguration => {
  const { strategy, alarms, bakeMs, kind, instances } = request;
  const common: DeploymentConfiguration = {
    deploymentCircuitBreaker: { enable: true, rollback: true },
    alarms: { alarmNames: alarms, enable: alarms.length > 0, rollback: true },
    minimumHealthyPercent: 100,
    maximumPercent: 200,
  };
  if (kind === "worker" || strategy.type === "rolling")
    return { ...common, strategy: "ROLLING", ...batchOf(strategy, instances) };
  const shifting = { ...common, bakeTimeInMinutes: minutes(bakeMs) };
  switch (strategy.type) {
    case "blue-green":
      return { ...shifting, strategy: "BLUE_GREEN" };
    case "canary":
      return {
        ...shifting,
        strategy: "CANARY",
        canaryConfiguration: {
          canaryPercent: strategy.percents[0] ?? 10,
          canaryBakeTimeInMinutes: minutes(strategy.bakeMs),
        },
      };
    case "linear":
      return {
        ...shifting,
        strategy: "LINEAR",
        linearConfiguration: {
          stepPercent: strategy.stepPercent,
          stepBakeTimeInMinutes: minutes(strategy.bakeMs),
        },
      };
  }
};

/** `batch` instances above what is wanted, at a time; never fewer than are wanted. */
const batchOf = (strategy: Strategy, instances: number): DeploymentConfiguration => {
  if (strategy.type !== "rolling" || instances === 0) return {};
  return { maximumPercent: Math.min(200, Math.ceil(((instances + strategy.batch) / instances) * 100)) };
};
