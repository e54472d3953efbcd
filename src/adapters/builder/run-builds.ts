import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { BuildOptions } from "../../ports/builder.ts";
import { runBuildCommand } from "./build-command.ts";
import type { Env } from "./git.ts";
import type { Part } from "./parts.ts";

export interface RunBuildsOptions extends BuildOptions {
  parts: Part[];
  env: Env;
  logFolder: string;
  /** Commands at a time. */
  concurrency: number;
}

interface Job {
  keys: string[];
  folder: string;
  command: string;
}

/** Runs each build command once, however many parts want it. The first that fails stops the others, and is thrown. */
export const runBuilds = async ({
  parts,
  env,
  logFolder,
  concurrency,
  signal,
  onProgress,
}: RunBuildsOptions) => {
  const waiting = jobsOf(parts);
  if (waiting.length === 0) return;
  mkdirSync(logFolder, { recursive: true });
  const siblings = new AbortController();
  const first: { error: unknown }[] = [];
  const worker = async (): Promise<void> => {
    for (let job = waiting.shift(); job !== undefined && first.length === 0; job = waiting.shift()) {
      const { keys, folder, command } = job;
      const label = keys.join(", ");
      try {
        await runBuildCommand({
          label,
          command,
          cwd: folder,
          env,
          logFile: join(logFolder, `${keys[0]!.replace(":", "-")}.log`),
          onLine: (line) => onProgress(keys[0]!, line),
          signal: AbortSignal.any([signal, siblings.signal]),
        });
      } catch (error) {
        first.push({ error });
        siblings.abort();
      }
    }
  };
  await Promise.all(Array.from({ length: Math.max(1, concurrency) }, worker));
  if (first.length > 0) throw first[0]!.error;
};

const jobsOf = (parts: Part[]): Job[] => {
  const jobs = new Map<string, Job>();
  for (const { key, folder, build } of parts) {
    if (build === null) continue;
    const id = JSON.stringify([folder, build]);
    const job = jobs.get(id);
    if (job === undefined) jobs.set(id, { keys: [key], folder, command: build });
    else job.keys.push(key);
  }
  return [...jobs.values()];
};
