import { expect, test } from "vitest";
import { exitCodeOfPolicies } from "../../domain/policy-finding.ts";
import { reportOf, set } from "./testbed.ts";

const API = 'module.service["api"].aws_ecr_repository.this';
const mutable = [set(API, "image_tag_mutability", "MUTABLE")];
const waiver = (change: object) => ({
  rule: "image-tags-immutable",
  address: API,
  reason: "the old pipeline still pushes latest",
  until: "2026-12-31",
  ...change,
});
const stateWith = (change: object, today = "2026-11-25") => {
  const report = reportOf(mutable, { waivers: [waiver(change)], today });
  return [
    report.findings[0]!.state,
    report.waivers.map(({ problem }) => problem),
    exitCodeOfPolicies(report),
  ];
};

test("what is waived is told with its reason, and stops nothing", () => {
  expect(stateWith({})).toEqual(["waived", [], 0]);
  expect(reportOf(mutable, { waivers: [waiver({})] }).findings[0]!.waiver).toEqual(waiver({}));
});

test("a waiver holds on its last day and not on the next", () => {
  expect(stateWith({}, "2026-12-31")).toEqual(["waived", [], 0]);
  expect(stateWith({}, "2027-01-01")).toEqual(["broken", ["expired"], 3]);
});

test("a star stands for any text, and nothing else does", () => {
  expect(stateWith({ address: 'module.service["*"].aws_ecr_repository.this' })[0]).toBe("waived");
  expect(stateWith({ address: "*" })[0]).toBe("waived");
  expect(stateWith({ address: "module.service.*" })[0]).toBe("broken");
  expect(stateWith({ address: `${API}.more` })[0]).toBe("broken");
  expect(stateWith({ address: API.replace("api", "ap.") })[0]).toBe("broken");
});

test("a waiver of another rule, of none, without a day or without use is told and does nothing", () => {
  expect(stateWith({ rule: "images-scanned" })).toEqual(["broken", ["unused"], 3]);
  expect(stateWith({ rule: "image-tag-immutable" })).toEqual(["broken", ["rule-unknown"], 3]);
  expect(stateWith({ until: "next year" })).toEqual(["broken", ["date-unreadable"], 3]);
  expect(stateWith({ until: "2026-13-45" })).toEqual(["broken", ["date-unreadable"], 3]);
});

test("a waiver that has expired or names no rule is a finding, also where nothing is broken; one without use is none", () => {
  const codeOf = (change: object) => exitCodeOfPolicies(reportOf([], { waivers: [waiver(change)] }));
  expect(codeOf({ until: "2026-11-24" })).toBe(3);
  expect(codeOf({ rule: "image-tag-immutable" })).toBe(3);
  expect(codeOf({})).toBe(0);
});
