import { AppError } from "../domain/errors.ts";
import { readState } from "../engine/read-log.ts";
import { targetServices } from "../planner/revisions.ts";
import type { CommandResult } from "../ports/platform.ts";
import { environmentOf, type AppContext } from "./context.ts";
import { readRelease } from "./releases.ts";

/**
 * Runs a command once with the files and settings of a service as it serves now. Its exit code is in the result.
 * Throws NOTHING_DEPLOYED, SERVICE_UNKNOWN.
 */
export const runOnce = async (
  context: AppContext,
  request: {
    environment: string;
    service: string | null;
    command: string;
    signal: AbortSignal;
    onOutput: (line: string) => void;
  },
): Promise<CommandResult> => {
  const { environment } = request;
  environmentOf(context, environment);
  const { serving } = await readState(context.store, environment);
  const release = serving === null ? null : await readRelease(context.store, serving.release);
  if (serving === null || release === null)
    throw new AppError("NOTHING_DEPLOYED", `${environment} serves no release yet.`, {
      hint: `switchback deploy ${environment}`,
    });
  const services = targetServices(release, serving.binding);
  const name = request.service ?? Object.keys(services)[0];
  const target = name === undefined ? undefined : services[name];
  if (target === undefined)
    throw new AppError("SERVICE_UNKNOWN", `${environment} runs no service "${name ?? ""}".`, {
      hint: `the services are: ${Object.keys(services).join(", ")}`,
    });
  const platform = await context.platform(environment, { start: true });
  try {
    return await platform.runCommand(request.command, target.spec, {
      epoch: null,
      deployment: null,
      signal: request.signal,
      onProgress: request.onOutput,
    });
  } finally {
    await platform.close();
  }
};
