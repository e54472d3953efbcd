import { isAppError } from "../../domain/errors.ts";
import type { PolicyReport } from "../../domain/policy-finding.ts";
import { refusedDangers, type Danger } from "../../infra/dangers.ts";
import { isEmptyPlan, type Summary } from "../../infra/summary.ts";
import type { InfraContext, InfraSession } from "./context.ts";
import { makePlan, savedPlanOf, type MadePlan, type Root } from "./make-plan.ts";

/** Where the plan that is shown comes from. Only one that was "saved" was looked at before. */
export type PlanOrigin = "saved" | "missing" | "stale" | "begun" | "made";

export interface Question {
  /** The root folder, as people see it. */
  folder: string;
  origin: PlanOrigin;
  madeAt: string;
  summary: Summary;
  /** Dangers that no option names: the name of each has to be typed. */
  open: Danger[];
  /** What the policies say of it; null: none was asked. */
  policies: PolicyReport | null;
}

export interface ApplyRequest extends InfraSession {
  /** Addresses that may be destroyed without a question. */
  allowed: readonly string[];
  /** Shows the plan and resolves when it shall be applied; rejects with why not. */
  confirm(question: Question): Promise<void>;
}

/** What a plan is asked before a person is. */
export type Judge = (made: MadePlan) => PolicyReport;

export interface Applied {
  outcome: "applied" | "nothing";
  summary: Summary;
  policies: PolicyReport | null;
}

/**
 * Applies the saved plan, and no other: one that was made for other files, variables or another state is made anew and
 * shown again before anything happens. From the moment it is begun it is spent, whatever becomes of it.
 */
export const applySaved = async (
  context: InfraContext,
  root: Root,
  request: ApplyRequest & { judge?: Judge },
): Promise<Applied> => {
  const found = await savedPlanOf(root);
  if (typeof found !== "string") return applyMade(context, root, found, { ...request, origin: "saved" });
  const made = await makePlan(context, root, { ...request, mode: "apply" });
  return applyMade(context, root, made, { ...request, origin: found });
};

/** As `applySaved`, for a plan that was made by this command. */
export const applyMade = async (
  context: InfraContext,
  root: Root,
  plan: MadePlan,
  { origin, judge, ...request }: ApplyRequest & { origin: PlanOrigin; judge?: Judge },
): Promise<Applied> => {
  const { saved, summary } = plan;
  const policies = judge?.(plan) ?? null;
  const open = refusedDangers(summary.dangers, request.allowed);
  if (isEmptyPlan(summary)) {
    await root.folder.forgetPlan(saved.mode);
    return { outcome: "nothing", summary, policies };
  }
  await request.confirm({ folder: root.folder.path, origin, madeAt: saved.madeAt, summary, open, policies });
  await root.folder.savePlan({ ...saved, begun: true });
  request.onPhase(`applying ${root.folder.path}`);
  try {
    await root.terraform.apply({ ...request, file: saved.file });
  } catch (error) {
    if (!isAppError(error, "INFRA_PLAN_STALE") || origin === "stale") throw error;
    const made = await makePlan(context, root, { ...request, mode: saved.mode });
    return applyMade(context, root, made, {
      ...request,
      ...(judge === undefined ? {} : { judge }),
      origin: "stale",
    });
  }
  await root.folder.forgetPlan(saved.mode);
  return { outcome: "applied", summary, policies };
};
