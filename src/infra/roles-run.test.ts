import { describe, expect, test } from "vitest";
import { areRolesCurrent, parseRolesRecord, rolesFailure } from "./roles-run.ts";

const END = {
  task: "arn:aws:ecs:eu-north-1:123456789012:task/shop/1",
  found: false,
  exitCode: 3 as number | null,
  stopCode: "EssentialContainerExited",
  reason: "Essential container in task exited",
  lines: ["psql: error: connection refused"],
};
const RECORD = {
  fingerprint: "f",
  taskDefinition: "arn:1",
  task: "arn:task",
  at: "2026-01-01T00:00:00.000Z",
};
const wanted = (more: object) => ({
  rolesTask: { fingerprint: "f", taskDefinition: "arn:1", ...more } as never,
});

describe("the roles of a database", () => {
  test("are current when the same definition ran for the same, and not otherwise", () => {
    const current = (more: object, record: unknown = RECORD) =>
      areRolesCurrent(wanted(more) as never, record as never);
    expect(current({})).toBe(true);
    expect(current({ fingerprint: "other" })).toBe(false);
    expect(current({ taskDefinition: "arn:2" })).toBe(false);
    expect(current({}, null)).toBe(false);
  });

  test.each([null, "", "never", "{}", "[1]", '{"fingerprint":1}'])("a record %j is none", (text) => {
    expect(parseRolesRecord(text)).toBeNull();
  });

  test("a record is read as it was written", () => {
    expect(parseRolesRecord(JSON.stringify(RECORD))).toEqual(RECORD);
  });

  test("a task that ended with 0 is no failure", () => {
    expect(rolesFailure("staging", { ...END, exitCode: 0 })).toBeNull();
  });

  test("a failure says that the rest is applied, how the task ended, and what to run", () => {
    expect(rolesFailure("staging", END)).toMatchObject({
      code: "INFRA_ROLES_FAILED",
      message: expect.stringMatching(/^The infrastructure is applied, .* exit code 3 \(Essential/),
      hint: "when the reason is mended: switchback infra apply staging",
      context: { lines: END.lines, exitCode: 3 },
    });
  });

  test.each([
    ["CannotPullContainerError: no route", "aws.images.databaseRoles"],
    ["ResourceInitializationError: unable to pull secrets or registry auth", "Secrets Manager"],
    ["Capacity is unavailable at this time", "later"],
  ])("of %s it says what to change", (reason, hint) => {
    const failure = rolesFailure("staging", { ...END, exitCode: null, reason });
    expect(failure).toMatchObject({
      message: expect.stringContaining("never ran"),
      hint: expect.stringContaining(hint),
    });
    expect(failure!.hint).toContain("switchback infra apply staging");
  });
});
