import { execFile } from "node:child_process";
import { chmod, mkdir } from "node:fs/promises";
import { join } from "node:path";
import { AppError } from "../../domain/errors.ts";
import type { Clock } from "../../ports/clock.ts";
import type { Running, Terraform } from "../../ports/infra.ts";
import type { Program } from "./find-program.ts";
import { readLine, type Diagnostic } from "./output-line.ts";
import { runProgram } from "./run-program.ts";
import { forgetRun, readRun, writeRun } from "./run-record.ts";
import { translate, type About } from "./translate.ts";

export interface TerraformOptions {
  /** Asked for once, when the program is first needed. */
  program: () => Promise<Program>;
  /** The root folder, absolute. */
  folder: string;
  /** For people: `infra/staging`. */
  folderName: string;
  /** For logs, plans and the record of runs; only its owner can read it. */
  stateDir: string;
  /** `.switchback/infra/staging` */
  stateDirName: string;
  /** The caller's environment; credentials and settings of providers are taken from it and appear nowhere else. */
  env: Record<string, string | undefined>;
  /** `user@host` of this process. */
  self: string;
  clock: Clock;
}

/** Nothing asks, and a workspace of another shell does not lead to another state. */
const environment = (env: TerraformOptions["env"]): TerraformOptions["env"] => {
  const { TF_WORKSPACE: _workspace, ...rest } = env;
  return { CHECKPOINT_DISABLE: "1", ...rest, TF_INPUT: "0", TF_IN_AUTOMATION: "1" };
};

/** Most that is kept of what was printed and is no JSON. */
const LAST_WORDS = 20;

export const makeTerraform = (options: TerraformOptions): Terraform => {
  const { folder, folderName, stateDir, clock } = options;
  const env = environment(options.env);
  let program: Promise<Program> | undefined;
  const found = (): Promise<Program> => (program ??= options.program());

  const about = async (operation: string): Promise<About> => ({
    program: (await found()).name,
    folder: folderName,
    operation,
    log: `${options.stateDirName}/${operation}.log`,
    self: options.self,
    killedRunSince: (await readRun(stateDir))?.startedAt ?? null,
  });

  const run = async (operation: string, args: string[], request: Running): Promise<void> => {
    const { path } = await found();
    await mkdir(stateDir, { recursive: true, mode: 0o700 });
    await chmod(stateDir, 0o700);
    await refuseWhileBusy(options);
    const context = await about(operation);
    if (isAborted(request.interrupt)) throw new AppError("INTERRUPTED", "Stopped; nothing was changed.");
    const errors: Diagnostic[] = [];
    const words: string[] = [];
    const startedAt = new Date(clock.nowMs()).toISOString();
    const end = await runProgram({
      path,
      args,
      cwd: folder,
      env,
      log: join(stateDir, `${operation}.log`),
      onStart: (pid) => writeRun(stateDir, { pid, operation, startedAt, log: context.log }),
      onLine: (line) => {
        const read = readLine(line);
        if (read.type === "event") request.onEvent?.(read.event);
        else if (read.type === "diagnostic") errors.push(read.diagnostic);
        else if (read.type === "text") words.splice(0, Math.max(0, words.push(read.text) - LAST_WORDS));
      },
      interrupt: request.interrupt,
      abort: request.abort,
      clock,
    });
    // A run that was killed stays on record: a lock that it left behind is known by that.
    const aborted = isAborted(request.abort);
    const orderly = end.signal === null && !aborted;
    if (orderly) await forgetRun(stateDir);
    if (end.code === 0) return;
    if (!orderly) throw killed(context, { aborted });
    if (isAborted(request.interrupt)) throw interrupted(context, errors);
    if (errors.length > 0) throw translate(errors, context);
    throw wordless(context, words, end.code);
  };

  const capture = async (operation: string, args: string[]): Promise<unknown> => {
    const { path } = await found();
    const { error, stdout, stderr } = await new Promise<Captured>((settle) => {
      execFile(path, args, { cwd: folder, env, maxBuffer: 1 << 29 }, (failure, out, err) =>
        settle({ error: failure, stdout: out, stderr: err }),
      );
    });
    if (error !== null) throw translate([spoken(stderr)], await about(operation));
    try {
      return JSON.parse(stdout) as unknown;
    } catch (cause) {
      throw new AppError("INFRA_PLAN_UNREADABLE", `${path} ${operation} prints what is no JSON.`, {
        hint: "use a Terraform or OpenTofu that this version knows: docs/infra.md",
        cause,
      });
    }
  };

  const lock = ({ lockTimeoutMs }: Running): string[] =>
    lockTimeoutMs === undefined ? [] : [`-lock-timeout=${Math.ceil(lockTimeoutMs / 1000)}s`];

  return {
    version: async () => {
      const { name, version } = await found();
      return { program: name, version };
    },
    init: (request) =>
      run(
        "init",
        [
          "init",
          ...lock(request),
          // Terraform refuses to move a state while it speaks JSON.
          ...(request.migrate === true ? ["-migrate-state", "-force-copy", "-no-color"] : ["-json"]),
        ],
        request,
      ),
    plan: async (request) => {
      const mode = request.mode === "destroy" ? ["-destroy"] : [];
      await run("plan", ["plan", "-json", `-out=${request.file}`, ...mode, ...lock(request)], request);
      await chmod(request.file, 0o600);
    },
    apply: (request) => run("apply", ["apply", "-json", ...lock(request), request.file], request),
    show: (file) => capture("show", ["show", "-json", ...(file === null ? [] : [file])]),
    outputs: async () => {
      const told = (await capture("output", ["output", "-json"])) as Record<
        string,
        { value?: unknown; sensitive?: unknown }
      >;
      return Object.fromEntries(
        Object.entries(told).map(([name, one]) => [
          name,
          { value: one.value, sensitive: one.sensitive === true },
        ]),
      );
    },
  };
};

