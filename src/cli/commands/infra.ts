import type { InfraContext, InfraSession } from "../../app/infra/context.ts";
import { count } from "../../domain/count.ts";
import { AppError } from "../../domain/errors.ts";
import { exitCodeOfPolicies } from "../../domain/policy-finding.ts";
import { contextOptions, printJson, type CommandContext, type GlobalOptions } from "../command-context.ts";
import { confirmWith } from "../confirm-infra.ts";
import { watchInfraInterrupts } from "../infra-interrupt.ts";
import { hanging } from "../render/field.ts";
import { makeInfraProgress, type InfraProgress } from "../render/infra-progress.ts";
import { SYMBOLS } from "../render/symbols.ts";

export interface InfraOptions extends GlobalOptions {
  allowDestroy?: string[];
  yes?: boolean;
  wait?: boolean;
  from?: string;
  copilotEnvironment?: string;
}

const VERBS = ["bootstrap", "plan", "apply", "outputs", "drift", "destroy", "import-copilot"] as const;
type Verb = Exclude<(typeof VERBS)[number], "import-copilot">;

/** How long --wait waits for the lock of the state. */
const WAIT_MS = 10 * 60_000;

/** `infra bootstrap|plan|apply|outputs|drift|destroy ENV`. */
export const infra = async (
  context: CommandContext,
  [verb, environment]: [string, string],
  options: InfraOptions,
): Promise<number> => {
  if (!(VERBS as readonly string[]).includes(verb))
    throw new AppError("USAGE", `infra cannot "${verb}".`, {
      hint: `switchback infra ${VERBS.join("|")} ENVIRONMENT`,
    });
  if (verb === "import-copilot")
    return (await import("./import-copilot.ts")).importCopilot(context, environment, options);
  if (options.from !== undefined || options.copilotEnvironment !== undefined)
    throw new AppError("USAGE", "--from and --copilot-environment belong to infra import-copilot.");
  const changes = ["apply", "destroy", "bootstrap"].includes(verb);
  if (!changes && (options.allowDestroy !== undefined || options.yes === true))
    throw new AppError("USAGE", `infra ${verb} changes nothing: it takes neither --yes nor --allow-destroy.`);
  const project = await context.infra(contextOptions(options));
  const progress = makeInfraProgress(context.terminal, { json: options.json === true });
  const interrupts = watchInfraInterrupts(context);
  const session: InfraSession = {
    interrupt: interrupts.interrupt,
    abort: interrupts.abort,
    onPhase: (text) => progress.phase(text),
    onEvent: (event) => progress.event(event),
    ...(options.wait === true ? { lockTimeoutMs: WAIT_MS } : {}),
  };
  try {
    return await RUN[verb as Verb]({ context, project, environment, session, progress, options });
  } finally {
    progress.close();
    interrupts.close();
  }
};

interface Run {
  context: CommandContext;
  project: InfraContext;
  environment: string;
  session: InfraSession;
  progress: InfraProgress;
  options: InfraOptions;
}

const changing = (run: Run, verb: "apply" | "destroy" | "bootstrap") => ({
  ...run.session,
  allowed: run.options.allowDestroy ?? [],
  confirm: confirmWith(run.context, run.progress, {
    verb,
    environment: run.environment,
    options: run.options,
    interrupt: run.session.interrupt,
  }),
});

