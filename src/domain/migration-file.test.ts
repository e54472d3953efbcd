import { expect, test } from "vitest";
import { migrationFileName } from "./migration-file.ts";

test.each([
  ["0001_rides.sql", "0001_rides", "both"],
  ["0001_rides.js", "0001_rides", "both"],
  ["0001_rides.up.sql", "0001_rides", "up"],
  ["0001_rides.down.sql", "0001_rides", "down"],
  ["20250101_rides/migration.sql", "20250101_rides", "up"],
  ["20250101_rides/down.sql", "20250101_rides", "down"],
])("%s is %s, %s", (path, name, direction) => {
  expect(migrationFileName(path)).toEqual({ name, direction });
});

test.each([
  "meta/_journal.json",
  "__pycache__/0001_rides.cpython-311.pyc",
  "migration_lock.toml",
  ".keep",
  "0001.js.map",
])("%s is no migration", (path) => {
  expect(migrationFileName(path)).toBeNull();
});
