import { askJson } from "../ask.ts";
import { Refused } from "../answers.ts";
import type { Json, Moto } from "../call.ts";

const ECS = "AmazonEC2ContainerServiceV20141113";

/** One container of a task definition, as far as the rig plays it. */
export interface ContainerDefinition {
  name: string;
  image: string;
  essential: boolean;
  entryPoint: string[];
  command: string[];
  /** "uid:gid" or a name. */
  user: string | null;
  environment: Record<string, string>;
  /** Name of the variable → where its value is kept. */
  secrets: Record<string, string>;
  log: { group: string; prefix: string; region: string } | null;
  stopTimeoutSeconds: number;
}

export interface TaskDefinition {
  arn: string;
  family: string;
  networkMode: string | null;
  cpu: string | null;
  memory: string | null;
  containers: ContainerDefinition[];
}

const pairs = (list: unknown, value: string): Record<string, string> =>
  Object.fromEntries(
    ((list as Json[] | undefined) ?? []).map((one) => [String(one["name"]), String(one[value])]),
  );

const texts = (list: unknown): string[] => ((list as unknown[] | undefined) ?? []).map(String);

/** Fargate's default before it kills: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerDefinition.html */
const STOP_TIMEOUT_SECONDS = 30;

const containerOf = (told: Json): ContainerDefinition => {
  const { logDriver, options } = (told["logConfiguration"] ?? {}) as { logDriver?: string; options?: Json };
  return {
    name: String(told["name"]),
    image: String(told["image"]),
    essential: told["essential"] !== false,
    entryPoint: texts(told["entryPoint"]),
    command: texts(told["command"]),
    user: typeof told["user"] === "string" ? told["user"] : null,
    environment: pairs(told["environment"], "value"),
    secrets: pairs(told["secrets"], "valueFrom"),
    log:
      logDriver !== "awslogs" || options === undefined
        ? null
        : {
            group: String(options["awslogs-group"]),
            prefix: String(options["awslogs-stream-prefix"]),
            region: String(options["awslogs-region"]),
          },
    stopTimeoutSeconds: Number(told["stopTimeout"] ?? STOP_TIMEOUT_SECONDS),
  };
};

/** A cluster's ARN by its name or ARN. */
export const readCluster = async (moto: Moto, region: string, given: unknown): Promise<string> => {
  const name = String(given ?? "default");
  const { clusters } = await askJson(moto, {
    service: "ecs",
    region,
    target: `${ECS}.DescribeClusters`,
    content: { clusters: [name] },
  });
  const found = (clusters as Json[]).find(({ status }) => status === "ACTIVE");
  if (found === undefined) throw new Refused("ClusterNotFoundException", "Cluster not found.");
  return String(found["clusterArn"]);
};

/** A task definition by its family, family and revision, or ARN. */
export const readDefinition = async (moto: Moto, region: string, given: unknown): Promise<TaskDefinition> => {
  const content = { taskDefinition: String(given) };
  const asked = { service: "ecs", region, target: `${ECS}.DescribeTaskDefinition`, content };
  const { taskDefinition } = await askJson(moto, asked).catch(() => {
    throw new Refused("ClientException", "TaskDefinition not found.");
  });
  const told = taskDefinition as Json;
  if (told["status"] === "INACTIVE") throw new Refused("ClientException", "TaskDefinition is inactive");
  return {
    arn: String(told["taskDefinitionArn"]),
    family: String(told["family"]),
    networkMode: typeof told["networkMode"] === "string" ? told["networkMode"] : null,
    cpu: told["cpu"] === undefined ? null : String(told["cpu"]),
    memory: told["memory"] === undefined ? null : String(told["memory"]),
    containers: (told["containerDefinitions"] as Json[]).map(containerOf),
  };
};
