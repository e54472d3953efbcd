import type { AppContext } from "../../app/context.ts";
import { AppError } from "../../domain/errors.ts";
import type { Receipt } from "../../domain/receipt.ts";
import type { Report } from "../../ports/reporter.ts";
import { contextOptions, printJson, type CommandContext, type GlobalOptions } from "../command-context.ts";
import { exitCodeOf } from "../exit-codes.ts";
import { makeWhatNow } from "../ask-what-now.ts";
import { watchInterrupts } from "../interrupt.ts";
import { renderPlanHead } from "../render/plan.ts";
import { makeProgress } from "../render/progress.ts";
import { renderReceipt } from "../render/receipt.ts";

export interface DeploymentOptions extends GlobalOptions {
  wait?: boolean;
  reason?: string;
  automated?: boolean;
  noWayBack?: string;
}

interface Running {
  app: AppContext;
  report: Report;
  signal: AbortSignal;
}

/** The frame of every command that runs a deployment: progress, interrupts, receipt, exit code. */
export const runDeploymentCommand = async (
  context: CommandContext,
  options: DeploymentOptions,
  { asked, run }: { asked: "serve" | "abort"; run: (running: Running) => Promise<Receipt> },
): Promise<number> => {
  const app = await context.app(contextOptions(options));
  const progress = makeProgress(context.terminal, {
    json: options.json === true,
    verbose: options.verbose === true,
  });
  const { terminal } = context;
  const whatNow = makeWhatNow(context, progress);
  const interrupt = watchInterrupts(context, (signal) =>
    options.json === true ? null : whatNow.ask(signal),
  );
  let canRollBack = true;
  const report: Report = (event) => {
    if (event.type === "planned")
      canRollBack = event.wayBack.release !== null && event.wayBack.release !== event.plan.release;
    if (options.json !== true && event.type === "planned") {
      const shown = { plan: event.plan, wayBack: event.wayBack, source: null, since: event.wayBack.release };
      terminal.talk(renderPlanHead(terminal.stderr, shown));
    }
    whatNow.watch(event);
    progress.report(event);
    if (event.type !== "ended") return;
    interrupt.close();
    progress.close();
    if (options.json !== true)
      terminal.talk(renderReceipt(terminal.stderr, event.receipt, { asked, canRollBack }));
  };
  try {
    const receipt = await run({ app, report, signal: interrupt.signal });
    if (options.json === true) printJson(context, receipt);
    return exitCodeOf(receipt.outcome, asked);
  } catch (error) {
    throw interrupt.signal.aborted && !(error instanceof AppError)
      ? new AppError("INTERRUPTED", "Stopped before anything was changed.", { cause: error })
      : error;
  } finally {
    progress.close();
    interrupt.close();
  }
};
