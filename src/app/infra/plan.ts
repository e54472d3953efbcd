import type { Summary } from "../../infra/summary.ts";
import type { InfraContext, InfraSession } from "./context.ts";
import { makePlan } from "./make-plan.ts";
import { prepare } from "./prepare.ts";

export interface InfraPlanned {
  environment: string;
  folder: string;
  generated: string[];
  madeAt: string;
  summary: Summary;
}

/** What `infra apply` would do, saved so that it does exactly that. Changes nothing but the root folder's own files. */
export const planInfra = async (
  context: InfraContext,
  environment: string,
  session: InfraSession,
): Promise<InfraPlanned> => {
  const { generated, ...root } = await prepare(context, environment, session);
  const { summary, saved } = await makePlan(context, root, { ...session, mode: "apply" });
  return { environment, folder: root.folder.path, generated, madeAt: saved.madeAt, summary };
};
