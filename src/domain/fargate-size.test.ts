import fc from "fast-check";
import { expect, test } from "vitest";
import { fargateSize } from "./fargate-size.ts";

/** CPU units → MiB, as https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-tasks-services.html has them. */
const steps = (from: number, to: number, step: number): number[] =>
  Array.from({ length: (to - from) / step + 1 }, (_, index) => from + index * step);
const SIZES: [cpu: number, memory: number[]][] = [
  [256, [512, 1024, 2048]],
  [512, steps(1024, 4096, 1024)],
  [1024, steps(2048, 8192, 1024)],
  [2048, steps(4096, 16_384, 1024)],
  [4096, steps(8192, 30_720, 1024)],
  [8192, steps(16_384, 61_440, 4096)],
  [16_384, steps(32_768, 122_880, 8192)],
];
const ALL = SIZES.flatMap(([cpu, memory]) => memory.map((memoryMb) => ({ cpu, memoryMb })));

test("every size that Fargate has stays as it is", () => {
  for (const size of ALL) expect(fargateSize(size)).toEqual(size);
  expect(ALL).toHaveLength(3 + 4 + 7 + 13 + 23 + 12 + 12);
});

test("any other becomes the smallest of them with as much of both, the least CPU first", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 64, max: 16_384 }),
      fc.integer({ min: 32, max: 122_880 }),
      (cpu, memoryMb) => {
        const found = fargateSize({ cpu, memoryMb });
        expect(found).toEqual(ALL.find((size) => size.cpu >= cpu && size.memoryMb >= memoryMb));
      },
    ),
    { numRuns: 2000 },
  );
});

test.each([
  [
    { cpu: 256, memoryMb: 256 },
    { cpu: 256, memoryMb: 512 },
  ],
  [
    { cpu: 256, memoryMb: 1025 },
    { cpu: 256, memoryMb: 2048 },
  ],
  [
    { cpu: 256, memoryMb: 2049 },
    { cpu: 512, memoryMb: 3072 },
  ],
  [
    { cpu: 4096, memoryMb: 256 },
    { cpu: 4096, memoryMb: 8192 },
  ],
  [
    { cpu: 4096, memoryMb: 30_721 },
    { cpu: 8192, memoryMb: 32_768 },
  ],
])("%j becomes %j", (asked, expected) => {
  expect(fargateSize(asked)).toEqual(expected);
});

test.each([
  { cpu: 16_385, memoryMb: 1024 },
  { cpu: 256, memoryMb: 122_881 },
])("there is nothing as large as %j", (asked) => {
  expect(fargateSize(asked)).toBeNull();
});
