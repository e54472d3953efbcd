import { spawn, type ChildProcess } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";

const FOLDER = join(import.meta.dirname, "../../node_modules/.cache/switchback-tests");

export interface NodeScript {
  file: string;
  /** Starts it in a process of its own, as this or another user. */
  start(args: string[], user?: { uid: number; gid: number }): ScriptProcess;
  remove(): void;
}

export interface ScriptProcess {
  child: ChildProcess;
  /** Everything printed so far. */
  text(): string;
  ended: Promise<{ code: number | null; signal: string | null }>;
}

/** TypeScript that any supported Node can run: sources are compiled together, packages are found as usual. */
export const makeNodeScript = async (source: string, resolveDir: string): Promise<NodeScript> => {
  mkdirSync(FOLDER, { recursive: true });
  const file = join(FOLDER, `${process.pid}-${randomBytes(6).toString("hex")}.mjs`);
  await build({
    stdin: { contents: source, resolveDir, loader: "ts" },
    outfile: file,
    bundle: true,
    packages: "external",
    platform: "node",
    format: "esm",
    logLevel: "error",
  });
  return {
    file,
    start: (args, user) => {
      const child = spawn(process.execPath, [file, ...args], { stdio: ["ignore", "pipe", "pipe"], ...user });
      let text = "";
      child.stdout.on("data", (chunk) => (text += String(chunk)));
      child.stderr.on("data", (chunk) => (text += String(chunk)));
      const ended = new Promise<{ code: number | null; signal: string | null }>((resolve) =>
        child.once("close", (code, signal) => resolve({ code, signal })),
      );
      return { child, text: () => text, ended };
    },
    remove: () => rmSync(file, { force: true }),
  };
};
