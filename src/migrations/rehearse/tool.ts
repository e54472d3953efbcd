import { AppError } from "../../domain/errors.ts";
import { commandFor, downCommand } from "../../domain/plan.ts";
import type { Release, ReleaseMigrations } from "../../domain/release.ts";
import type { CommandResult } from "../../ports/platform.ts";
import type { RehearsalHost } from "../../ports/rehearsal.ts";

const TIMEOUT_MS = 300_000;
const KEPT_LINES = 20;

/** A release's own migration command. */
export interface Tool {
  release: Release;
  migrations: ReleaseMigrations;
  /** Applies these, the next ones in their order. */
  up(databaseUrl: string, names: string[]): Promise<CommandResult>;
  /** Null: the release has no way back. */
  down: ((databaseUrl: string, applied: string[], keep: string[]) => Promise<CommandResult>) | null;
  /** Names of what is applied, oldest first. Throws MIGRATION_TOOL_FAILED. */
  status(databaseUrl: string): Promise<string[]>;
}

export interface ToolOptions {
  host: RehearsalHost;
  environment: string;
  settings: Record<string, Record<string, string>>;
  signal: AbortSignal;
}

/** Null: the release has no migrations. */
export const makeTool = (release: Release, options: ToolOptions): Tool | null => {
  const { migrations } = release;
  const service = release.services[migrations?.service ?? ""];
  if (migrations === null || service === undefined) return null;
  const { host, environment, settings, signal } = options;
  const run = async (command: string, databaseUrl: string): Promise<CommandResult> => {
    const result = await host.run(
      {
        ...{ environment, command, databaseUrl },
        service: migrations.service,
        tree: service.tree,
        env: settings[migrations.service] ?? {},
        secrets: Object.keys(service.secrets),
        buckets: release.buckets,
        stopMs: service.stopMs,
      },
      { signal, timeoutMs: TIMEOUT_MS },
    );
    if (result.exitCode === 126 || result.exitCode === 127) throw toolFailed(command, result);
    return result;
  };
  return {
    release,
    migrations,
    up: (databaseUrl, names) => run(commandFor(migrations, names), databaseUrl),
    down:
      migrations.down === null
        ? null
        : (databaseUrl, applied, keep) => run(downCommand(migrations, { applied, keep }), databaseUrl),
    status: async (databaseUrl) => {
      const result = await run(migrations.status, databaseUrl);
      if (result.exitCode !== 0) throw toolFailed(migrations.status, result);
      return result.stdout
        .split("\n")
        .map((line) => line.trim())
        .filter((line) => line !== "");
    },
  };
};

const toolFailed = (command: string, { exitCode, lines }: CommandResult): AppError =>
  new AppError("MIGRATION_TOOL_FAILED", `${command} exited with ${exitCode} in a rehearsal`, {
    hint: "its last lines say why; it runs in the release's files alone, with DATABASE_URL and no real secret",
    context: { command, exitCode, lines: lines.slice(-KEPT_LINES) },
  });

/** The line that says most of why a command failed. */
export const lastWord = ({ exitCode, lines }: CommandResult): string =>
  lines.findLast((line) => /error|fail|cannot|does not|violates/i.test(line))?.trim() ??
  lines.at(-1)?.trim() ??
  `it exited with ${exitCode}`;
