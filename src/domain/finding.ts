import type { Digest } from "./digest.ts";

/** "notice": worth knowing, nothing to mend. "wrong": can be put right. "unknown": nothing here proves what was there. */
export type FindingState = "whole" | "repaired" | "notice" | "wrong" | "unknown";

/** A mending that is proved right by what else is there: by the log, by a hash, or by the rule that the engine follows. */
export type Repair =
  | { type: "write-head"; environment: string }
  | { type: "write-checkpoint"; environment: string; sequence: number }
  /** Waited out unchanged, taken above any epoch that it could have held, and given back. */
  | { type: "clear-lease"; environment: string }
  | { type: "put-record"; release: Digest }
  | { type: "put-artefact"; kind: "tree" | "file"; digest: Digest; from: string }
  | { type: "remove"; paths: string[] }
  | { type: "forget-supervisor"; paths: string[] }
  | { type: "end-processes"; pids: number[] }
  | { type: "make-private"; paths: string[] };

/** One thing that was looked at. Data: what is to be done about it is decided from it, and done elsewhere. */
export interface Finding {
  /** What kind of thing: "log", "lease", "file" … */
  check: string;
  /** Of which environment, release or path; null: of the project. */
  subject: string | null;
  state: FindingState;
  what: string;
  /** What it means for users and deployments; null where nothing is wrong. */
  means: string | null;
  /** What to do, best as a command; null: nothing. */
  todo: string | null;
  repair: Repair | null;
}

export const whole = (check: string, subject: string | null, what: string): Finding => ({
  ...{ check, subject, state: "whole", what },
  ...{ means: null, todo: null, repair: null },
});

type Told = Pick<Finding, "check" | "subject" | "what" | "means"> & { todo?: string; repair?: Repair };

const told =
  (state: FindingState) =>
  ({ todo, repair, ...rest }: Told): Finding => ({
    ...rest,
    state,
    todo: todo ?? (repair === undefined ? null : "switchback doctor --repair"),
    repair: repair ?? null,
  });

export const notice = told("notice");
export const wrong = told("wrong");
export const unknown = told("unknown");

/** 0: nothing is wrong, or all of it was repaired. 3: something can be put right. 4: something is lost or not to be known. */
export const exitCodeOfFindings = (findings: Finding[]): 0 | 3 | 4 =>
  findings.some(({ state }) => state === "unknown")
    ? 4
    : findings.some(({ state }) => state === "wrong")
      ? 3
      : 0;

const keyOf = ({ check, subject }: Finding): string => `${check} ${subject ?? ""}`;

/**
 * What is told after a repair: what a second look found, and beside it what was mended and is not found any more.
 * `done` has, for each finding whose repair was carried out, what was done.
 */
export const afterRepair = (done: Map<Finding, string>, second: Finding[]): Finding[] => {
  const left = new Set(second.filter(({ state }) => state !== "whole").map(keyOf));
  const mended = [...done].filter(([finding]) => !left.has(keyOf(finding)));
  const keys = new Set(mended.map(([finding]) => keyOf(finding)));
  return [
    ...second.filter((finding) => !keys.has(keyOf(finding))),
    ...mended.map(([finding, what]): Finding => ({
      ...finding,
      state: "repaired",
      what,
      todo: null,
      repair: null,
    })),
  ];
};
