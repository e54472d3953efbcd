import type { Json } from "../call.ts";
import { json } from "../gaps/wire.ts";

export const ecs = (action: string, content: Json) =>
  json("ecs", `AmazonEC2ContainerServiceV20141113.${action}`, content);

/** A cluster and a task definition whose one container runs `script`, with its log in CloudWatch Logs. */
export const makeShop = async (script: string, more: Json = {}): Promise<void> => {
  await ecs("CreateCluster", { clusterName: "shop" });
  await json("logs", "Logs_20140328.CreateLogGroup", { logGroupName: "/ecs/job" });
  await ecs("RegisterTaskDefinition", {
    family: "job",
    networkMode: "awsvpc",
    requiresCompatibilities: ["FARGATE"],
    cpu: "256",
    memory: "512",
    containerDefinitions: [
      {
        name: "job",
        image: "public.ecr.aws/docker/library/postgres:18",
        command: ["sh", "-ceu", script],
        logConfiguration: {
          logDriver: "awslogs",
          options: {
            "awslogs-group": "/ecs/job",
            "awslogs-region": "eu-north-1",
            "awslogs-stream-prefix": "job",
          },
        },
        ...more,
      },
    ],
  });
};

export const NETWORK = { awsvpcConfiguration: { subnets: ["subnet-1"], securityGroups: ["sg-1"] } };

export const runJob = async (more: Json = {}): Promise<Json> => {
  const { content } = await ecs("RunTask", {
    cluster: "shop",
    taskDefinition: "job",
    networkConfiguration: NETWORK,
    ...more,
  });
  return content;
};

export const firstTask = (content: Json): Json => (content["tasks"] as Json[])[0]!;

export const describeTask = async (arn: unknown): Promise<Json> =>
  firstTask((await ecs("DescribeTasks", { cluster: "shop", tasks: [arn] })).content);

/** Asks until the task is what is wanted; the test's time limit is the only one. */
export const untilTask = async (arn: unknown, status: string): Promise<Json> => {
  for (;;) {
    const task = await describeTask(arn);
    if (task["lastStatus"] === status) return task;
    await new Promise((settle) => setTimeout(settle, 20));
  }
};

export const logOf = async (arn: unknown): Promise<string[]> => {
  const logStreamName = `job/job/${String(arn).split("/").at(-1)}`;
  const { content } = await json("logs", "Logs_20140328.GetLogEvents", {
    logGroupName: "/ecs/job",
    logStreamName,
  });
  return (content["events"] as Json[]).map(({ message }) => String(message));
};
