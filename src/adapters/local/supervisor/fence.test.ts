import { expect, test } from "vitest";
import { isAppError } from "../../../domain/errors.ts";
import { makeFence } from "./fence.ts";

const never = new AbortController().signal;
const makeTested = () => {
  let epoch = 1;
  const saved: number[] = [];
  const fence = makeFence({
    environment: "dev",
    epoch: () => epoch,
    raise: async (next) => {
      await new Promise((resolve) => setImmediate(resolve));
      saved.push(next);
      epoch = next;
    },
  });
  const run = <T>(at: number, key: string | null, act: (signal: AbortSignal) => Promise<T>) =>
    fence.run({ epoch: at, key, signal: never, act });
  return { fence, run, saved };
};

const open = () => {
  let release = (): void => undefined;
  const gate = new Promise<void>((resolve) => (release = resolve));
  return { gate, release };
};

test("an effect of a lower epoch is refused and never acts", async () => {
  const { fence, run } = makeTested();
  await fence.raise(5);
  let acted = false;
  await expect(run(4, null, async () => void (acted = true))).rejects.toMatchObject({
    code: "FENCED",
    context: { epoch: 4, highest: 5 },
  });
  await expect(fence.raise(4)).rejects.toMatchObject({ code: "FENCED" });
  expect(acted).toBe(false);
});

test("a higher epoch is saved, aborts what is under way, and waits until that has settled", async () => {
  const { fence, run, saved } = makeTested();
  const order: string[] = [];
  const { gate, release } = open();
  const started = open();
  const effect = run(1, "api", async (signal) => {
    started.release();
    await new Promise((resolve) => signal.addEventListener("abort", resolve, { once: true }));
    order.push("aborted");
    await gate;
    order.push("settled");
    signal.throwIfAborted();
  });
  effect.catch(() => undefined);
  await started.gate;
  const raised = fence.raise(2).then(() => order.push("raised"));
  while (order.length === 0) await new Promise((resolve) => setImmediate(resolve));
  release();
  await raised;
  expect(order).toEqual(["aborted", "settled", "raised"]);
  expect(saved).toEqual([2]);
  await expect(effect).rejects.toSatisfy((error) => isAppError(error, "FENCED"));
});

test("an effect that waits for its turn is fenced without having acted", async () => {
  const { fence, run, saved } = makeTested();
  const { gate, release } = open();
  const started = open();
  const first = run(1, "api", async () => {
    started.release();
    await gate;
  });
  await started.gate;
  let acted = false;
  const second = run(1, "api", async () => void (acted = true));
  second.catch(() => undefined);
  const raised = fence.raise(2);
  while (saved.length === 0) await new Promise((resolve) => setImmediate(resolve));
  release();
  await raised;
  await first;
  await expect(second).rejects.toMatchObject({ code: "FENCED" });
  expect(acted).toBe(false);
});

test("effects with an equal key run in order, others side by side", async () => {
  const { run } = makeTested();
  const order: string[] = [];
  const { gate, release } = open();
  const slow = run(1, "api", async () => {
    await gate;
    order.push("api 1");
  });
  const next = run(1, "api", async () => void order.push("api 2"));
  await run(1, "web", async () => void order.push("web"));
  release();
  await Promise.all([slow, next]);
  expect(order).toEqual(["web", "api 1", "api 2"]);
});

test("an effect that failed does not hold up the next one", async () => {
  const { run } = makeTested();
  const failed = run(1, "api", () => Promise.reject(new Error("no")));
  await expect(failed).rejects.toThrow("no");
  await expect(run(1, "api", async () => "yes")).resolves.toBe("yes");
});
