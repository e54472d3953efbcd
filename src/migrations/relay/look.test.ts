import { expect, test } from "vitest";
import { EMPTY_LOOK, readLook, sightOf, type Names } from "./look.ts";

const NAMES: Names = new Map([
  ["1", { name: "app.rides", indexOf: null }],
  ["2", { name: "app.rides_pkey", indexOf: "app.rides" }],
]);
const look = (...rows: (string | null)[][]) => readLook(rows);
const see = (before: ReturnType<typeof look>, now: ReturnType<typeof look>, own = false) =>
  sightOf(before, now, NAMES, { own });

test("only what is new with a statement is told", () => {
  const before = look(["lock", "1", "ShareLock"], ["rows", "1", "1", "5", "0", "0"]);
  const now = look(
    ["lock", "1", "ShareLock"],
    ["lock", "1", "AccessExclusiveLock"],
    ["rows", "1", "2", "7", "0", "1"],
  );
  expect(see(before, now)).toEqual({
    locks: [{ table: "app.rides", index: null, mode: "AccessExclusiveLock" }],
    rewrites: [],
    scans: ["app.rides"],
    writes: { "app.rides": { inserted: 2, updated: 0, deleted: 1 } },
  });
});

test("a lock on an index names its table, and a rewritten table takes its indexes along", () => {
  const now = look(
    ["lock", "1", "AccessExclusiveLock"],
    ["lock", "2", "AccessExclusiveLock"],
    ["file", "1", "9"],
    ["file", "2", "10"],
  );
  expect(see(EMPTY_LOOK, now)).toMatchObject({
    locks: [
      { table: "app.rides", index: null },
      { table: "app.rides", index: "app.rides_pkey" },
    ],
    rewrites: ["app.rides"],
  });
});

test("a file that another session may have replaced is not told, unless the statement committed by itself", () => {
  const now = look(["file", "2", "10"]);
  expect(see(EMPTY_LOOK, now).rewrites).toEqual([]);
  expect(see(EMPTY_LOOK, now, true).rewrites).toEqual(["app.rides_pkey"]);
  expect(see(now, now, true).rewrites).toEqual([]);
});

test("counters that were reported in between begin anew", () => {
  const before = look(["rows", "1", "5", "100", "0", "0"]);
  expect(see(before, look(["rows", "1", "1", "3", "0", "0"])).writes).toEqual({
    "app.rides": { inserted: 3, updated: 0, deleted: 0 },
  });
});

test("relations without a name of the app, such as sequences and temporary tables, are left out", () => {
  expect(
    see(EMPTY_LOOK, look(["lock", "7", "AccessExclusiveLock"], ["rows", "7", "1", "1", "0", "0"])),
  ).toEqual({ locks: [], rewrites: [], scans: [], writes: {} });
});
