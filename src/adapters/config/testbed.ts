import { mkdirSync, mkdtempSync, realpathSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { AppDefinition } from "../../domain/app-definition.ts";
import { AppError } from "../../domain/errors.ts";
import { loadConfig } from "./load-config.ts";
import type { LoadDeps, LoadedConfig, LoadOptions } from "./types.ts";

/** A project folder with real files, a loader on it, and counts of what the loader did. */
export interface Testbed {
  folder: string;
  /** What the configurations printed. */
  output: string[];
  /** What was handed to `parse`: one entry for each load that was no cache hit. */
  parsed: unknown[];
  write: (path: string, text: string) => string;
  load: (options?: Partial<LoadOptions>, deps?: Partial<LoadDeps>) => Promise<LoadedConfig>;
  /** The error of a load that must fail. */
  failure: (options?: Partial<LoadOptions>, deps?: Partial<LoadDeps>) => Promise<AppError>;
  remove: () => void;
}

export const CONFIG = "switchback.config.ts";
/** Long after any file was written: their times tell every change. */
export const later = { nowMs: () => Date.now() + 60_000 };

export const makeTestbed = (): Testbed => {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "switchback-load-")));
  const bed: Testbed = {
    folder,
    output: [],
    parsed: [],
    write: (path, text) => {
      const file = join(folder, path);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, text);
      return file;
    },
    load: (options = {}, deps = {}) =>
      loadConfig(
        { cwd: folder, ...options },
        {
          parse: (input) => {
            bed.parsed.push(input);
            return input as AppDefinition;
          },
          version: "1.0.0",
          nodeEnv: undefined,
          clock: later,
          onOutput: (text) => bed.output.push(text),
          ...deps,
        },
      ),
    failure: async (options, deps) => {
      const outcome = await bed.load(options, deps).then(
        () => new Error("the load did not fail"),
        (error: unknown) => error,
      );
      if (outcome instanceof AppError) return outcome;
      throw outcome;
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
  return bed;
};

/** Sets the time of a file's last change, as a tool that keeps times would. */
export const setTime = (file: string, seconds: number): void => utimesSync(file, seconds, seconds);
