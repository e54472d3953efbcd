import type { Contract } from "../../domain/contract.ts";
import { applySaved, type Applied, type ApplyRequest } from "./apply-plan.ts";
import type { InfraContext } from "./context.ts";
import { judgePlan } from "./judge-plan.ts";
import { makeRoles, type RolesMade } from "./make-roles.ts";
import { contractOf } from "./outputs.ts";
import { prepare } from "./prepare.ts";
import { tellingDelegation } from "./tell-delegation.ts";

export interface InfraApplied extends Applied {
  environment: string;
  contract: Contract;
  /** Of the database. */
  roles: RolesMade;
}

/**
 * Takes an environment's infrastructure to what the configuration says, and its database to having its roles. Safe to run again
 * after any interruption: what was not done is done then.
 */
export const applyInfra = async (
  context: InfraContext,
  environment: string,
  request: ApplyRequest,
): Promise<InfraApplied> => {
  const root = await prepare(context, environment, request);
  const applied = await applySaved(context, root, {
    ...tellingDelegation(context, environment, request),
    judge: (made) => judgePlan(context, environment, made),
  });
  const contract = await contractOf(context, environment, root);
  const roles = await makeRoles(context, contract, request);
  return { ...applied, environment, contract, roles };
};
