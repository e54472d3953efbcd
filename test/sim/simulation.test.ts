import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { GUARANTEES } from "./guarantees.ts";
import { MUTANTS } from "./mutants.mjs";
import { scenarioOf } from "./scenario.ts";
import { simulate } from "./simulate.ts";

test("a seed plays the same story every time", async () => {
  const first = await simulate(scenarioOf(7));
  await simulate(scenarioOf(8));
  const second = await simulate(scenarioOf(7));
  expect(first.story.length).toBeGreaterThan(20);
  expect(second).toEqual(first);
});

test("docs/guarantees.md has each guarantee with its sentence, and no other", () => {
  const page = readFileSync("docs/guarantees.md", "utf8");
  const rows = [...page.matchAll(/^\| ([^|]+) \| ([^|]+) \|$/gm)].map(([, name, sentence]) => [
    name,
    sentence,
  ]);
  expect(rows.slice(1)).toEqual(Object.entries(GUARANTEES));
});

test("each planted bug still finds its one place in the code", () => {
  const places = MUTANTS.flatMap((mutant) => [mutant, ...(mutant.also === undefined ? [] : [mutant.also])]);
  const lost = places.filter(({ file, find }) => readFileSync(file, "utf8").split(find).length !== 2);
  expect(lost).toEqual([]);
});
