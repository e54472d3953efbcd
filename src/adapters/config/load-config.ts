import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import type { AppDefinition } from "../../domain/app-definition.ts";
import { cacheFolder, prepareCacheFolder, readCache, writeCache } from "./config-cache.ts";
import { findConfig } from "./find-config.ts";
import type { Compiled, LoadDeps, LoadedConfig, LoadOptions } from "./types.ts";

const TIMEOUT_MS = 10_000;

/**
 * Finds the configuration, compiles, runs and judges it, and remembers the outcome for the next command as long as none
 * of its files changes. A configuration that looks at anything but its files (environment variables, time, packages) is
 * run every time. It runs in a thread of its own, for at most `timeoutMs`.
 * Throws CONFIG_MISSING, CONFIG_UNREADABLE with the line of code, CONFIG_INVALID with every problem.
 */
export const loadConfig = async (options: LoadOptions, deps: LoadDeps): Promise<LoadedConfig> => {
  const file = findConfig(options);
  const loaded = (app: AppDefinition): LoadedConfig => ({ app, projectDir: dirname(file), file });
  const key = { file, version: deps.version, nodeEnv: deps.nodeEnv };
  const nowMs = deps.clock.nowMs();
  const cached = await readCache(key, nowMs);
  if (cached !== null) return loaded(cached);

  const label = relative(options.cwd, file) || file;
  const { randomUUID } = await import("node:crypto");
  const { compileConfig } = await import("./compile-config.ts");
  const outfile = join(cacheFolder(file), `config-${randomUUID()}.mjs`);
  const compiled = await compileConfig({ file, label, outfile, nowMs });
  const input = await evaluate(compiled, { file, label, deps, signal: options.signal });
  const app = await deps.parse(input, { file: label });
  if (compiled.pure) writeCache(key, compiled.inputs, app);
  return loaded(app);
};

interface EvaluateOptions {
  file: string;
  label: string;
  deps: LoadDeps;
  signal: AbortSignal | undefined;
}

const evaluate = async (
  compiled: Compiled,
  { file, label, deps, signal }: EvaluateOptions,
): Promise<unknown> => {
  const { answerError, restore, runConfig } = await import("./run-config.ts");
  const timeoutMs = deps.timeoutMs ?? TIMEOUT_MS;
  const placed = placeCode(compiled, file);
  try {
    const answer = await runConfig({ path: placed.path, timeoutMs, onOutput: deps.onOutput, signal });
    if (answer.type === "threw") {
      const { thrownError } = await import("./source-place.ts");
      throw thrownError(answer.error, compiled, { file, label, ranAt: placed.path });
    }
    const error = answerError(answer, label, timeoutMs);
    if (error !== null || answer.type !== "loaded") throw error;
    return restore(answer);
  } finally {
    placed.remove();
  }
};

/** Beside the project, where its packages are found; in the system's temporary folder when the project cannot be written. */
const placeCode = (compiled: Compiled, file: string): { path: string; remove: () => void } => {
  try {
    prepareCacheFolder(file);
    writeFileSync(compiled.outfile, compiled.code, { mode: 0o600, flag: "wx" });
    return { path: compiled.outfile, remove: () => rmSync(compiled.outfile, { force: true }) };
  } catch {
    const folder = mkdtempSync(join(tmpdir(), "switchback-config-"));
    const path = join(folder, "config.mjs");
    writeFileSync(path, compiled.code, { mode: 0o600 });
    return { path, remove: () => rmSync(folder, { recursive: true, force: true }) };
  }
};
