import { expect, test } from "vitest";
import { deploymentConfigurationOf } from "./deployment-configuration.ts";

const base = { bakeMs: 90_000, instances: 4, kind: "web" as const, alarms: ["errors"] };

test("every strategy of the configuration is one of ECS's own, with its bake time in whole minutes", () => {
  const of = (strategy: Parameters<typeof deploymentConfigurationOf>[0]["strategy"]) =>
    deploymentConfigurationOf({ ...base, strategy });
  expect(of({ type: "blue-green" })).toMatchObject({ strategy: "BLUE_GREEN", bakeTimeInMinutes: 2 });
  expect(of({ type: "canary", percents: [10, 50], bakeMs: 60_000 })).toMatchObject({
    strategy: "CANARY",
    canaryConfiguration: { canaryPercent: 10, canaryBakeTimeInMinutes: 1 },
  });
  expect(of({ type: "linear", stepPercent: 20, bakeMs: 61_000 })).toMatchObject({
    strategy: "LINEAR",
    linearConfiguration: { stepPercent: 20, stepBakeTimeInMinutes: 2 },
  });
  expect(of({ type: "rolling", batch: 1 })).toMatchObject({
    strategy: "ROLLING",
    minimumHealthyPercent: 100,
    maximumPercent: 125,
  });
});

test("a rolling batch never asks for more than twice the instances, and needs none to be there", () => {
  const rolling = (batch: number, instances: number) =>
    deploymentConfigurationOf({ ...base, instances, strategy: { type: "rolling", batch } }).maximumPercent;
  expect([rolling(9, 4), rolling(1, 3), rolling(1, 0)]).toEqual([200, 134, 200]);
});

test("a worker has no traffic to shift, so it is replaced rolling whatever the strategy", () => {
  const worker = deploymentConfigurationOf({ ...base, kind: "worker", strategy: { type: "blue-green" } });
  expect(worker).toMatchObject({ strategy: "ROLLING" });
  expect(worker.bakeTimeInMinutes).toBeUndefined();
});

test("breaker and alarms take a deployment back by themselves; without alarms none are enabled", () => {
  const strategy = { type: "blue-green" } as const;
  expect(deploymentConfigurationOf({ ...base, strategy })).toMatchObject({
    deploymentCircuitBreaker: { enable: true, rollback: true },
    alarms: { alarmNames: ["errors"], enable: true, rollback: true },
  });
  expect(deploymentConfigurationOf({ ...base, alarms: [], strategy }).alarms).toMatchObject({
    enable: false,
  });
});
