import type { Contract } from "../../domain/contract.ts";
import { applySaved, type Applied, type ApplyRequest } from "./apply-plan.ts";
import type { InfraContext } from "./context.ts";
import { judgePlan } from "./judge-plan.ts";
import { contractOf } from "./outputs.ts";
import { prepare } from "./prepare.ts";

export interface InfraApplied extends Applied {
  environment: string;
  contract: Contract;
}

/** Takes an environment's infrastructure to what the configuration says. Safe to run again after any interruption. */
export const applyInfra = async (
  context: InfraContext,
  environment: string,
  request: ApplyRequest,
): Promise<InfraApplied> => {
  const root = await prepare(context, environment, request);
  const applied = await applySaved(context, root, {
    ...request,
    judge: (made) => judgePlan(context, environment, made),
  });
  return { ...applied, environment, contract: await contractOf(context, environment, root) };
};
