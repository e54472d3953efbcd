import type { AppDefinition } from "../../domain/app-definition.ts";
import type { Clock } from "../../ports/clock.ts";

export interface LoadOptions {
  /** Where the search begins; it goes up to the root of the file system. */
  cwd: string;
  /** A file, or a folder that holds one, relative to `cwd`; then nothing is searched. */
  file?: string;
  signal?: AbortSignal;
}

export interface LoadDeps {
  /** Judges what the file exports. Called on a cache miss only, so that a hit loads neither schema nor compiler. */
  parse: (input: unknown, options: { file: string }) => AppDefinition | Promise<AppDefinition>;
  /** Switchback's version: another one judges anew. */
  version: string;
  /** NODE_ENV as the command sees it. */
  nodeEnv: string | undefined;
  clock: Pick<Clock, "nowMs">;
  /** Takes what the configuration prints while it runs: talk, never data. */
  onOutput: (text: string) => void;
  /** How long the file may run, in milliseconds. */
  timeoutMs?: number;
}

export interface LoadedConfig {
  app: AppDefinition;
  /** The folder of the file: what every path in it is relative to. */
  projectDir: string;
  file: string;
}

/** One file that the compiler read, as it was when it was read. */
export interface CompiledInput {
  path: string;
  sha256: string;
  text: string;
  /** Null when the file changed too recently for its times to tell a later change. */
  stat: FileStat | null;
}

export interface FileStat {
  size: string;
  mtimeNs: string;
  ctimeNs: string;
}

export interface Compiled {
  code: string;
  /** Source map as JSON; its sources are relative to the folder of `outfile`. */
  map: string;
  outfile: string;
  inputs: CompiledInput[];
  /** Nothing but its inputs decides what the code exports. */
  pure: boolean;
}
