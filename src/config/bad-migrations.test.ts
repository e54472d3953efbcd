import { expect, test } from "vitest";
import type { Problem } from "./problem.ts";
import { fullConfig, problemsIn, withValue } from "./testbed.ts";

type Row = [at: string, value: unknown, expected: Partial<Problem> & { path: string }];

const says = (message: string): string => expect.stringContaining(message) as string;
const docs = (anchor: string): string => `docs/config.md#${anchor}`;
const M = "database.migrations";

const ROWS: Row[] = [
  [
    `${M}.lockTimeout`,
    0,
    { path: `${M}.lockTimeout`, message: says("from 1ms to 10m"), docs: docs("migrations") },
  ],
  [`${M}.lockTimeout`, "1h", { path: `${M}.lockTimeout`, message: says("from 1ms to 10m") }],
  [`${M}.statementTimeout`, "2d", { path: `${M}.statementTimeout`, message: says("from 0 to 1d") }],
  [`${M}.retries`, 1.5, { path: `${M}.retries`, message: says("whole number") }],
  [`${M}.upTo`, "", { path: `${M}.upTo`, message: says("one command line") }],
  [`${M}.rehearse`, "yes", { path: `${M}.rehearse`, docs: docs("rehearse") }],
  [`${M}.rehearse.blok`, "1s", { path: `${M}.rehearse.blok`, didYouMean: "block", docs: docs("rehearse") }],
  [`${M}.rehearse.warn`, "2h", { path: `${M}.rehearse.warn`, message: says("from 0 to 1h") }],
];

test.each(ROWS)("%s = %j is the only problem, and is explained", (at, value, expected) => {
  expect(problemsIn(withValue(fullConfig(), at, value))).toEqual([expect.objectContaining(expected)]);
});
