import { expect, test } from "vitest";
import { removedByDown } from "./removed-by-down.ts";

const table = (...columns: string[]) => ({
  rows: "1",
  columns: Object.fromEntries(columns.map((name) => [name, "x"])),
});

test("a down takes new tables and new columns with it, and nothing of what was there or is the tool's", () => {
  const before = { data: { "public.rides": table("id"), "public.pgmigrations": table("id") } };
  const after = {
    data: {
      ...before.data,
      "public.rides": table("id", "tip"),
      "public.tips": table("id"),
      "public.log": table("id"),
    },
    bookkeeping: [{ table: "public.log" }] as never,
  };
  expect(removedByDown(before, after)).toEqual([
    { table: "public.rides", column: "tip" },
    { table: "public.tips", column: null },
  ]);
});
