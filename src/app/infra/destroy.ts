import { AppError } from "../../domain/errors.ts";
import type { ResourceChange } from "../../infra/plan-change.ts";
import { applyMade, type Applied, type ApplyRequest } from "./apply-plan.ts";
import type { InfraContext } from "./context.ts";
import { makePlan } from "./make-plan.ts";
import { prepare } from "./prepare.ts";

export interface InfraDestroyed extends Applied {
  environment: string;
}

/**
 * Takes an environment's infrastructure away, by a plan that was made and shown in this command. INFRA_PROTECTED, before
 * anything is touched, while the configuration or a resource that is there protects it.
 */
export const destroyInfra = async (
  context: InfraContext,
  environment: string,
  request: ApplyRequest,
): Promise<InfraDestroyed> => {
  const root = await prepare(context, environment, request);
  const made = await makePlan(context, root, { ...request, mode: "destroy" });
  const guarded = made.plan.changes.filter(isGuarded).map(({ address }) => address);
  if (made.plan.changes.length > 0) refuseProtected(context, environment, guarded);
  const applied = await applyMade(context, root, made, { ...request, origin: "made" });
  return { ...applied, environment };
};

const GUARDS = ["deletion_protection", "enable_deletion_protection", "deletion_protection_enabled"];

/** AWS itself would refuse, after half of the rest is gone. */
const isGuarded = ({ before }: ResourceChange): boolean => GUARDS.some((guard) => before?.[guard] === true);

const refuseProtected = ({ app }: InfraContext, environment: string, guarded: string[]): void => {
  const inConfig = app.environments[environment]?.aws?.protect === true;
  if (!inConfig && guarded.length === 0) return;
  const apply = `switchback infra plan ${environment}, then: switchback infra apply ${environment}`;
  throw new AppError(
    "INFRA_PROTECTED",
    inConfig
      ? `${environment} is protected by the configuration: protect is true.`
      : `${environment} is still protected where it runs: ${guarded.join(", ")}.`,
    {
      hint: inConfig
        ? `set environments.${environment}.aws.protect to false, then lift it: ${apply}; destroy comes after that`
        : `lift it: ${apply}; destroy comes after that`,
      context: { environment, guarded },
    },
  );
};
