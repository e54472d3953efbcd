import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { AppError } from "../../domain/errors.ts";

export type Env = Record<string, string | undefined>;

export interface GitResult {
  exitCode: number;
  stdout: Buffer;
  stderr: string;
}

export interface Git {
  /** The folder that holds `.git`. */
  root: string;
  run(args: string[], options: { cwd: string; signal?: AbortSignal | undefined }): Promise<GitResult>;
}

// Reading only: no hook or monitor of the repository is started, no index is rewritten, and a checkout that another user
// owns (common in a CI container) is read like any other: its build is about to be run anyway.
const SETTINGS = ["--no-optional-locks", "-c", "safe.directory=*", "-c", "core.fsmonitor=false"];

/** Git for the repository around `folder`, or null: there is none, or no git on this machine. */
export const findGit = (folder: string, env: Env): Git | null => {
  const root = rootOf(folder);
  if (root === null || !isInstalled(env)) return null;
  const clean = Object.fromEntries(Object.entries(env).filter(([name]) => !name.startsWith("GIT_")));
  return {
    root,
    run: (args, { cwd, signal }) =>
      run([...SETTINGS, ...args], { cwd, signal, env: { ...clean, LC_ALL: "C" } }),
  };
};

const isInstalled = ({ PATH = "" }: Env): boolean =>
  PATH.split(delimiter).some((folder) => folder !== "" && existsSync(join(folder, "git")));

const rootOf = (folder: string): string | null => {
  for (let at = folder; ; at = dirname(at)) {
    if (existsSync(join(at, ".git"))) return at;
    if (dirname(at) === at) return null;
  }
};

interface RunOptions {
  cwd: string;
  env: Env;
  signal?: AbortSignal | undefined;
}

const run = (args: string[], { cwd, env, signal }: RunOptions): Promise<GitResult> =>
  new Promise((resolve, reject) => {
    const child = spawn("git", args, { cwd, env, signal, stdio: ["ignore", "pipe", "pipe"] });
    const stdout: Buffer[] = [];
    const stderr: Buffer[] = [];
    child.stdout.on("data", (data: Buffer) => stdout.push(data));
    child.stderr.on("data", (data: Buffer) => stderr.push(data));
    child.on("error", reject);
    child.on("close", (code) => {
      const text = Buffer.concat(stderr).toString("utf8").trim();
      resolve({ exitCode: code ?? -1, stdout: Buffer.concat(stdout), stderr: text });
    });
  });

export const gitFailed = (what: string, { stderr, exitCode }: GitResult): AppError =>
  new AppError("BUILD_FAILED", `git could not ${what}: ${stderr || `exit code ${exitCode}`}`, {
    hint: "see what `git status` says in the project's folder",
    context: { exitCode },
  });
