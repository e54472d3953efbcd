import { z } from "zod";
import type { Contract, DatabaseContract } from "../domain/contract.ts";
import { AppError } from "../domain/errors.ts";
import type { OneOffTask, TaskEnd } from "../domain/one-off-task.ts";

/** What the task that makes the database's roles ran for; kept in the parameter that the contract names. */
export interface RolesRecord {
  fingerprint: string;
  taskDefinition: string;
  /** ARN of the task. */
  task: string;
  /** ISO 8601. */
  at: string;
}

const record = z.object({
  fingerprint: z.string(),
  taskDefinition: z.string(),
  task: z.string(),
  at: z.string(),
});

/** Null for anything that is no record: then the task runs, which is always safe. */
export const parseRolesRecord = (text: string | null): RolesRecord | null => {
  try {
    return record.safeParse(JSON.parse(text ?? "")).data ?? null;
  } catch {
    return null;
  }
};

/** Whether the roles were made as they are wanted now: with these passwords, on this server, by this definition. */
export const areRolesCurrent = (
  { rolesTask }: DatabaseContract,
  was: RolesRecord | null,
): was is RolesRecord =>
  was?.fingerprint === rolesTask.fingerprint && was.taskDefinition === rolesTask.taskDefinition;

export const rolesTaskOf = (
  { region, cluster, network }: Contract,
  { rolesTask }: DatabaseContract,
): OneOffTask => ({
  region,
  cluster: cluster.arn,
  taskDefinition: rolesTask.taskDefinition,
  subnets: network.privateSubnets,
  securityGroup: rolesTask.securityGroup,
  assignPublicIp: network.assignPublicIp,
  purpose: `roles-${rolesTask.fingerprint}`,
});

/** What to do about the reasons that people meet. */
const HINTS: [reason: RegExp, hint: string][] = [
  [
    /CannotPullContainer/,
    "the subnets need a way to the image's registry: set aws.images.databaseRoles to one that they reach, or see aws.network.egress",
  ],
  [
    /ResourceInitializationError|unable to pull secrets/,
    "the subnets need a way to Secrets Manager and CloudWatch Logs, and the execution role the right to read",
  ],
  [/RESOURCE:|Capacity is unavailable/, "AWS has no room at the moment; run it again later"],
];

const FAILED = "The infrastructure is applied, and the database's roles were not made";

/** The error of a task that did not end well; null: it did. */
export const rolesFailure = (environment: string, end: TaskEnd): AppError | null => {
  if (end.exitCode === 0) return null;
  const { task, exitCode, stopCode, reason, lines } = end;
  const what = exitCode === null ? "never ran" : `ended with exit code ${exitCode}`;
  const again = `switchback infra apply ${environment}`;
  const hint = HINTS.find(([pattern]) => pattern.test(reason ?? ""))?.[1];
  return new AppError(
    "INFRA_ROLES_FAILED",
    `${FAILED}: their task ${what}${reason === null ? "" : ` (${reason})`}.`,
    {
      hint: hint === undefined ? `when the reason is mended: ${again}` : `${hint}; then: ${again}`,
      context: { environment, task, exitCode, stopCode, reason, lines },
    },
  );
};
