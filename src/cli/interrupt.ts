import type { CommandContext } from "./command-context.ts";

export interface Interrupt {
  /** Aborted with "detach" or "abort". */
  signal: AbortSignal;
  close(): void;
}

/**
 * Ctrl-C and SIGTERM while a deployment runs. With a person at the terminal the first Ctrl-C asks; without, and at the
 * second, the deployment is left as it is, to be resumed.
 */
export const watchInterrupts = (
  { onSignal }: CommandContext,
  ask: (() => Promise<"detach" | "abort" | "go on">) | null,
): Interrupt => {
  const controller = new AbortController();
  let asking = false;
  const undo = onSignal((name) => {
    if (name === "SIGTERM" || ask === null || asking) return controller.abort("detach");
    asking = true;
    void ask().then((wish) => {
      asking = false;
      if (wish !== "go on") controller.abort(wish);
    });
  });
  return { signal: controller.signal, close: undo };
};
