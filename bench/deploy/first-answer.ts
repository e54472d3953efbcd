import { spawn } from "node:child_process";
import { once } from "node:events";
import { MAIN, type Project } from "../rideshare/project.ts";
import { ask } from "./ask.ts";

const revisionOf = (body: string): string | null => {
  try {
    return (JSON.parse(body) as { revision: string }).revision;
  } catch {
    return null;
  }
};

/** Which revision of the API answers at the front door. */
export const revisionAt = async (url: string): Promise<string | null> => {
  const { port, host } = new URL(url);
  return revisionOf((await ask(Number(port), "/api/version", host)).body);
};

export interface Returned {
  /** From the start of the command's process to the first answer by another revision than before. */
  firstMs: number;
  /** From its start to its end. */
  wholeMs: number;
}

/** Runs a command while asking the front door, one request after the other. */
export const untilOtherAnswer = async (project: Project, url: string, args: string[]): Promise<Returned> => {
  const before = await revisionAt(url);
  const startedMs = performance.now();
  const child = spawn(process.execPath, [MAIN, ...args], {
    cwd: project.folder,
    env: project.env,
    stdio: "ignore",
  });
  let wholeMs: number | null = null;
  const gone = once(child, "exit").then(([code]) => {
    wholeMs = performance.now() - startedMs;
    return code as number | null;
  });
  let firstMs: number | null = null;
  while (firstMs === null && wholeMs === null) {
    const now = await revisionAt(url);
    if (now !== null && now !== before) firstMs = performance.now() - startedMs;
    else await new Promise((resolve) => setTimeout(resolve, 1));
  }
  const code = await gone;
  if (code !== 0 || firstMs === null || wholeMs === null)
    throw new Error(`switchback ${args.join(" ")}: exit ${code}, other revision seen: ${firstMs !== null}`);
  return { firstMs, wholeMs };
};
