import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { revisionIdOf, type RevisionSpec } from "../../../domain/revision.ts";
import type { Clock } from "../../../ports/clock.ts";
import type { CommandResult } from "../../../ports/platform.ts";
import type { ProcessExit } from "../process/types.ts";
import type { Environment } from "./environment.ts";
import { describeExit } from "./explain-failure.ts";
import type { EffectRun } from "./instances.ts";
import { logParts } from "./log-file.ts";
import { makeMask } from "./secret-mask.ts";

const KEPT_LINES = 100;
const MAX_STDOUT_BYTES = 1024 * 1024;
const PROGRESS_MS = 100;
const SHOWN_LINES = 50;

/** What a shell would say: 128 and more for a signal; 137 also when it used too much memory. */
export const exitCodeOf = (exit: ProcessExit): number => {
  switch (exit.reason) {
    case "exited":
      return exit.code;
    case "signalled":
      return 143;
    case "out-of-memory":
      return 137;
    case "not-started":
      return 127;
  }
};

let commands = 0;

/**
 * Runs the command once in the revision's files with its settings, and without a port. Its exit code is an answer, never
 * an error. Aborting stops it (SIGTERM, then SIGKILL for all that it started) and rejects with the signal's reason.
 */
export const runCommand = async (
  environment: Environment,
  { command, spec }: { command: string; spec: RevisionSpec },
  run: EffectRun,
): Promise<CommandResult> => {
  const { log: _log, ...result } = await runNamed(environment, { command, spec, name: "command" }, run);
  return result;
};

export interface NamedCommand {
  command: string;
  spec: RevisionSpec;
  /** What its log is called by, after environment and service. */
  name: string;
  /** Changes the variables that a service would get; `hidden` are values that must not be read by others. */
  adjust?: { change: (env: Record<string, string>) => Record<string, string>; hidden: string[] };
}

/** As `runCommand`, and tells the name of its log. */
export const runNamed = async (
  environment: Environment,
  { command, spec, name: kind, adjust }: NamedCommand,
  { signal, report }: EffectRun,
): Promise<CommandResult & { log: string }> => {
  const { deps, name } = environment;
  const revision = revisionIdOf(spec);
  const id = `${name}.${spec.service}.${kind}.${deps.boot.clock.nowMs().toString(36)}${(commands += 1)}`;
  const temporary = join(environment.temporaryFolder, id);
  const logFile = join(environment.logFolder, spec.service, `${id}.log`);
  const { cwd, variables } = await environment.prepare(spec, revision);
  const given = await variables(null, temporary);
  const env = adjust?.change(given.env) ?? given.env;
  const maskMore = makeMask(adjust?.hidden ?? []);
  const mask = (text: string): string => given.mask(maskMore(text));
  await mkdir(temporary, { recursive: true, mode: 0o700 });
  signal.throwIfAborted();
  const { memoryMb, stopMs } = spec;
  const running = deps.boot.runner.start({ id, command, cwd, env, memoryMb, stopMs, logFile });
  const stop = (): void => void running.stop();
  signal.addEventListener("abort", stop, { once: true });
  const over = new AbortController();
  const reporting = reportLines(logFile, {
    clock: deps.boot.clock,
    signal: over.signal,
    onLine: (text) => report(mask(text)),
  });
  const exit = await running.exited;
  over.abort();
  signal.removeEventListener("abort", stop);
  await reporting;
  await rm(temporary, { recursive: true, force: true });
  signal.throwIfAborted();
  const lines = running.lastLines(KEPT_LINES).map(mask);
  if (exit.reason === "out-of-memory" || exit.reason === "not-started")
    lines.push(`${spec.service} ${describeExit(exit)}`);
  const stdout = await readStdout(logFile);
  return { exitCode: exitCodeOf(exit), lines: lines.slice(-KEPT_LINES), stdout: mask(stdout), log: id };
};

/** What a process printed on stdout, at most 1 MB of it. */
export const readStdout = async (logFile: string): Promise<string> => {
  let text = "";
  // A log that grew too long was put aside as `.1`: what was printed first is in it.
  for (const file of [`${logFile}.1`, logFile])
    for await (const { lines } of logParts(file))
      for (const line of lines)
        if (line.stream === "o" && text.length < MAX_STDOUT_BYTES) text += `${line.text}\n`;
  return text.slice(0, MAX_STDOUT_BYTES);
};

const reportLines = async (
  logFile: string,
  { clock, signal, onLine }: { clock: Clock; signal: AbortSignal; onLine: (text: string) => void },
): Promise<void> => {
  let from = 0;
  for (let last = false; !last;) {
    await clock.sleep(PROGRESS_MS, signal).catch(() => undefined);
    last = signal.aborted;
    for await (const { lines, nextByte } of logParts(logFile, from)) {
      from = nextByte;
      // Progress is for people: what nobody could read is left out.
      for (const { text } of lines.slice(-SHOWN_LINES)) onLine(text);
    }
  }
};
