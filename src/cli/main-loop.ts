import { machineError, toAppError } from "../domain/errors.ts";
import type { CommandContext } from "./command-context.ts";
import { runCli } from "./program.ts";

/** Runs one command line. Every error is shown, once, and gives the exit code of its kind. */
export const runMain = async (argv: string[], context: CommandContext): Promise<number> => {
  const { terminal } = context;
  try {
    const exitCode = await runCli(argv, context);
    await terminal.flush().catch((error: unknown) => {
      throw machineError(error, "stdout") ?? error;
    });
    return exitCode;
  } catch (thrown) {
    const error = toAppError(thrown);
    if (argv.includes("--json"))
      terminal.out(`${JSON.stringify({ error: error.toJSON(), exitCode: error.exitCode })}\n`);
    const { renderError } = await import("./render/error.ts");
    terminal.talk(renderError(terminal.stderr, error, { verbose: argv.includes("--verbose") }));
    return error.exitCode;
  }
};