/** What it says without `-json`: a framed text. */
const spoken = (stderr: string): Diagnostic => {
  const text = stderr
    .replaceAll(/^[│╷╵ ]+/gm, "")
    .replace(/^\s*Error: /, "")
    .trim();
  const [summary = "", ...detail] = text.split("\n");
  return {
    severity: "error",
    summary,
    detail: detail.join("\n").trim(),
    address: null,
    file: null,
    line: null,
    code: null,
  };
};

interface Captured {
  error: Error | null;
  stdout: string;
  stderr: string;
}

/** A command that was killed left the program running: it ends by itself, and until then nothing else may begin. */
const refuseWhileBusy = async ({ stateDir, folderName, env }: TerraformOptions): Promise<void> => {
  const last = await readRun(stateDir);
  if (last === null || !(await runsStill(last.pid, env))) return;
  throw new AppError(
    "INFRA_BUSY",
    `A ${last.operation} of ${folderName} still runs on this machine (process ${last.pid}, since ${last.startedAt}).`,
    {
      hint: `it ends by itself, and saves what it did; see how far it is: tail -f ${last.log}`,
      context: { pid: last.pid, operation: last.operation, startedAt: last.startedAt },
    },
  );
};

/** By its command line: a process number is given out again. */
const runsStill = async (pid: number, env: TerraformOptions["env"]): Promise<boolean> => {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  return new Promise((settle) => {
    execFile("ps", ["-p", String(pid), "-o", "args="], { env }, (_error, stdout) =>
      settle(/(^|\/)(terraform|tofu)\S*\s/.test(stdout)),
    );
  });
};

const killed = ({ program, operation, folder, log }: About, { aborted }: { aborted: boolean }): AppError => {
  const who = aborted ? "was ended at once" : "was killed";
  const environment = folder.split("/").at(-1)!;
  return operation === "apply"
    ? new AppError("OUTCOME_UNKNOWN", `${program} ${who} in the middle of the apply of ${folder}.`, {
        hint: `what is in its state is known, the rest is not: switchback infra apply ${environment} looks and goes on`,
        context: { folder, log },
      })
    : new AppError("INTERRUPTED", `${program} ${operation} ${who}; nothing was changed.`, {
        hint: `run it again: switchback infra plan ${environment}`,
        context: { folder, log },
      });
};

/** What was under way may have been cut short by it; that is told, and is no failure of its own. */
const interrupted = ({ program, operation, folder }: About, errors: readonly Diagnostic[]): AppError => {
  const open = [...new Set(errors.flatMap(({ address }) => address ?? []))];
  const lines = errors.map(({ address, summary }) => `${address === null ? "" : `${address}: `}${summary}`);
  if (operation !== "apply")
    return new AppError("INTERRUPTED", "Stopped; nothing was changed.", { context: { folder } });
  const cut = open.length === 0 ? "" : ` Cut short: ${open.join(", ")}.`;
  return new AppError(
    "INTERRUPTED",
    `${program} stopped in ${folder}: what was done is in its state, the rest is open.${cut}`,
    {
      hint: `go on: switchback infra apply ${folder.split("/").at(-1)!}`,
      context: { folder, ...(lines.length === 0 ? {} : { lines }) },
    },
  );
};

const wordless = (
  { program, operation, folder, log }: About,
  words: string[],
  code: number | null,
): AppError =>
  new AppError(
    "INFRA_FAILED",
    `${program} ${operation} failed in ${folder} with exit code ${code} and no reason.`,
    {
      hint: `all that it said is in ${log}`,
      context: { folder, log, ...(words.length === 0 ? {} : { lines: words }) },
    },
  );

const isAborted = (signal: AbortSignal | undefined): boolean => signal?.aborted === true;
