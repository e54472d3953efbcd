import { afterAll, expect, test } from "vitest";
import type { RehearsalProof } from "../../../src/domain/rehearsal.ts";
import { rehearse } from "../../../src/migrations/rehearse/rehearse.ts";
import { depsFor, makeToolProject, requestFor, type MigrationCommands } from "./rig.ts";

interface Tool extends MigrationCommands {
  tool: string;
  tips: string;
  ratings: string;
}

const status = (table: string): string => `node status.mjs ${table} "select name from ${table} order by id"`;
const pgMigrate = "node-pg-migrate --migrations-dir migrations";
const plain = "switchback-migrate";
const prisma = "switchback-migrate --folder prisma/migrations";

const TOOLS: Tool[] = [
  {
    tool: "node-pg-migrate",
    folder: "migrations",
    up: `${pgMigrate} up`,
    down: `${pgMigrate} down {count}`,
    status: status("pgmigrations"),
    tips: "1738368000001_tips",
    ratings: "1738368000002_ratings",
  },
  {
    tool: "plain-sql",
    folder: "migrations",
    up: `${plain} up`,
    down: `${plain} down --to "{to}"`,
    status: `${plain} status`,
    tips: "0004_tips",
    ratings: "0005_ratings",
  },
  {
    tool: "knex",
    folder: "migrations",
    up: "knex migrate:latest",
    down: "for i in $(seq {count}); do knex migrate:down || exit 1; done",
    status: `${status("knex_migrations")} | sed 's/\\.mjs$//'`,
    tips: "20250201000001_tips",
    ratings: "20250201000002_ratings",
  },
  {
    tool: "drizzle",
    folder: "drizzle",
    up: "node migrate.mjs",
    down: null,
    status: "node status.mjs",
    tips: "0003_tips",
    ratings: "0004_ratings",
  },
  {
    tool: "alembic",
    folder: "alembic/versions",
    up: "alembic upgrade head",
    down: "alembic downgrade -{count}",
    status: "alembic history -r base:current | sed -n 's/.* -> \\([^ ,]*\\).*/\\1/p' | tac",
    tips: "0004_tips",
    ratings: "0005_ratings",
  },
  {
    tool: "prisma",
    folder: "prisma/migrations",
    up: `${prisma} up`,
    down: `${prisma} down --to "{to}"`,
    status: `${prisma} status`,
    tips: "20250201000001_tips",
    ratings: "20250201000002_ratings",
  },
];

const projects: { close: () => Promise<void> }[] = [];
afterAll(() => Promise.all(projects.map((project) => project.close())));

const outcomes = (proofs: RehearsalProof[]): string[] =>
  proofs.map(({ name, outcome }) => `${name} ${outcome}`);

test.each(TOOLS)(
  "$tool as it is: up watched, taken back, compared, up again, and the release before on the new schema",
  async ({ tool, tips, ratings, ...commands }) => {
    const project = await makeToolProject(tool, commands);
    projects.push(project);
    const [earlier, later] = [await project.release("earlier"), await project.release("new")];
    const shown = await rehearse(requestFor(earlier, later), depsFor(project.host));

    expect(shown.cannot).toBeNull();
    expect(shown.migrations).toMatchObject([
      { name: tips, kind: "expand", locks: [{ table: "public.rides", mode: "AccessExclusiveLock" }] },
      { name: ratings, kind: "expand", locks: [{ table: "public.rides", mode: "ShareRowExclusiveLock" }] },
    ]);
    const down = commands.down === null ? "not-tried" : "held";
    expect(outcomes(shown.proofs), JSON.stringify(shown.proofs, null, 2)).toEqual([
      "up held",
      ...["down", "down-schema", "down-data", "up-again"].map((name) => `${name} ${down}`),
      ...["boots", "health", "smoke", "statements"].map((name) => `earlier-${name} held`),
    ]);
    expect(shown.findings.filter(({ level }) => level === "block")).toEqual([]);
    expect(shown.wayBack).toBe("stay");
    expect(shown.schema).toMatch(/^[0-9a-f]{64}$/);
  },
);
