import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { planned } from "./testbed.ts";

/** Recorded from the app module: the addresses that there are. */
const text = readFileSync(new URL("../policy/testdata/app-production.json", import.meta.url), "utf8");
const addresses = new Set(
  (JSON.parse(text) as { resource_changes: { address: string }[] }).resource_changes.map(
    ({ address }) => address,
  ),
);

test("what is imported into the module has an address that the module has", () => {
  const targets = planned()
    .resources.flatMap((one) => (one.import === undefined ? [] : [one.import.to]))
    .filter((to) => to.startsWith("module.app."))
    .map((to) => to.replace("shop.test.example.com", "rideshare.example"));
  expect(targets).toHaveLength(2);
  expect(targets.filter((to) => !addresses.has(to))).toEqual([]);
});
