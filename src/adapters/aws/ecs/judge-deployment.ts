import type { ServiceDeployment } from "@aws-sdk/client-ecs";

/** Where a deployment of ECS stands. Only `succeeded` is a success. */
export type DeploymentJudgement =
  | { state: "under-way"; stage: string; detail: string }
  | { state: "succeeded" }
  | { state: "failed"; settled: boolean; cause: FailureCause; reason: string };

/** `superseded`: somebody else's deployment took its place; `other-revision`: it succeeded, but with another revision. */
export type FailureCause =
  | "circuit-breaker"
  | "alarm"
  | "stopped"
  | "rolled-back"
  | "rollback-failed"
  | "superseded"
  | "scaled-to-zero"
  | "other-revision";

export interface Wanted {
  /** ARN of the service revision that this deployment is to bring. */
  revision: string;
  /** Running tasks that the service must have; 0 only where none are asked for. */
  instances: number;
}

export interface SeenService {
  desiredCount: number;
  runningCount: number;
  /** ARN of the newest deployment of the service. */
  newestDeployment: string | null;
}

/**
 * Judges what DescribeServiceDeployments answers. "The service is stable" is no success: a service is stable after ECS rolled
 * it back as well. A status or stage that is not known yet is told as under way, never as an end.
 * https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ServiceDeployment.html
 */
export const judgeDeployment = (
  deployment: ServiceDeployment,
  { wanted, service }: { wanted: Wanted; service: SeenService },
): DeploymentJudgement => {
  const reason = deployment.rollback?.reason ?? deployment.statusReason ?? "";
  switch (String(deployment.status ?? "PENDING")) {
    case "SUCCESSFUL":
      return judgeSuccess(deployment, { wanted, service });
    case "STOP_REQUESTED":
    case "STOPPED":
      return {
        state: "failed",
        settled: deployment.status === "STOPPED",
        cause: service.newestDeployment === deployment.serviceDeploymentArn ? "stopped" : "superseded",
        reason,
      };
    case "ROLLBACK_REQUESTED":
    case "ROLLBACK_IN_PROGRESS":
      return { state: "failed", settled: false, cause: causeOf(deployment), reason };
    case "ROLLBACK_SUCCESSFUL":
      return { state: "failed", settled: true, cause: causeOf(deployment), reason };
    case "ROLLBACK_FAILED":
      return { state: "failed", settled: true, cause: "rollback-failed", reason };
    default:
      return underWay(deployment);
  }
};

const judgeSuccess = (
  deployment: ServiceDeployment,
  { wanted, service }: { wanted: Wanted; service: SeenService },
): DeploymentJudgement => {
  const failed = (cause: FailureCause, reason: string): DeploymentJudgement => ({
    state: "failed",
    settled: true,
    cause,
    reason,
  });
  const brought = deployment.targetServiceRevision?.arn ?? null;
  if (brought !== wanted.revision)
    return failed("other-revision", `it brought ${brought ?? "no revision"} instead of ${wanted.revision}`);
  if (service.newestDeployment !== deployment.serviceDeploymentArn)
    return failed("superseded", `${service.newestDeployment ?? "another deployment"} came after it`);
  if (service.desiredCount < wanted.instances && service.desiredCount === 0)
    return failed("scaled-to-zero", "the service was scaled to zero while it was deployed");
  if (service.runningCount < Math.min(wanted.instances, service.desiredCount))
    return {
      state: "under-way",
      stage: "tasks",
      detail: `${service.runningCount} of ${service.desiredCount} tasks run`,
    };
  return { state: "succeeded" };
};

const causeOf = (deployment: ServiceDeployment): FailureCause => {
  if ((deployment.alarms?.triggeredAlarmNames ?? []).length > 0) return "alarm";
  if (String(deployment.deploymentCircuitBreaker?.status) === "TRIGGERED") return "circuit-breaker";
  return "rolled-back";
};

const STAGES: Record<string, string> = {
  RECONCILE_SERVICE: "getting ready",
  PRE_SCALE_UP: "before the first task",
  SCALE_UP: "starting tasks",
  POST_SCALE_UP: "tasks run",
  TEST_TRAFFIC_SHIFT: "test traffic",
  POST_TEST_TRAFFIC_SHIFT: "test traffic shifted",
  PRODUCTION_TRAFFIC_SHIFT: "shifting traffic",
  POST_PRODUCTION_TRAFFIC_SHIFT: "traffic shifted",
  BAKE_TIME: "baking",
  CLEAN_UP: "ending the tasks before",
};

const underWay = ({ status, lifecycleStage, targetServiceRevision: target }: ServiceDeployment) => {
  const stage = String(lifecycleStage ?? status ?? "PENDING");
  const percent = target?.requestedProductionTrafficWeight;
  const tasks = `${target?.runningTaskCount ?? 0} of ${target?.requestedTaskCount ?? 0} tasks`;
  return {
    state: "under-way" as const,
    stage: STAGES[stage] ?? stage.toLowerCase().replaceAll("_", " "),
    detail: percent === undefined ? tasks : `${tasks}, ${percent} % of traffic`,
  };
};
