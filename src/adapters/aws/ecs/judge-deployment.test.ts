import type { ServiceDeployment } from "@aws-sdk/client-ecs";
import fc from "fast-check";
import { expect, test } from "vitest";
import { judgeDeployment } from "./judge-deployment.ts";

const ARN = "arn:aws:ecs:eu-north-1:123456789012:service-deployment/rideshare/api/one";
const REVISION = "arn:aws:ecs:eu-north-1:123456789012:service-revision/rideshare/api/2";

const seen = { desiredCount: 2, runningCount: 2, newestDeployment: ARN };
const judge = (deployment: Partial<ServiceDeployment> | object, service = seen) =>
  judgeDeployment(
    {
      serviceDeploymentArn: ARN,
      targetServiceRevision: { arn: REVISION },
      ...deployment,
    } as ServiceDeployment,
    { wanted: { revision: REVISION, instances: 2 }, service },
  );

test("success is this deployment's revision serving with its tasks, nothing else", () => {
  expect(judge({ status: "SUCCESSFUL" })).toEqual({ state: "succeeded" });
  expect(judge({ status: "SUCCESSFUL", targetServiceRevision: { arn: "another" } })).toMatchObject({
    state: "failed",
    cause: "other-revision",
  });
  expect(judge({ status: "SUCCESSFUL" }, { ...seen, newestDeployment: "somebody's" })).toMatchObject({
    state: "failed",
    cause: "superseded",
    reason: expect.stringContaining("somebody's"),
  });
  expect(judge({ status: "SUCCESSFUL" }, { ...seen, desiredCount: 0, runningCount: 0 })).toMatchObject({
    state: "failed",
    cause: "scaled-to-zero",
  });
  expect(judge({ status: "SUCCESSFUL" }, { ...seen, runningCount: 1 })).toMatchObject({
    state: "under-way",
    detail: "1 of 2 tasks run",
  });
});

test("a rollback by ECS is a failure with its cause, waited out until it has settled", () => {
  const alarms = { triggeredAlarmNames: ["errors"] };
  expect(judge({ status: "ROLLBACK_IN_PROGRESS", alarms, rollback: { reason: "alarm" } })).toEqual({
    state: "failed",
    settled: false,
    cause: "alarm",
    reason: "alarm",
  });
  const deploymentCircuitBreaker = { status: "TRIGGERED", failureCount: 3 };
  expect(judge({ status: "ROLLBACK_SUCCESSFUL", deploymentCircuitBreaker })).toMatchObject({
    settled: true,
    cause: "circuit-breaker",
  });
  expect(judge({ status: "ROLLBACK_FAILED" })).toMatchObject({ settled: true, cause: "rollback-failed" });
});

test("a stop is told apart: a person's, or the one that a newer deployment brings", () => {
  expect(judge({ status: "STOPPED" })).toMatchObject({ settled: true, cause: "stopped" });
  expect(judge({ status: "STOPPED" }, { ...seen, newestDeployment: "newer" })).toMatchObject({
    cause: "superseded",
  });
});

test("stages are told in words, also those that are not known yet", () => {
  const target = {
    arn: REVISION,
    runningTaskCount: 1,
    requestedTaskCount: 2,
    requestedProductionTrafficWeight: 10,
  };
  const told = {
    status: "IN_PROGRESS",
    lifecycleStage: "PRODUCTION_TRAFFIC_SHIFT",
    targetServiceRevision: target,
  };
  expect(judge(told)).toEqual({
    state: "under-way",
    stage: "shifting traffic",
    detail: "1 of 2 tasks, 10 % of traffic",
  });
  expect(judge({ status: "IN_PROGRESS", lifecycleStage: "WEIGHING_OF_SOULS" })).toMatchObject({
    stage: "weighing of souls",
  });
});

test("no status but SUCCESSFUL is ever a success, whatever AWS invents", () => {
  fc.assert(
    fc.property(fc.string(), fc.option(fc.string(), { nil: undefined }), (status, lifecycleStage) => {
      fc.pre(status !== "SUCCESSFUL");
      expect(judge({ status, lifecycleStage }).state).not.toBe("succeeded");
    }),
  );
});
