import type { Contract } from "../../domain/contract.ts";
import { AppError } from "../../domain/errors.ts";
import { parseContract } from "../../infra/contract.ts";
import type { InfraContext, InfraSession } from "./context.ts";
import type { Root } from "./make-plan.ts";
import { prepare } from "./prepare.ts";

/** What the deployer reads of an environment, checked whole. INFRA_ABSENT where nothing was applied yet. */
export const outputsOf = async (
  context: InfraContext,
  environment: string,
  session: InfraSession,
): Promise<Contract> => contractOf(context, environment, await prepare(context, environment, session));

export const contractOf = async (
  { app }: Pick<InfraContext, "app">,
  environment: string,
  { folder, terraform }: Root,
): Promise<Contract> => {
  const outputs = await terraform.outputs();
  if (Object.keys(outputs).length === 0)
    throw new AppError("INFRA_ABSENT", `${environment} has no infrastructure yet.`, {
      hint: `switchback infra plan ${environment}`,
      context: { environment },
    });
  const from = `the output "contract" of ${folder.path}`;
  return parseContract(outputs["contract"]?.value, { app: app.name, environment, from });
};
