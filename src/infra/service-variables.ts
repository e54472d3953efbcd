import type {
  AppDefinition,
  EnvironmentDefinition,
  HealthDefinition,
  ServiceDefinition,
} from "../domain/app-definition.ts";
import { fargateSize } from "../domain/fargate-size.ts";

/** One service of `variable "app"`. */
export interface ServiceVariables {
  kind: "web" | "worker";
  port: number;
  route: string | null;
  cpu: number;
  memory: number;
  instances: number;
  stop_seconds: number;
  health: HealthVariables;
  /** Null: always `instances`. */
  scaling: { max: number; cpu_percent: number } | null;
  secrets: string[];
}

export interface HealthVariables {
  path: string;
  interval_seconds: number;
  timeout_seconds: number;
  healthy_after: number;
  unhealthy_after: number;
  start_seconds: number;
}

/** What a service says for itself, with what the environment says instead. */
export const sizedService = (
  app: AppDefinition,
  { services }: EnvironmentDefinition,
  name: string,
): ServiceDefinition => {
  const base = app.services[name]!;
  const { env, ...sizes } = services[name] ?? {};
  return { ...base, ...sizes, env: { ...base.env, ...env } };
};

/** Every service with its size in this environment, in what Fargate and the load balancer have. */
export const serviceVariables = (
  app: AppDefinition,
  definition: EnvironmentDefinition,
): Record<string, ServiceVariables> =>
  Object.fromEntries(
    Object.keys(app.services).map((name) => [name, variablesOf(sizedService(app, definition, name))]),
  );

const variablesOf = (service: ServiceDefinition): ServiceVariables => {
  const size = fargateSize(service) ?? service;
  return {
    kind: service.kind,
    port: service.port,
    route: service.route,
    cpu: size.cpu,
    memory: size.memoryMb,
    instances: service.instances,
    stop_seconds: stopSeconds(service),
    health: healthVariables(service.health),
    scaling:
      service.maxInstances === null
        ? null
        : { max: service.maxInstances, cpu_percent: Math.round(service.scaleAtCpu * 100) },
    secrets: Object.keys(service.secrets).sort(),
  };
};

/** Fargate waits two minutes at most, and two seconds at least. */
export const MOST_STOP_SECONDS = 120;

export const stopSeconds = ({ stopMs }: Pick<ServiceDefinition, "stopMs">): number =>
  between(2, Math.ceil(stopMs / 1000), MOST_STOP_SECONDS);

/**
 * The nearest that a load balancer takes: it asks every 5 seconds at most and wants two passes at least
 * (https://docs.aws.amazon.com/elasticloadbalancing/latest/application/target-group-health-checks.html).
 */
const healthVariables = (health: HealthDefinition): HealthVariables => {
  const interval = between(5, Math.ceil(health.intervalMs / 1000), 300);
  return {
    path: health.path,
    interval_seconds: interval,
    timeout_seconds: between(2, Math.ceil(health.timeoutMs / 1000), Math.min(120, interval - 1)),
    healthy_after: between(2, health.healthyAfter, 10),
    unhealthy_after: between(2, health.unhealthyAfter, 10),
    start_seconds: Math.ceil(health.startMs / 1000),
  };
};

const between = (least: number, value: number, most: number): number =>
  Math.min(most, Math.max(least, value));
