import type { CommandContext } from "./command-context.ts";

export type Wish = "detach" | "abort" | "go on";

export interface Interrupt {
  /** Aborted with "detach" or "abort". */
  signal: AbortSignal;
  close(): void;
}

/**
 * Ctrl-C and SIGTERM while a deployment runs. With a person at the terminal the first Ctrl-C asks; without, and at the
 * second, the deployment is left as it is, to be resumed. It goes on while the question stands.
 */
export const watchInterrupts = (
  { onSignal }: Pick<CommandContext, "onSignal">,
  /** Null where there is nobody to ask, or nothing to choose between. Its signal: no answer is needed any longer. */
  ask: (signal: AbortSignal) => Promise<Wish> | null,
): Interrupt => {
  const controller = new AbortController();
  let asking: AbortController | null = null;
  const stop = (wish: "detach" | "abort") => {
    asking?.abort();
    controller.abort(wish);
  };
  const undo = onSignal((name) => {
    if (name === "SIGTERM" || asking !== null) return stop("detach");
    const question = new AbortController();
    const answer = ask(question.signal);
    if (answer === null) return stop("detach");
    asking = question;
    void answer.then((wish) => {
      if (question.signal.aborted) return;
      asking = null;
      if (wish !== "go on") controller.abort(wish);
    });
  });
  return {
    signal: controller.signal,
    close: () => {
      undo();
      asking?.abort();
    },
  };
};
