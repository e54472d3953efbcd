import type { PolicyReport } from "../../domain/policy-finding.ts";
import { delegationNotes } from "../../infra/delegation.ts";
import { notesFor, type InfraNote } from "../../infra/notes.ts";
import type { Summary } from "../../infra/summary.ts";
import type { InfraContext, InfraSession } from "./context.ts";
import { judgePlan } from "./judge-plan.ts";
import { makePlan } from "./make-plan.ts";
import { prepare } from "./prepare.ts";

export interface InfraPlanned {
  environment: string;
  folder: string;
  generated: string[];
  madeAt: string;
  summary: Summary;
  /** Where AWS gets something else than the configuration says. */
  notes: InfraNote[];
  /** What the plan would make, judged. */
  policies: PolicyReport;
}

/** What `infra apply` would do, saved so that it does exactly that. Changes nothing but the root folder's own files. */
export const planInfra = async (
  context: InfraContext,
  environment: string,
  session: InfraSession,
): Promise<InfraPlanned> => {
  const { generated, ...root } = await prepare(context, environment, session);
  const made = await makePlan(context, root, { ...session, mode: "apply" });
  const { plan, summary, saved } = made;
  const notes = [
    ...notesFor(context.app, environment),
    ...delegationNotes(context.app, environment, plan.changes),
  ];
  const policies = judgePlan(context, environment, made);
  return { environment, folder: root.folder.path, generated, madeAt: saved.madeAt, summary, notes, policies };
};
