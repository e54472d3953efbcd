import { expect, test } from "vitest";
import { afterPoll, beginGate, type Waiting } from "./gate-state.ts";

const line = (relation: string, mode: string, granted: boolean): Waiting => ({
  kind: "relation",
  relation,
  mode,
  granted,
});

test("a table that is waited for is told once, and held no more", () => {
  const first = afterPoll(beginGate(), [line("1", "ShareUpdateExclusiveLock", false)]);
  expect(first.act).toBe("let-through");
  expect([...first.next.free]).toEqual(["1"]);
  const second = afterPoll(first.next, [line("1", "ShareUpdateExclusiveLock", true)]);
  expect(second.act).toBe("none");
  const third = afterPoll(second.next, [
    line("1", "ShareUpdateExclusiveLock", true),
    line("2", "AccessExclusiveLock", false),
  ]);
  expect(third.act).toBe("let-through");
  expect([...third.next.seen]).toEqual([
    ["1", ["ShareUpdateExclusiveLock"]],
    ["2", ["AccessExclusiveLock"]],
  ]);
});

test("rows that are written wait too, and are let through without being told", () => {
  const { next, act } = afterPoll(beginGate(), [line("1", "RowExclusiveLock", false)]);
  expect(act).toBe("let-through");
  expect(next.seen.size).toBe(0);
});

test("whoever waits for something else, or for a table that is free, is in nobody's way: the gate is given up", () => {
  const transaction: Waiting = { kind: "virtualxid", relation: null, mode: "ShareLock", granted: false };
  const { next, act } = afterPoll(beginGate(), [transaction]);
  expect(act).toBe("give-up");
  expect(afterPoll(next, [line("1", "AccessExclusiveLock", false)]).act).toBe("none");
  const free = afterPoll(beginGate(), [line("1", "AccessExclusiveLock", false)]).next;
  expect(afterPoll(free, [line("1", "AccessExclusiveLock", false)]).act).toBe("give-up");
});
