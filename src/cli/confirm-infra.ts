import type { Question } from "../app/infra/apply-plan.ts";
import { AppError } from "../domain/errors.ts";
import type { Danger } from "../infra/dangers.ts";
import type { CommandContext } from "./command-context.ts";
import type { InfraOptions } from "./commands/infra.ts";
import { countsText, renderInfraPlan } from "./render/infra-plan.ts";
import { renderPolicies } from "./render/policy.ts";
import type { InfraProgress } from "./render/infra-progress.ts";

interface Asked {
  verb: "apply" | "destroy" | "bootstrap";
  environment: string;
  options: InfraOptions;
  interrupt: AbortSignal;
}

/**
 * Shows a plan and gets a person's word for it. Whatever destroys data or takes the service down is never covered by
 * --yes: its name is typed, or its address was named with --allow-destroy. A plan that nobody looked at before is not
 * applied where nobody is there to look.
 */
export const confirmWith = (
  { terminal, question }: CommandContext,
  progress: InfraProgress,
  { verb, environment, options, interrupt }: Asked,
): ((asked: Question) => Promise<void>) => {
  const ask = options.json === true ? null : question;
  const read = async (prompt: string): Promise<string> => {
    const answer = (await ask?.(prompt, interrupt)) ?? "";
    if (interrupt.aborted) throw new AppError("INTERRUPTED", "Stopped; nothing was changed.");
    return answer.trim();
  };
  return async (asked) => {
    const { folder, origin, summary, madeAt, policies } = asked;
    progress.pause();
    const verbose = options.verbose === true;
    if (options.json !== true) {
      if (origin in WHY) terminal.talk(WHY[origin as keyof typeof WHY]);
      terminal.talk(
        renderInfraPlan(terminal.stderr, { folder, summary, verbose, destroys: verb === "destroy" }),
      );
      if (policies !== null)
        terminal.talk(renderPolicies(terminal.stderr, policies, { exitCode: 0, verbose }));
      if (origin === "saved") terminal.talk(`This is the plan of ${madeAt}; nothing changed since.`);
    }
    if (verb === "apply" && origin !== "saved" && ask === null) throw unseen(origin, environment);
    const open =
      verb === "destroy" && ask === null ? asked.open.filter(({ kind }) => kind === "data") : asked.open;
    progress.expect(total(summary));
    if (open.length > 0 && ask === null) throw refused(open, { verb, environment });
    if (verb === "destroy" && ask !== null) return typeName(read, environment, { verb, environment, open });
    for (const danger of open) await typeName(read, danger.name, { verb, environment, open: [danger] });
    if (open.length > 0 || options.yes === true) return;
    if (ask === null)
      throw new AppError("INFRA_UNCONFIRMED", `Nobody is there to say yes to ${countsText(summary)}.`, {
        hint: `say it beforehand: switchback infra ${verb} ${environment} --yes`,
      });
    const answer = await read(`${verb === "bootstrap" ? "Make it" : "Apply it"}? Type yes: `);
    if (answer.toLowerCase() !== "yes" && answer.toLowerCase() !== "y")
      throw new AppError("INFRA_UNCONFIRMED", "Not applied: nobody said yes.", {
        hint: `the plan is kept: switchback infra ${verb} ${environment}`,
      });
  };
};

const WHY = {
  missing: "No plan was saved, so this one was made now.",
  stale: "Something changed since the plan was saved, so this one was made now.",
  begun: "The saved plan was begun before and not finished, so this one was made for what is left.",
};

const total = ({ counts }: Question["summary"]): number =>
  counts.create + counts.update + counts.destroy + counts.replace * 2;

const unseen = (origin: Question["origin"], environment: string): AppError => {
  const hint = `look at it, then: switchback infra apply ${environment} --yes`;
  return origin === "missing"
    ? new AppError(
        "INFRA_PLAN_MISSING",
        `There was no saved plan of ${environment}; one was made and saved now.`,
        { hint },
      )
    : new AppError(
        "INFRA_PLAN_STALE",
        origin === "begun"
          ? `The saved plan of ${environment} was begun before and not finished; one for what is left was made and saved now.`
          : `Something changed since the plan of ${environment} was saved; another was made and saved now.`,
        { hint },
      );
};

const refused = (
  open: readonly Danger[],
  { verb, environment }: { verb: string; environment: string },
): AppError => {
  const [first] = open;
  const others = open.length === 1 ? "" : ` and ${open.length - 1} more`;
  return new AppError(
    "INFRA_DANGER",
    `${first!.address} (${first!.name}) would be ${DONE[first!.action]}${others}: ${first!.loss}.`,
    {
      hint: `if that is meant: switchback infra ${verb} ${environment}${open.map(({ address }) => ` --allow-destroy '${address}'`).join("")}`,
      context: {
        environment,
        dangers: open.map(({ address, name, kind, action, because }) => ({
          address,
          name,
          kind,
          action,
          because,
        })),
        lines: open.map(({ address, name, action, loss }) => `${address} (${name}) ${DONE[action]}: ${loss}`),
      },
    },
  );
};

const DONE: Record<Danger["action"], string> = {
  destroy: "destroyed",
  replace: "replaced",
  update: "changed",
};

const typeName = async (
  read: (prompt: string) => Promise<string>,
  name: string,
  { verb, environment, open }: { verb: string; environment: string; open: readonly Danger[] },
): Promise<void> => {
  const answer = await read(`Type ${name} to ${verb === "destroy" ? "destroy all of it" : "go on"}: `);
  if (answer === name) return;
  if (open.length > 0 && verb !== "destroy") throw refused(open, { verb, environment });
  throw new AppError("INFRA_UNCONFIRMED", `Nothing was destroyed: "${answer}" was typed, not ${name}.`, {
    hint: `switchback infra ${verb} ${environment}`,
  });
};
