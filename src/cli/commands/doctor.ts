import { AppError } from "../../domain/errors.ts";
import { exitCodeOfFindings } from "../../domain/finding.ts";
import { contextOptions, printJson, type CommandContext, type GlobalOptions } from "../command-context.ts";

/** `doctor [ENV] [--repair]`: 0 when nothing is wrong or all was repaired, 3 and 4 for what stays. */
export const doctor = async (
  context: CommandContext,
  environment: string | undefined,
  options: GlobalOptions & { repair?: boolean },
): Promise<number> => {
  const app = await context.app(contextOptions(options));
  const inspector = await context.inspector(contextOptions(options));
  const { examine } = await import("../../app/doctor/doctor.ts");
  const controller = new AbortController();
  const undo = context.onSignal(() =>
    controller.abort(new AppError("INTERRUPTED", "Stopped; what was repaired by then is repaired.")),
  );
  try {
    const findings = await examine(app, inspector, {
      environment: environment ?? null,
      repair: options.repair === true,
      signal: controller.signal,
      onWaiting: (text) => context.terminal.talk(text),
    });
    const exitCode = exitCodeOfFindings(findings);
    if (options.json === true) printJson(context, { findings, exitCode });
    else {
      const { renderFindings } = await import("../render/findings.ts");
      context.terminal.print(renderFindings(context.terminal.stdout, findings, { exitCode }));
    }
    return exitCode;
  } finally {
    undo();
  }
};
