import fc from "fast-check";
import { expect, test } from "vitest";
import type { Gates, Strategy } from "../domain/app-definition.ts";
import type { ObservedService } from "../domain/observed.ts";
import type { RevisionSpec } from "../domain/revision.ts";
import { planRollOut, shared } from "./roll-out.ts";

const gates: Gates = { maxErrorRate: 0.01, maxP95Ms: null, minRequests: 20 };
const spec = { service: "api", kind: "web" } as RevisionSpec;
const stableOf = (count: number): ObservedService => ({
  revisions: { old: { spec, release: "r", wanted: count, healthy: count } },
  weights: { old: 100 },
});
const strategies: Strategy[] = [
  { type: "rolling", batch: 1 },
  { type: "rolling", batch: 3 },
  { type: "blue-green" },
  { type: "canary", percents: [5, 25], bakeMs: 1 },
  { type: "linear", stepPercent: 30, bakeMs: 1 },
];
const planned = (strategy: Strategy, instances: number, stable: number) =>
  planRollOut({
    service: "api",
    target: { revision: "new", spec, instances },
    observed: stableOf(stable),
    strategy,
    gates,
  });

test("under every strategy traffic only ever goes to instances that run, and ends on the target alone", () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...strategies),
      fc.integer({ min: 1, max: 12 }),
      fc.integer({ min: 1, max: 12 }),
      (strategy, instances, stable) => {
        let counts: Record<string, number> = { old: stable };
        let weights: Record<string, number> = { old: 100 };
        for (const { action } of planned(strategy, instances, stable)) {
          if (action.kind === "set-instances") counts = action.counts;
          if (action.kind === "set-weights") weights = action.weights;
          const routed = Object.entries(weights).filter(([, percent]) => percent > 0);
          for (const [revision] of routed) expect(counts[revision] ?? 0).toBeGreaterThan(0);
          expect(routed.reduce((sum, [, percent]) => sum + percent, 0)).toBeCloseTo(100, 6);
        }
        expect(weights).toEqual({ new: 100 });
        expect(counts["new"]).toBe(instances);
        if (strategy.type === "rolling") expect(counts["old"] ?? 0).toBe(0);
      },
    ),
  );
});

test("rolling never runs more than a batch above what ran and what is wanted", () => {
  for (const { action } of planned({ type: "rolling", batch: 1 }, 4, 4))
    if (action.kind === "set-instances")
      expect(Object.values(action.counts).reduce((sum, count) => sum + count, 0)).toBeLessThanOrEqual(5);
});

test("a canary bakes at each of its percents, in order", () => {
  const steps = planned({ type: "canary", percents: [5, 25], bakeMs: 1000 }, 2, 2).map(({ title }) => title);
  expect(steps).toEqual([
    "2 instances of the candidate",
    "5 % to the candidate",
    "bake at 5 %",
    "25 % to the candidate",
    "bake at 25 %",
    "100 % to the candidate",
  ]);
});

test("what serves already is left alone", () => {
  const observed = {
    revisions: { new: { spec, release: "r", wanted: 2, healthy: 2 } },
    weights: { new: 100 },
  };
  const target = { revision: "new", spec, instances: 2 };
  expect(planRollOut({ service: "api", target, observed, strategy: { type: "blue-green" }, gates })).toEqual(
    [],
  );
});

test("a removed service loses its traffic before it stops", () => {
  const kinds = planRollOut({
    service: "api",
    target: null,
    observed: stableOf(2),
    strategy: { type: "blue-green" },
    gates,
  });
  expect(kinds.map(({ action }) => action.kind)).toEqual(["set-weights", "set-instances"]);
});

test("the rest of the traffic is shared among stable revisions by their instances", () => {
  expect(shared({ a: 1, b: 3 }, "new", 20)).toEqual({ a: 20, b: 60, new: 20 });
});