const plan = async ({ context, project, environment, session, progress, options }: Run): Promise<number> => {
  const { planInfra } = await import("../../app/infra/plan.ts");
  const planned = await planInfra(project, environment, session);
  progress.close();
  const exitCode = exitCodeOfPolicies(planned.policies);
  if (options.json === true) printJson(context, { ...planned, exitCode });
  else {
    const { renderInfraPlan } = await import("../render/infra-plan.ts");
    const { renderPolicies } = await import("../render/policy.ts");
    const { isEmptyPlan } = await import("../../infra/summary.ts");
    const { folder, summary, generated, notes, policies } = planned;
    const verbose = options.verbose === true;
    const look = context.terminal.stdout;
    context.terminal.print(renderInfraPlan(look, { folder, summary, verbose }));
    for (const { setting, message } of notes)
      context.terminal.print(hanging(look, `${SYMBOLS.notice} ${setting}`, message));
    context.terminal.print(renderPolicies(look, policies, { exitCode, verbose }));
    if (generated.length > 0)
      context.terminal.talk(`${folder} was made: ${generated.join(", ")}; it is yours now, commit it`);
    if (!isEmptyPlan(summary)) context.terminal.talk(`next  switchback infra apply ${environment}`);
  }
  return exitCode;
};

const apply = async (run: Run): Promise<number> => {
  const { applyInfra } = await import("../../app/infra/apply.ts");
  const { context, environment, options, progress } = run;
  const applied = await applyInfra(run.project, environment, changing(run, "apply"));
  progress.close();
  if (options.json === true) printJson(context, applied);
  else {
    const { renderContract } = await import("../render/infra-outputs.ts");
    const { doneText } = await import("../render/infra-plan.ts");
    context.terminal.talk(
      applied.outcome === "nothing"
        ? `${environment} is as the configuration says`
        : `✔ ${environment} is as the configuration says: ${doneText(applied.summary)}`,
    );
    if (applied.roles.outcome === "made")
      context.terminal.talk("✔ the database has its roles, of the app and of migrations");
    context.terminal.print(renderContract(context.terminal.stdout, applied.contract));
  }
  return 0;
};

const outputs = async ({
  context,
  project,
  environment,
  session,
  progress,
  options,
}: Run): Promise<number> => {
  const { outputsOf } = await import("../../app/infra/outputs.ts");
  const contract = await outputsOf(project, environment, session);
  progress.close();
  if (options.json === true) printJson(context, contract);
  else {
    const { renderContract } = await import("../render/infra-outputs.ts");
    context.terminal.print(renderContract(context.terminal.stdout, contract));
  }
  return 0;
};

const drift = async ({ context, project, environment, session, progress, options }: Run): Promise<number> => {
  const { infraDrift } = await import("../../app/infra/drift.ts");
  const found = await infraDrift(project, environment, session);
  progress.close();
  const exitCode = found.drift.length === 0 ? 0 : 3;
  if (options.json === true) printJson(context, { ...found, exitCode });
  else {
    const { renderDrift } = await import("../render/infra-drift.ts");
    context.terminal.print(renderDrift(context.terminal.stdout, found));
  }
  return exitCode;
};

const destroy = async (run: Run): Promise<number> => {
  const { destroyInfra } = await import("../../app/infra/destroy.ts");
  const { context, environment, options, progress } = run;
  const destroyed = await destroyInfra(run.project, environment, changing(run, "destroy"));
  progress.close();
  if (options.json === true) printJson(context, destroyed);
  else
    context.terminal.talk(
      destroyed.outcome === "nothing"
        ? `${environment} has no infrastructure: nothing to destroy`
        : `✔ ${environment} is gone: ${count(destroyed.summary.counts.destroy, "resource was", "resources were")} destroyed`,
    );
  return 0;
};

const bootstrap = async (run: Run): Promise<number> => {
  const { bootstrapInfra } = await import("../../app/infra/bootstrap.ts");
  const { context, environment, options, progress } = run;
  const done = await bootstrapInfra(run.project, environment, changing(run, "bootstrap"));
  progress.close();
  if (options.json === true) printJson(context, done);
  else
    context.terminal.talk([
      `✔ account ${done.account} is ready in ${done.region}: states are kept in ${done.bucket}`,
      `  commit ${done.folder}; next  switchback infra plan ${environment}`,
    ]);
  return 0;
};

const RUN: Record<Verb, (run: Run) => Promise<number>> = { bootstrap, plan, apply, outputs, drift, destroy };
