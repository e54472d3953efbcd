import { describe, expect, test } from "vitest";
import type { Rehearsal } from "../domain/rehearsal.ts";
import type { Release } from "../domain/release.ts";
import { earlierLives, holdBack, migrationNeed, migrationRun } from "./migrations.ts";

const release = (names: string[] | null): Release =>
  ({ id: String(names), migrations: names === null ? null : { names } }) as unknown as Release;

describe("what the database of a deployment needs", () => {
  test.each([
    ["the first release of an environment", ["1"], null, null, { type: "first" }],
    ["a migration that is not applied", ["1", "2"], ["1"], null, { type: "forward", pending: ["2"] }],
    ["a schema that is ahead", ["1"], ["1", "2"], null, { type: "back", ahead: ["2"] }],
    ["the same migrations", ["1"], ["1"], null, { type: "none" }],
    ["no database on either side", null, null, null, { type: "first" }],
    ["one that was held back", ["1", "2"], ["1", "2"], ["1"], { type: "forward", pending: ["2"] }],
  ] as const)("%s", (_what, to, stable, applied, need) => {
    const request = {
      to: release(to as unknown as string[] | null),
      stable: stable === null ? null : release([...stable]),
      applied: applied === null ? null : [...applied],
    };
    expect(migrationNeed(request)).toEqual(to === null ? { type: "none" } : need);
  });
});

const rehearsal = (change: Partial<Rehearsal>): Rehearsal =>
  ({ from: "a", proofs: [], migrations: [], verdict: "pass", wayBack: "stay", ...change }) as Rehearsal;
const proof = (name: string, outcome: string) =>
  ({ name, outcome, detail: "" }) as Rehearsal["proofs"][number];

test("a release lives on a schema when it booted on it and nothing of it failed; what was not tried is no proof", () => {
  expect(earlierLives(rehearsal({ proofs: [] }))).toBe(false);
  expect(earlierLives(rehearsal({ proofs: [proof("earlier-boots", "held")] }))).toBe(true);
  const failing = [proof("earlier-boots", "held"), proof("earlier-statements", "failed")];
  expect(earlierLives(rehearsal({ proofs: failing }))).toBe(false);
  expect(earlierLives(rehearsal({ proofs: [proof("earlier-boots", "not-tried")] }))).toBe(false);
});

describe("holding back", () => {
  const contract = { name: "2", kind: "contract" } as Rehearsal["migrations"][number];
  const request = {
    rehearsal: rehearsal({ migrations: [contract] }),
    names: ["1", "2", "3"],
    pending: ["2", "3"],
  };

  test("from the first contract migration on, while a release in reach needs what it removes", () => {
    const reach = [
      { release: "a", lives: true },
      { release: "b", lives: false },
    ];
    expect(holdBack({ ...request, reach })).toEqual({ names: ["1"], held: ["2", "3"], neededBy: ["b"] });
  });

  test("nothing waits once nobody needs it", () => {
    expect(holdBack({ ...request, reach: [{ release: "a", lives: true }] })).toBeNull();
  });

  test("a release that does not live for another reason holds nothing back", () => {
    const expanding = { ...request, rehearsal: rehearsal({ migrations: [{ ...contract, kind: "expand" }] }) };
    expect(holdBack({ ...expanding, reach: [{ release: "a", lives: false }] })).toBeNull();
  });
});

test("a failed deployment takes the schema back only where that is what was proved", () => {
  const run = (one: Rehearsal | null) =>
    migrationRun({
      names: [],
      held: [],
      limits: { lockTimeoutMs: 1, statementTimeoutMs: 1, retries: 1 },
      rehearsal: one,
    }).back;
  expect(run(null)).toEqual({ how: "stay", because: null });
  expect(run(rehearsal({ wayBack: "stay" }))).toMatchObject({ how: "stay", because: expect.any(String) });
  const removedByDown = [{ table: "public.t", column: "c" }];
  expect(run(rehearsal({ wayBack: "down", removedByDown }))).toMatchObject({
    how: "down",
    loses: removedByDown,
  });
  expect(run(rehearsal({ wayBack: "restore" }))).toEqual({ how: "stay", because: null });
  expect(run(rehearsal({ wayBack: "down", verdict: "cannot-rehearse" })).how).toBe("stay");
});
