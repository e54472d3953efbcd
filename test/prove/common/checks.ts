export interface Checks {
  /** Counts one check; prints it at once, with what was found when it does not hold. */
  check(what: string, holds: boolean, found?: unknown): void;
  readonly passed: number;
  readonly failed: number;
}

export const makeChecks = (): Checks => {
  const counts = { passed: 0, failed: 0 };
  return {
    check: (what, holds, found) => {
      counts[holds ? "passed" : "failed"] += 1;
      if (holds) console.log(`✔ ${what}`);
      else console.log(`✘ ${what}${found === undefined ? "" : `\n    ${shown(found)}`}`);
    },
    get passed() {
      return counts.passed;
    },
    get failed() {
      return counts.failed;
    },
  };
};

const shown = (found: unknown): string =>
  (typeof found === "string" ? found : JSON.stringify(found)).slice(0, 2000);

/** Lines on stderr that say how far a long part is; nothing of it is a result. */
export const tell = (text: string): void => void process.stderr.write(`  ${text}\n`);

export const seconds = (sinceMs: number): string => `${((performance.now() - sinceMs) / 1000).toFixed(0)} s`;
