import { expect, test } from "vitest";
import { judgeAttempt } from "./judge-attempt.ts";

const limits = { lockTimeoutMs: 2000, statementTimeoutMs: 0, retries: 2 };
const failed = { exitCode: 1, lockTimeout: true, changedSchema: false, leftovers: [] };
const judge = (change: Partial<Parameters<typeof judgeAttempt>[0]> = {}) =>
  judgeAttempt({ result: failed, missing: 1, moved: true, attempt: 1, limits, ...change });

test("done is what exited with 0 and left nothing out", () => {
  expect(judge({ result: { ...failed, exitCode: 0 }, missing: 0 })).toEqual({ type: "done" });
  expect(judge({ result: { ...failed, exitCode: 0, lockTimeout: false } })).toEqual({ type: "failed" });
});

test("a lock timeout is tried again, each time after a longer pause, as often as it may", () => {
  expect(judge()).toEqual({ type: "again", pauseMs: 1000 });
  expect(judge({ attempt: 2 })).toEqual({ type: "again", pauseMs: 2000 });
  expect(judge({ attempt: 3 })).toEqual({ type: "failed" });
});

test("what failed otherwise is not tried again", () => {
  expect(judge({ result: { ...failed, lockTimeout: false } })).toEqual({ type: "failed" });
});

test("what is half done is not tried again: a tool's mark, or a schema that changed and no migration written down", () => {
  const leftover = { kind: "invalid-index", index: "public.i", table: "public.t" } as const;
  expect(judge({ result: { ...failed, leftovers: [leftover] } })).toEqual({ type: "failed" });
  expect(judge({ result: { ...failed, changedSchema: true }, moved: false })).toEqual({ type: "failed" });
  expect(judge({ result: { ...failed, changedSchema: true }, moved: true }).type).toBe("again");
});
