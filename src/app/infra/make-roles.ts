import type { Contract } from "../../domain/contract.ts";
import { areRolesCurrent, parseRolesRecord, rolesFailure, rolesTaskOf } from "../../infra/roles-run.ts";
import type { InfraContext, InfraSession } from "./context.ts";

export interface RolesMade {
  /** "current": they were made before, as they are wanted now. "none": there is no database. */
  outcome: "made" | "current" | "none";
  /** ARN of the task that made them. */
  task: string | null;
}

/**
 * The database has the roles of app and migrations that the contract tells of: their task runs unless it ran for the same
 * before. Safe to run again and at once: a task that runs already is waited for, and the task itself changes nothing twice.
 * INFRA_ROLES_FAILED with the task's last lines.
 */
export const makeRoles = async (
  { tasks, parameters, clock }: Pick<InfraContext, "tasks" | "parameters" | "clock">,
  contract: Contract,
  { interrupt, onPhase }: Pick<InfraSession, "interrupt" | "onPhase">,
): Promise<RolesMade> => {
  const { database, environment, region } = contract;
  if (database === null) return { outcome: "none", task: null };
  const { record, fingerprint, taskDefinition } = database.rolesTask;
  const where = { region, signal: interrupt };
  const was = parseRolesRecord(await parameters.read(record, where));
  if (areRolesCurrent(database, was)) return { outcome: "current", task: was.task };
  const what = "making the database's roles";
  onPhase(what);
  const end = await tasks.run(rolesTaskOf(contract, database), {
    signal: interrupt,
    onStatus: (status) => onPhase(`${what}: ${status.toLowerCase()}`),
  });
  const failure = rolesFailure(environment, end);
  if (failure !== null) throw failure;
  const at = new Date(clock.nowMs()).toISOString();
  await parameters.write(record, JSON.stringify({ fingerprint, taskDefinition, task: end.task, at }), where);
  return { outcome: "made", task: end.task };
};
