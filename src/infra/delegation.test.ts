import { expect, test } from "vitest";
import { tiny } from "../../test/helpers/infra-world.ts";
import { delegationNotes, delegationText, isOwnZone } from "./delegation.ts";

const ZONE = "module.app.module.dns[0].aws_route53_zone.this[0]";
const made = (action = "create") => [{ address: ZONE, action }] as never;

test("a plan that makes a zone says who has to delegate, before anything waits for it", () => {
  expect(delegationNotes(tiny(), "staging", made())).toMatchObject([
    {
      setting: "environments.staging.domain",
      message: expect.stringMatching(/the zone of tiny\.example has to delegate to.*aws\.parentZone/),
    },
  ]);
});

test("a zone that is there, or whose parent is in the account, needs nobody", () => {
  expect(delegationNotes(tiny(), "staging", made("update"))).toEqual([]);
  expect(delegationNotes(tiny(), "staging", [])).toEqual([]);
  expect(delegationNotes(tiny({ parentZone: "Z1" }), "staging", made())).toEqual([]);
});

test("only the zone of the modules is meant", () => {
  expect([ZONE, "aws_route53_zone.this[0]"].map(isOwnZone)).toEqual([true, true]);
  expect(["aws_route53_zone.other", "module.a.aws_route53_zone.this_one[0]"].map(isOwnZone)).toEqual([
    false,
    false,
  ]);
});

test("the servers are named with the zone that they belong into", () => {
  expect(delegationText({ name: "staging.tiny.example", servers: ["ns-1.example", "ns-2.example"] })).toBe(
    "delegate staging.tiny.example now, in the zone of tiny.example: NS records ns-1.example, ns-2.example; the certificates wait for it",
  );
});
