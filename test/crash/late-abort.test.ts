import { expect, test } from "vitest";
import { deployRelease } from "../../src/app/deploy.ts";
import type { StepKind } from "../../src/domain/plan.ts";
import { memoryContext } from "../helpers/long-log.ts";
import { makeWorld } from "../helpers/memory-platform.ts";
import { makeMemoryStore } from "../helpers/memory-store.ts";
import { shopRelease } from "../helpers/shop.ts";

/** One deployment in which somebody wishes to abort or detach as soon as a step has succeeded. */
const wished = async (reason: "abort" | "detach", after: StepKind) => {
  const wish = new AbortController();
  const world = makeWorld();
  const receipt = await deployRelease(memoryContext(makeMemoryStore(), world), {
    environment: "rolling",
    action: "deploy",
    release: shopRelease("a", ["0001"]),
    binding: null,
    reason: null,
    wait: false,
    report: (event) => {
      if (event.type === "step-succeeded" && event.step.action.kind === after) wish.abort(reason);
    },
    signal: wish.signal,
  });
  return { receipt, effects: world.effects };
};

test("a wish to abort after the commit comes too late: the rest is done, and the deployment succeeds", async () => {
  const { receipt, effects } = await wished("abort", "confirm");
  expect(receipt.outcome).toBe("succeeded");
  expect(effects).toContain("retire");
});

test("a wish to abort before the commit takes everything back", async () => {
  const { receipt } = await wished("abort", "set-instances");
  expect(receipt.outcome).toBe("compensated");
});

test("a wish to detach while it tidies leaves it for a resume", async () => {
  const { receipt, effects } = await wished("detach", "confirm");
  expect(receipt.outcome).toBe("interrupted");
  expect(effects).not.toContain("retire");
});
