import type { Release } from "../../src/domain/release.ts";
import { makeDatabases } from "../../src/migrations/rehearse/databases.ts";
import { makeTool } from "../../src/migrations/rehearse/tool.ts";
import { startThrowaway } from "../../src/migrations/throwaway/start-throwaway.ts";
import { systemClock } from "../../test/helpers/system-clock.ts";
import type { BenchProject } from "./project.ts";

/**
 * What a person would do by hand: an empty database, the earlier migrations, then up, down and up again with the same tool and
 * commands, and nothing watched or compared. Milliseconds.
 */
export const runDirectly = async ({ earlier, later, host }: BenchProject): Promise<number> => {
  const { signal } = new AbortController();
  const startedMs = performance.now();
  const server = await startThrowaway({ major: 18, clock: systemClock, signal });
  try {
    const databases = makeDatabases(server);
    await databases.create("direct");
    const url = databases.url("direct");
    const toolOf = (release: Release) => {
      const tool = makeTool(release, { host, environment: "bench", settings: {}, signal });
      if (tool === null) throw new Error("the release has no migrations");
      return tool;
    };
    const [before, after] = [toolOf(earlier), toolOf(later)];
    const fine = async (running: Promise<{ exitCode: number; lines: string[] }> | undefined) => {
      const result = await running;
      if (result?.exitCode !== 0) throw new Error(`a migration failed: ${result?.lines.join("\n")}`);
    };
    await fine(before.up(url, before.migrations.names));
    await fine(after.up(url, after.migrations.names));
    await fine(after.down?.(url, after.migrations.names, before.migrations.names));
    await fine(after.up(url, after.migrations.names));
    return performance.now() - startedMs;
  } finally {
    await server.stop();
  }
};
