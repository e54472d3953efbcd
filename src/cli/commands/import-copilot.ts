import { AppError } from "../../domain/errors.ts";
import { printJson, type CommandContext, type GlobalOptions } from "../command-context.ts";

/** `infra import-copilot ENV --from FOLDER`: what becomes of a Copilot app; nothing is written, nothing is asked of AWS. */
export const importCopilot = async (
  context: CommandContext,
  environment: string,
  options: GlobalOptions & { from?: string; copilotEnvironment?: string },
): Promise<number> => {
  if (options.from === undefined) {
    throw new AppError("USAGE", "Which folder has the descriptions of Copilot's stacks?", {
      hint: `switchback infra import-copilot ${environment} --from FOLDER`,
    });
  }
  const { importCopilot: plan } = await import("../../app/infra/import-copilot.ts");
  const found = await plan({ copilot: await context.copilot() }, environment, {
    from: options.from,
    ...(options.copilotEnvironment === undefined ? {} : { copilotEnvironment: options.copilotEnvironment }),
  });
  if (options.json === true) printJson(context, found);
  else {
    const { renderImport } = await import("../render/import-copilot.ts");
    context.terminal.print(renderImport(context.terminal.stdout, found));
  }
  return 0;
};
