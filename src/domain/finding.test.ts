import { expect, test } from "vitest";
import { afterRepair, exitCodeOfFindings, notice, unknown, whole, wrong, type Finding } from "./finding.ts";

const about = (check: string) => ({ check, subject: null, what: "is so", means: null });

test("the exit code is that of the worst that is left; a notice and what was repaired do not count", () => {
  const repaired: Finding = { ...wrong(about("head")), state: "repaired" };
  expect(exitCodeOfFindings([whole("log", null, ""), notice(about("a")), repaired])).toBe(0);
  expect(exitCodeOfFindings([notice(about("a")), wrong(about("b"))])).toBe(3);
  expect(exitCodeOfFindings([wrong(about("b")), unknown(about("c"))])).toBe(4);
});

test("what can be repaired says so when nothing else is to be done", () => {
  const repair = { type: "write-head", environment: "dev" } as const;
  expect(wrong({ ...about("head"), repair }).todo).toBe("switchback doctor --repair");
  expect(wrong({ ...about("head"), repair, todo: "look" }).todo).toBe("look");
});

test("after a repair only what a second look does not find any more is told as repaired", () => {
  const head = wrong({ ...about("head"), repair: { type: "write-head", environment: "dev" } });
  const lease = wrong({ ...about("lease"), repair: { type: "clear-lease", environment: "dev" } });
  const done = new Map([
    [head, "written anew"],
    [lease, "cleared"],
  ]);
  const second = [whole("head", null, "is the fold"), wrong(about("lease")), whole("log", null, "whole")];
  expect(afterRepair(done, second).map(({ check, state, what }) => [check, state, what])).toEqual([
    ["lease", "wrong", "is so"],
    ["log", "whole", "whole"],
    ["head", "repaired", "written anew"],
  ]);
});
