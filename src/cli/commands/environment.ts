import { AppError } from "../../domain/errors.ts";
import { shortReleaseId } from "../../domain/release.ts";
import { contextOptions, printJson, type CommandContext, type GlobalOptions } from "../command-context.ts";

/** `lock ENV --why TEXT [--until TIME]`. */
export const lock = async (
  context: CommandContext,
  environment: string,
  options: GlobalOptions & { why?: string; until?: string },
): Promise<number> => {
  const until = options.until === undefined ? null : new Date(options.until);
  if (until !== null && Number.isNaN(until.getTime()))
    throw new AppError("USAGE", `"${options.until}" is not a time.`, {
      hint: "write it like 2026-12-24T18:00:00Z",
    });
  const app = await context.app(contextOptions(options));
  if (until !== null && until.getTime() <= app.clock.nowMs())
    throw new AppError("USAGE", `${until.toISOString()} is over: here it is ${isoOf(app.clock.nowMs())}.`, {
      hint: "give a time to come; if this is one, set the clock of this machine",
    });
  const { lock: lockEnvironment } = await import("../../app/lock.ts");
  const why = options.why ?? "no reason given";
  const state = await lockEnvironment(app, { environment, why, until: until?.toISOString() ?? null });
  if (options.json === true) printJson(context, state.lock);
  else
    context.terminal.talk(
      `${environment} is locked: no deployment starts, what serves goes on: ${why}\nnext  switchback unlock ${environment}`,
    );
  return 0;
};

export const unlock = async (
  context: CommandContext,
  environment: string,
  options: GlobalOptions,
): Promise<number> => {
  const app = await context.app(contextOptions(options));
  const { unlock: unlockEnvironment } = await import("../../app/lock.ts");
  const state = await unlockEnvironment(app, environment);
  if (options.json === true) printJson(context, { lock: state.lock, hold: state.hold });
  else
    context.terminal.talk(`${environment} is open for deployments\nnext  switchback deploy ${environment}`);
  return 0;
};

/** `approve ENV RELEASE`. */
export const approve = async (
  context: CommandContext,
  environment: string,
  release: string,
  options: GlobalOptions,
): Promise<number> => {
  const app = await context.app(contextOptions(options));
  const { approve: approveRelease } = await import("../../app/lock.ts");
  const id = await approveRelease(app, environment, release);
  if (options.json === true) printJson(context, { environment, release: id });
  else
    context.terminal.talk(
      `${shortReleaseId(id)} may go to ${environment}\nnext  switchback deploy ${environment} --release ${shortReleaseId(id)}`,
    );
  return 0;
};

/** `run ENV -- COMMAND`: its output is this command's output, its exit code decides this one's. */
export const run = async (
  context: CommandContext,
  environment: string,
  words: string[],
  options: GlobalOptions & { service?: string },
): Promise<number> => {
  if (words.length === 0)
    throw new AppError("USAGE", "run needs a command.", {
      hint: `switchback run ${environment} -- node dist/seed.js`,
    });
  const app = await context.app(contextOptions(options));
  const { runOnce } = await import("../../app/run-command.ts");
  const controller = new AbortController();
  const undo = context.onSignal(() =>
    controller.abort(new AppError("INTERRUPTED", "The command was stopped.")),
  );
  try {
    const result = await runOnce(app, {
      environment,
      service: options.service ?? null,
      command: words.map(quoted).join(" "),
      signal: controller.signal,
      onOutput: (line) => (options.json === true ? undefined : context.terminal.out(`${line}\n`)),
    });
    if (options.json === true) printJson(context, result);
    if (result.exitCode === 0) return 0;
    throw new AppError("COMMAND_FAILED", `${words.join(" ")} exited with code ${result.exitCode}.`, {
      context: { exitCode: result.exitCode, lines: result.lines.slice(-5) },
    });
  } finally {
    undo();
  }
};

/** One word for the shell, so that `run dev -- node -e "a b"` arrives as it was typed. A lone word is left alone. */
const quoted = (word: string, _index: number, all: string[]): string =>
  all.length === 1 || /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;

const isoOf = (ms: number): string => new Date(ms).toISOString();
