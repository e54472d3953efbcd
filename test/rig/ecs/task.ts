import type { Json } from "../call.ts";

/** Of a task and of its containers, in this order. https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-lifecycle-explanation.html */
export type TaskStatus =
  | "PROVISIONING"
  | "PENDING"
  | "ACTIVATING"
  | "RUNNING"
  | "DEACTIVATING"
  | "STOPPING"
  | "DEPROVISIONING"
  | "STOPPED";

export interface Container {
  name: string;
  image: string;
  essential: boolean;
  lastStatus: "PENDING" | "RUNNING" | "STOPPED";
  exitCode: number | null;
  /** Why it did not start, or what ended it. */
  reason: string | null;
}

/** What the rig knows of a task; as the API tells it: `tellTask`. */
export interface Task {
  arn: string;
  id: string;
  region: string;
  clusterArn: string;
  definitionArn: string;
  family: string;
  startedBy: string | null;
  group: string | null;
  launchType: string;
  cpu: string | null;
  memory: string | null;
  lastStatus: TaskStatus;
  desiredStatus: "RUNNING" | "STOPPED";
  containers: Container[];
  stopCode: string | null;
  stoppedReason: string | null;
  createdAt: Date;
  startedAt: Date | null;
  stoppingAt: Date | null;
  stoppedAt: Date | null;
  tags: Json[];
}

const seconds = (at: Date | null): number | null => (at === null ? null : at.getTime() / 1000);

const withoutNulls = (content: Json): Json =>
  Object.fromEntries(Object.entries(content).filter(([, value]) => value !== null));

/** https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_Task.html; tags only where they are asked for. */
export const tellTask = (task: Task, { withTags = false } = {}): Json =>
  withoutNulls({
    taskArn: task.arn,
    clusterArn: task.clusterArn,
    taskDefinitionArn: task.definitionArn,
    group: task.group ?? `family:${task.family}`,
    startedBy: task.startedBy,
    launchType: task.launchType,
    cpu: task.cpu,
    memory: task.memory,
    lastStatus: task.lastStatus,
    desiredStatus: task.desiredStatus,
    stopCode: task.stopCode,
    stoppedReason: task.stoppedReason,
    createdAt: seconds(task.createdAt),
    startedAt: seconds(task.startedAt),
    stoppingAt: seconds(task.stoppingAt),
    stoppedAt: seconds(task.stoppedAt),
    attachments: [],
    tags: withTags ? task.tags : null,
    containers: task.containers.map((container) =>
      withoutNulls({
        containerArn: `${task.arn.replace(":task/", ":container/")}/${container.name}`,
        taskArn: task.arn,
        name: container.name,
        image: container.image,
        lastStatus: container.lastStatus,
        exitCode: container.exitCode,
        reason: container.reason,
      }),
    ),
  });
