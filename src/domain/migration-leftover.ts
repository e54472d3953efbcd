/** What a migration command that was killed, or failed half-way, left behind in the database. */
export type MigrationLeftover =
  /** The tool's own lock is a row, and nobody lifts it by itself. */
  | { kind: "tool-lock"; tool: "knex" | "liquibase"; table: string }
  /** The tool wrote down that a migration began, and never that it ended: it refuses to go on. */
  | { kind: "failed-migration"; tool: "prisma" | "flyway" | "golang-migrate"; migration: string }
  /** Of a CREATE INDEX CONCURRENTLY that did not end: it costs every write, and no query uses it. */
  | { kind: "invalid-index"; index: string; table: string };

/** A leftover in a sentence, and the exact command or SQL that clears it. Pure. */
export const wayOutOf = (leftover: MigrationLeftover): { what: string; way: string } => {
  switch (leftover.kind) {
    case "tool-lock":
      return leftover.tool === "knex"
        ? {
            what: `Knex's own lock is still set (${leftover.table}.is_locked = 1), so every further run waits for nobody`,
            way: `npx knex migrate:unlock   or   UPDATE ${leftover.table} SET is_locked = 0;`,
          }
        : {
            what: `Liquibase's own lock is still set (${leftover.table}.locked = true)`,
            way: `liquibase release-locks   or   UPDATE ${leftover.table} SET locked = false, lockgranted = null, lockedby = null;`,
          };
    case "failed-migration":
      return failedMigration(leftover);
    case "invalid-index":
      return {
        what: `${leftover.index} on ${leftover.table} is invalid: its CREATE INDEX CONCURRENTLY did not end`,
        way: `DROP INDEX CONCURRENTLY ${leftover.index};`,
      };
  }
};

const failedMigration = ({
  tool,
  migration,
}: Extract<MigrationLeftover, { kind: "failed-migration" }>): { what: string; way: string } => {
  switch (tool) {
    case "prisma":
      return {
        what: `Prisma recorded that ${migration} began and not that it ended: it refuses to go on (P3009)`,
        way: `npx prisma migrate resolve --rolled-back ${migration}   (--applied when all of it is in)`,
      };
    case "flyway":
      return { what: `Flyway recorded that ${migration} failed: it refuses to go on`, way: "flyway repair" };
    case "golang-migrate":
      return {
        what: `golang-migrate marked version ${migration} as dirty: it refuses to go on`,
        way: `migrate force VERSION, with the version before ${migration}, or ${migration} when all of it is in`,
      };
  }
};
