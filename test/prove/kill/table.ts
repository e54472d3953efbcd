import { ACTIONS, VICTIMS, type Action, type Signal, type Victim } from "./scenario.ts";

/** How often which action met which victim and signal, and of these how often a command was under way. */
export interface Tally {
  count(action: Action, strike: { victim: Victim; signal: Signal; inTheMiddle: boolean }): void;
  lines(): string[];
}

const SIGNALS = ["KILL", "STOP"] as const;

export const makeTally = (): Tally => {
  const counts = new Map<string, { all: number; middle: number }>();
  const columns = VICTIMS.flatMap((victim) => SIGNALS.map((signal) => ({ victim, signal })));
  const keyOf = (action: Action, victim: Victim, signal: Signal) => `${action} ${victim} ${signal}`;
  return {
    count: (action, { victim, signal, inTheMiddle }) => {
      const key = keyOf(action, victim, signal);
      const found = counts.get(key) ?? { all: 0, middle: 0 };
      counts.set(key, { all: found.all + 1, middle: found.middle + (inTheMiddle ? 1 : 0) });
    },
    lines: () => {
      const headings = ["", ...columns.map(({ victim, signal }) => `${victim} ${signal}`)];
      const rows = ACTIONS.map((action) => [
        action,
        ...columns.map(({ victim, signal }) => {
          const found = counts.get(keyOf(action, victim, signal));
          return found === undefined ? "–" : `${found.all} (${found.middle})`;
        }),
      ]);
      const widths = headings.map((heading, at) =>
        Math.max(heading.length, ...rows.map((row) => row[at]!.length)),
      );
      return [headings, ...rows].map((row) =>
        row
          .map((cell, at) => cell.padEnd(widths[at]!))
          .join("  ")
          .trimEnd(),
      );
    },
  };
};
