import type { CommandContext } from "./command-context.ts";

export interface InfraInterrupts {
  /** The first Ctrl-C or SIGTERM: what is begun ends in an orderly way. */
  interrupt: AbortSignal;
  /** The second: at once. */
  abort: AbortSignal;
  close(): void;
}

/** Ctrl-C while Terraform works. What the first one does, and what a second would cost, is said. */
export const watchInfraInterrupts = ({ onSignal, terminal }: CommandContext): InfraInterrupts => {
  const first = new AbortController();
  const second = new AbortController();
  const close = onSignal(() => {
    if (first.signal.aborted) return second.abort();
    first.abort();
    terminal.talk(
      "stopping: what is begun is brought to an end and the state is saved; Ctrl-C again ends it at once",
    );
  });
  return { interrupt: first.signal, abort: second.signal, close };
};
