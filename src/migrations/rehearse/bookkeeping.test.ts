import { describe, expect, test } from "vitest";
import { recognise } from "./bookkeeping.ts";

describe("a tool's table is known", () => {
  test.each([
    ["pgmigrations", "id name run_on", "node-pg-migrate", "ledger"],
    ["our_own_name", "id name run_on", "node-pg-migrate", "ledger"],
    ["knex_migrations", "id name batch migration_time", "knex", "ledger"],
    ["knex_migrations_lock", "index is_locked", "knex", "lock"],
    ["__drizzle_migrations", "id hash created_at", "drizzle", "ledger"],
    ["alembic_version", "version_num", "alembic", "ledger"],
    [
      "_prisma_migrations",
      "id checksum finished_at migration_name logs rolled_back_at started_at applied_steps_count",
      "prisma",
      "ledger",
    ],
    ["switchback_migrations", "position name checksum statements applied_at", "switchback-migrate", "ledger"],
    ["schema_migrations", "version dirty", "golang-migrate", "ledger"],
  ])("%s (%s)", (name, columns, tool, role) => {
    expect(recognise(name, columns.split(" "))).toEqual({ tool, role });
  });
});

test.each([
  ["riders", "id name"],
  ["rides", "id name run_on fare"],
  ["files", "id hash created_at"],
  ["versions", "version"],
])("%s (%s) is the app's", (name, columns) => {
  expect(recognise(name, columns.split(" "))).toBeNull();
});
