import type { InfraPlan } from "../../infra/plan-change.ts";
import { readPlan } from "../../infra/read-plan.ts";
import { summarise, type Summary } from "../../infra/summary.ts";
import type { InfraFolder, SavedPlan, Terraform } from "../../ports/infra.ts";
import type { InfraContext, InfraSession } from "./context.ts";

/** A saved plan and what it says. */
export interface MadePlan {
  saved: SavedPlan;
  plan: InfraPlan;
  summary: Summary;
  /** As Terraform prints it. */
  json: unknown;
}

export interface Root {
  folder: InfraFolder;
  terraform: Terraform;
}

/** Makes a plan and saves it with the digest of all that it follows from, taken before: a later edit makes it stale. */
export const makePlan = async (
  { clock }: Pick<InfraContext, "clock">,
  { folder, terraform }: Root,
  { mode, ...session }: InfraSession & { mode: "apply" | "destroy" },
): Promise<MadePlan> => {
  await folder.forgetPlan(mode);
  const digest = await folder.digest();
  const file = await folder.planFile(mode);
  session.onPhase(`planning ${folder.path}`);
  await terraform.plan({ ...session, file, mode });
  const json = await terraform.show(file);
  const plan = readPlan(json);
  const saved: SavedPlan = {
    file,
    mode,
    digest,
    madeAt: new Date(clock.nowMs()).toISOString(),
    begun: false,
  };
  await folder.savePlan(saved);
  return { saved, plan, summary: summarise(plan), json };
};

/** The plan that was saved, or why there is none that may be applied. */
export const savedPlanOf = async ({
  folder,
  terraform,
}: Root): Promise<MadePlan | "missing" | "stale" | "begun"> => {
  const saved = await folder.savedPlan();
  if (saved === null || saved.mode !== "apply") return "missing";
  if (saved.begun) return "begun";
  if (saved.digest !== (await folder.digest())) return "stale";
  const json = await terraform.show(saved.file);
  const plan = readPlan(json);
  return { saved, plan, summary: summarise(plan), json };
};
