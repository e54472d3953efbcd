import { spawn, spawnSync, type ChildProcessWithoutNullStreams } from "node:child_process";
import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));

export interface Build {
  /** Holds dist/ and migrations/ and nothing else: no node_modules in reach. */
  folder: string;
  remove(): void;
}

/** The programs as they are shipped, in a temporary folder. */
export const buildPrograms = (): Build => {
  const folder = mkdtempSync(join(tmpdir(), "rideshare-build-"));
  const built = spawnSync(process.execPath, [join(root, "build.mjs"), join(folder, "dist")], {
    encoding: "utf8",
  });
  if (built.status !== 0) throw new Error(`The build failed: ${built.stderr}`);
  cpSync(join(root, "migrations"), join(folder, "migrations"), { recursive: true });
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
};

export type Environment = Record<string, string>;

export interface Finished {
  code: number | null;
  stdout: string;
  stderr: string;
}

export interface RunningProgram {
  pid: number;
  /** What was printed to stdout so far. */
  stdout(): string;
  kill(signal: NodeJS.Signals): void;
  finished: Promise<Finished>;
}

const started = new Set<ChildProcessWithoutNullStreams>();

/** Starts dist/<name>.js with this environment and nothing inherited but the PATH. */
export const startProgram = (
  build: Build,
  name: string,
  { args = [], env = {} }: { args?: string[]; env?: Environment } = {},
): RunningProgram => {
  const child = spawn(process.execPath, [join(build.folder, "dist", `${name}.js`), ...args], {
    cwd: build.folder,
    env: { PATH: process.env["PATH"] ?? "", ...env },
  });
  started.add(child);
  let stdout = "";
  let stderr = "";
  child.stdout.on("data", (data: Buffer) => (stdout += data.toString()));
  child.stderr.on("data", (data: Buffer) => (stderr += data.toString()));
  const finished = new Promise<Finished>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => {
      started.delete(child);
      resolve({ code, stdout, stderr });
    });
  });
  return { pid: child.pid!, stdout: () => stdout, kill: (signal) => void child.kill(signal), finished };
};

export const runProgram = (
  build: Build,
  name: string,
  options: { args?: string[]; env?: Environment } = {},
): Promise<Finished> => startProgram(build, name, options).finished;

/** For afterAll: a failed test leaves no process behind. */
export const killStartedPrograms = (): void => {
  for (const child of started) child.kill("SIGKILL");
};
