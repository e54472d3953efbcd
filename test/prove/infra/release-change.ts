import type { Contract } from "../../../src/domain/contract.ts";
import type { InfraProject } from "./project.ts";

/** What a deployment changes, made by hand through the API: task definition, desired count, listener weights. */
export const changeAsADeployment = async (project: InfraProject, contract: Contract): Promise<void> => {
  const { aws } = project;
  const api = contract.services["api"]!;
  const described = (await aws([
    "ecs",
    "describe-task-definition",
    ...["--task-definition", api.family],
  ])) as { taskDefinition: Record<string, unknown> };
  const { taskDefinition: now } = described;
  const registered = (await aws([
    ...["ecs", "register-task-definition", "--family", api.family],
    ...[
      "--requires-compatibilities",
      "FARGATE",
      "--network-mode",
      "awsvpc",
      "--cpu",
      "512",
      "--memory",
      "1024",
    ],
    ...["--execution-role-arn", api.executionRole, "--task-role-arn", api.taskRole],
    ...["--container-definitions", JSON.stringify(now["containerDefinitions"])],
  ])) as { taskDefinition: { taskDefinitionArn: string } };
  await aws([
    ...["ecs", "update-service", "--cluster", contract.cluster.name, "--service", api.name],
    ...["--task-definition", registered.taskDefinition.taskDefinitionArn, "--desired-count", "3"],
  ]);
  const { blue, green } = api.targetGroups!;
  const weighted = [
    { TargetGroupArn: blue, Weight: 10 },
    { TargetGroupArn: green, Weight: 90 },
  ];
  await aws([
    ...["elbv2", "modify-rule", "--rule-arn", api.productionRule!],
    ...["--actions", JSON.stringify([{ Type: "forward", ForwardConfig: { TargetGroups: weighted } }])],
  ]);
};

/** What the API says of the service afterwards: a plan without changes has left it alone. */
export const deployedState = async (project: InfraProject, contract: Contract): Promise<string> => {
  const api = contract.services["api"]!;
  const { services } = (await project.aws([
    ...["ecs", "describe-services", "--cluster", contract.cluster.name, "--services", api.name],
  ])) as { services: { taskDefinition: string; desiredCount: number }[] };
  const [service] = services;
  return `${service?.taskDefinition.split("/").at(-1)} × ${service?.desiredCount}`;
};
