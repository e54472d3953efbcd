import { readdir } from "node:fs/promises";
import { join } from "node:path";
import type { Clock } from "../../ports/clock.ts";
import type { LogOptions } from "../../ports/local-host.ts";
import { readLogPart, logParts, type LogLine } from "./supervisor/log-file.ts";

const FOLLOW_MS = 200;

interface Followed {
  instance: string;
  nextByte: number;
}

/** Shows the last lines of an environment's services in the order of their times; with `follow`, then what comes. */
export const showLogs = async (
  stateDir: string,
  { environment, service, follow, lines, signal, onLine }: LogOptions,
  clock: Clock,
): Promise<void> => {
  const folder = join(stateDir, "logs", environment);
  const files = new Map<string, Followed>();
  const past: { instance: string; line: LogLine }[] = [];
  for (const { file, instance } of await logFiles(folder, service)) {
    let nextByte = 0;
    let own: LogLine[] = [];
    for await (const part of logParts(file)) {
      nextByte = part.nextByte;
      own = lines === 0 ? [] : [...own, ...part.lines].slice(-lines);
    }
    past.push(...own.map((line) => ({ instance, line })));
    files.set(file, { instance, nextByte });
  }
  past.sort((a, b) => (a.line.at < b.line.at ? -1 : 1));
  for (const { instance, line } of lines === 0 ? [] : past.slice(-lines)) onLine(instance, line.text);
  while (follow && !signal.aborted) {
    await clock.sleep(FOLLOW_MS, signal).catch(() => undefined);
    for (const { file, instance } of await logFiles(folder, service)) {
      const followed = files.get(file) ?? { instance, nextByte: 0 };
      const part = await readLogPart(file, followed.nextByte);
      for (const line of part.lines) onLine(instance, line.text);
      files.set(file, { instance, nextByte: part.nextByte });
    }
  }
};

const logFiles = async (
  folder: string,
  service: string | null,
): Promise<{ file: string; instance: string }[]> => {
  const services = service === null ? await readdir(folder).catch(() => []) : [service];
  const found = await Promise.all(
    services.map(async (name) => {
      const names = await readdir(join(folder, name)).catch(() => []);
      return names
        .filter((one) => one.endsWith(".log"))
        .map((one) => ({ file: join(folder, name, one), instance: one.slice(0, -".log".length) }));
    }),
  );
  return found.flat();
};
