import type { AppContext } from "../app/context.ts";
import type { InfraContext } from "../app/infra/context.ts";
import type { CopilotFiles } from "../ports/copilot.ts";
import type { Inspector } from "../ports/inspector.ts";
import type { LocalHost } from "../ports/local-host.ts";
import type { Terminal } from "./terminal.ts";

export interface ContextOptions {
  config: string | undefined;
  /** Run every environment on this machine. */
  local: boolean;
}

/** What a command gets: the terminal, and the app's use cases once they are asked for. */
export interface CommandContext {
  terminal: Terminal;
  version: string;
  cwd: string;
  app(options: ContextOptions): Promise<AppContext>;
  localHost(options: ContextOptions): Promise<LocalHost>;
  inspector(options: ContextOptions): Promise<Inspector>;
  infra(options: ContextOptions): Promise<InfraContext>;
  copilot(): Promise<CopilotFiles>;
  stdin: () => Promise<string>;
  /** Asks the person at the terminal for a line; null at the end of the input and once the signal fires. Null: nobody is there. */
  question: ((prompt: string, signal: AbortSignal) => Promise<string | null>) | null;
  /** Calls back for every SIGINT and SIGTERM until it is undone. */
  onSignal(listener: (signal: "SIGINT" | "SIGTERM") => void): () => void;
}

/** Options that every command understands. */
export interface GlobalOptions {
  config?: string;
  json?: boolean;
  verbose?: boolean;
  local?: boolean;
}

export const contextOptions = (options: GlobalOptions): ContextOptions => ({
  config: options.config,
  local: options.local === true,
});

/** The result as data: one line of JSON on stdout. */
export const printJson = ({ terminal }: CommandContext, value: unknown): void =>
  terminal.out(`${JSON.stringify(value)}\n`);
