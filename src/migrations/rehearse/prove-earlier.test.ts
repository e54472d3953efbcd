import { describe, expect, test } from "vitest";
import { shopRelease } from "../../../test/helpers/shop.ts";
import type { ObservedStatement } from "../relay/types.ts";
import { serviceFor, type BootRecord } from "./boot-release.ts";
import { judgeEarlier, type EarlierFacts } from "./prove-earlier.ts";

const release = shopRelease("a", ["0001"]);

const error = (sql: string, message: string): ObservedStatement => ({
  ...{
    index: 0,
    connection: 0,
    transaction: 0,
    kind: "implicit",
    sql,
    tag: null,
    startedMs: 0,
    durationMs: 1,
  },
  ...{ locks: [], rewrites: [], scans: [], writes: {} },
  error: { sqlState: "42703", message, detail: null, hint: null },
});

const fine: BootRecord = {
  failed: [],
  smoke: [{ path: "/api/rides", status: 200, fault: null }],
  errors: [],
  statements: ["select 1"],
};

const proofs = (facts: Partial<Omit<EarlierFacts, "release">>) =>
  Object.fromEntries(
    judgeEarlier({ release, before: fine, after: fine, refused: [], ...facts }).map(
      ({ name, outcome, detail }) => [name.replace("earlier-", ""), outcome === "failed" ? detail : outcome],
    ),
  );

const held = { boots: "held", health: "held", smoke: "held", statements: "held" };

describe("the release before on the new schema", () => {
  test("is proved when nothing goes wrong", () => {
    expect(proofs({})).toEqual(held);
  });

  test("an error that the app swallowed counts, and it is said that nobody would have seen it", () => {
    const errors = [error("select fare\nfrom rides", 'column "fare" does not exist')];
    expect(proofs({ after: { ...fine, errors } })).toEqual({
      ...held,
      statements:
        'select fare from rides failed: column "fare" does not exist (42703); its health and smoke checks passed all the same',
    });
  });

  test("what went wrong on its own schema too says nothing", () => {
    const errors = [error("select nothing", "no")];
    const smoke = [{ path: "/api/rides", status: 500, fault: "GET /api/rides answered 500 instead of 200" }];
    expect(proofs({ before: { ...fine, errors, smoke }, after: { ...fine, errors, smoke } })).toEqual(held);
  });

  test("a statement that only the new schema refuses counts although nothing sent it", () => {
    const refused = [{ sql: "select fare from rides", sqlState: "42703", message: "no such column" }];
    expect(proofs({ refused })).toEqual({
      ...held,
      statements: "the new schema refuses select fare from rides: no such column (42703)",
    });
  });

  test("what does not start is not asked further", () => {
    const failed: BootRecord["failed"] = [
      { service: "api", stage: "boots", what: "api exited with code 1: no table" },
    ];
    expect(proofs({ after: { ...fine, smoke: [], failed } })).toEqual({
      boots: "api exited with code 1: no table",
      health: "not-tried",
      smoke: "not-tried",
      statements: "held",
    });
  });
});

test.each([
  ["/api/rides?x=1", "api"],
  ["/api", "api"],
  ["/apis", null],
  ["/", null],
])("%s is answered by %s", (path, service) => {
  expect(serviceFor(release, path)).toBe(service);
});
