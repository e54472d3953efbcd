import { pathToFileURL } from "node:url";
import { AppError } from "../../domain/errors.ts";
import { CONFIG_WORKER } from "./config-worker.ts";

export interface Thrown {
  name: string;
  message: string;
  stack: string;
  code: string;
}

type Kind = "function" | "symbol" | "promise";

export type Answer =
  | { type: "loaded"; value: unknown; odd: { path: string[]; kind: Kind }[] }
  | { type: "no-default"; names: string[] }
  | { type: "threw"; error: Thrown }
  | { type: "exited"; code: number }
  | { type: "stalled" }
  | { type: "timed-out" };

export interface RunOptions {
  /** The compiled file. */
  path: string;
  timeoutMs: number;
  onOutput: (text: string) => void;
  signal?: AbortSignal | undefined;
}

/**
 * Runs the compiled file in a thread of its own, which is gone when this returns. So a configuration that never ends or
 * calls process.exit ends itself and not the command, and what it prints does not mix with the command's data.
 * Rejects with the signal's reason.
 */
export const runConfig = async ({ path, timeoutMs, onOutput, signal }: RunOptions): Promise<Answer> => {
  signal?.throwIfAborted();
  const { Worker } = await import("node:worker_threads");
  const worker = new Worker(CONFIG_WORKER, {
    eval: true,
    workerData: { url: pathToFileURL(path).href },
    execArgv: [],
    stdout: true,
    stderr: true,
  });
  for (const stream of [worker.stdout, worker.stderr]) {
    stream.setEncoding("utf8").on("data", onOutput);
  }
  let timer: NodeJS.Timeout | undefined;
  let onAbort: (() => void) | undefined;
  try {
    return await new Promise<Answer>((resolve, reject) => {
      worker.once("message", resolve);
      worker.once("error", (error) => resolve({ type: "threw", error: thrownBy(error) }));
      worker.once("exit", (code) => resolve({ type: "exited", code }));
      timer = setTimeout(() => resolve({ type: "timed-out" }), timeoutMs);
      onAbort = () => reject(signal?.reason as Error);
      signal?.addEventListener("abort", onAbort, { once: true });
    });
  } finally {
    clearTimeout(timer);
    if (onAbort !== undefined) signal?.removeEventListener("abort", onAbort);
    await worker.terminate();
  }
};

const thrownBy = (error: unknown): Thrown => {
  const { name = "", message = String(error), stack = "" } = error instanceof Error ? error : {};
  return { name, message, stack, code: "" };
};

/** Puts the kinds that could not be posted back in their places, so that the schema can say what stands there. */
export const restore = ({ value, odd }: Answer & { type: "loaded" }): unknown =>
  odd.reduce<unknown>((root, { path, kind }) => {
    const parent = path.slice(0, -1).reduce<unknown>((at, key) => (at as Record<string, unknown>)[key], root);
    const last = path.at(-1);
    if (last === undefined) return standIn(kind);
    (parent as Record<string, unknown>)[last] = standIn(kind);
    return root;
  }, value);

const standIn = (kind: Kind): unknown => {
  if (kind === "promise") return Promise.resolve();
  return kind === "symbol" ? Symbol("symbol") : () => undefined;
};

/** What came instead of an app, as an error; null when there is an object to judge. */
export const answerError = (
  answer: Exclude<Answer, { type: "threw" }>,
  label: string,
  timeoutMs: number,
): AppError | null => {
  const unreadable = (message: string, hint: string): AppError =>
    new AppError("CONFIG_UNREADABLE", `${label} ${message}`, { hint });
  const example = "export default defineApp({ … })";
  switch (answer.type) {
    case "timed-out":
      return unreadable(
        `did not finish within ${timeoutMs / 1000} s`,
        "look for an await that never ends or an endless loop; a configuration should not wait for anything",
      );
    case "stalled":
      return unreadable(
        "waits for something that never happens",
        "look for an await that nothing ends; a configuration should not wait for anything",
      );
    case "exited":
      return unreadable(
        `ended the process (exit code ${answer.code}) instead of exporting an app`,
        "remove process.exit; throw an error where the configuration cannot go on",
      );
    case "no-default": {
      const names = answer.names.length === 0 ? "nothing" : `only ${answer.names.join(", ")}`;
      return unreadable(`has no default export: it exports ${names}`, `write: ${example}`);
    }
    case "loaded":
      return notAnObject(answer, unreadable, example);
  }
};

const notAnObject = (
  { value, odd }: Answer & { type: "loaded" },
  unreadable: (message: string, hint: string) => AppError,
  example: string,
): AppError | null => {
  const kind = odd.find(({ path }) => path.length === 0)?.kind;
  if (kind === "promise")
    return unreadable("exports a promise", `await it: export default await …, or ${example}`);
  if (kind === "function") return unreadable("exports a function", `export what it returns: ${example}`);
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return null;
  const found = value === null ? "null" : Array.isArray(value) ? "a list" : (kind ?? typeof value);
  return unreadable(`exports ${found}, not an app`, `write: ${example}`);
};
