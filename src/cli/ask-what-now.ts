import type { ProgressEvent } from "../ports/reporter.ts";
import type { CommandContext } from "./command-context.ts";
import type { Wish } from "./interrupt.ts";
import { cut } from "./render/fit.ts";
import type { Progress } from "./render/progress.ts";

export interface WhatNow {
  /** Follows the deployment: what can be chosen depends on how far it is. */
  watch(event: ProgressEvent): void;
  /** Null where there is nobody to ask, or nothing to choose between: then an interrupt detaches. */
  ask(signal: AbortSignal): Promise<Wish> | null;
}

/** The question of the first Ctrl-C, in the place of the tree. The deployment goes on meanwhile. */
export const makeWhatNow = (
  { terminal, question }: Pick<CommandContext, "terminal" | "question">,
  progress: Pick<Progress, "suspend" | "resume">,
): WhatNow => {
  let canGoBack = false;
  let deployment = "";
  const { colours } = terminal.stderr;
  const choice = (key: string, text: string) => `    ${colours.bold(key.padEnd(7))}${text}`;

  const asked = async (signal: AbortSignal, read: NonNullable<typeof question>): Promise<Wish> => {
    const lines = [
      `  ${deployment} goes on while you choose:`,
      choice("d", "detach: stays half-way, to be resumed or aborted"),
      choice("r", "roll back: what was done is taken back now"),
      choice("Enter", "go on"),
    ];
    let rows = lines.length;
    const over = () => progress.resume(rows);
    progress.suspend();
    terminal.talk(lines.map((line) => cut(line, terminal.stderr.columns - 1)));
    // At once, as what ended the question is told next.
    signal.addEventListener("abort", over);
    let wish: Wish | null = null;
    while (wish === null) {
      wish = wishIn(await read("  > ", signal));
      rows += 1;
    }
    signal.removeEventListener("abort", over);
    if (signal.aborted) return wish;
    over();
    if (wish !== "abort" || canGoBack) return wish;
    terminal.talk(`  ${deployment} counts already: roll it back when it has ended`);
    return "go on";
  };
  return {
    watch: (event) => {
      if (event.type === "planned") {
        canGoBack = true;
        deployment = event.deployment;
      }
      if (event.type === "compensating" || event.type === "ended") canGoBack = false;
      if (event.type === "step-succeeded" && event.step.phase === "commit") canGoBack = false;
    },
    ask: (signal) => (question === null || !terminal.live || !canGoBack ? null : asked(signal, question)),
  };
};

/** Null: not understood. No answer at all, as at the end of the input, is no wish to stop. */
const wishIn = (answer: string | null): Wish | null => {
  switch (answer?.trim().toLowerCase() ?? "") {
    case "":
    case "g":
    case "go on":
      return "go on";
    case "d":
    case "detach":
      return "detach";
    case "r":
    case "roll back":
    case "rollback":
      return "abort";
  }
  return null;
};
