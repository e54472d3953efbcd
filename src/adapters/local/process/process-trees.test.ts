import { expect, test } from "vitest";
import { makeProcessTrees } from "./process-trees.ts";

interface Fake {
  parent: number;
  group: number;
  startedAt?: string;
  marker?: string;
}

const makeMachine = (processes: Record<number, Fake>) => {
  const trees = makeProcessTrees(() =>
    Promise.resolve({
      pids: Object.keys(processes).map(Number),
      row: (pid) => {
        const found = processes[pid];
        return found === undefined ? null : { startedAt: "0", ...found };
      },
      residentKb: () => 10,
      marker: (pid) => processes[pid]?.marker ?? null,
    }),
  );
  const members = async (root: number) => (await trees.scan()).get(root)?.map(({ pid }) => pid);
  return { trees, members, processes };
};

test("a tree is its group, its descendants in other groups, and what carries its marker", async () => {
  const { trees, members } = makeMachine({
    10: { parent: 2, group: 10 },
    11: { parent: 10, group: 10 },
    12: { parent: 11, group: 12 },
    5: { parent: 12, group: 5 }, // a lower number than its parent's
    13: { parent: 1, group: 13, marker: "m" },
    2: { parent: 1, group: 2 },
    3: { parent: 2, group: 2, marker: "another" },
  });
  trees.track(10, "m");
  expect(await members(10)).toEqual([5, 10, 11, 12, 13]);
});

test("a member stays one when its parent is gone and its group is left", async () => {
  const { trees, members, processes } = makeMachine({
    10: { parent: 2, group: 10 },
    12: { parent: 10, group: 12 },
  });
  trees.track(10, "m");
  await members(10);
  delete processes[10];
  processes[12] = { parent: 1, group: 12 };
  expect(await members(10)).toEqual([12]);
});

test("a number that was given to a stranger is no member", async () => {
  const { trees, members, processes } = makeMachine({
    10: { parent: 2, group: 10 },
    12: { parent: 10, group: 10 },
  });
  trees.track(10, "m");
  await members(10);
  processes[12] = { parent: 1, group: 12, startedAt: "later" };
  expect(await members(10)).toEqual([10]);
  expect(await members(10)).toEqual([10]);
});

test("what was seen before it was tracked is found all the same", async () => {
  const { trees, members } = makeMachine({ 10: { parent: 2, group: 10 } });
  trees.track(99, "other");
  await members(99);
  trees.track(10, "m");
  expect(await members(10)).toEqual([10]);
  trees.forget(10);
  expect(await members(10)).toBeUndefined();
});
