import type { MigrationStatus } from "../../app/migrate/status.ts";
import { shortReleaseId } from "../../domain/release.ts";
import { field } from "./field.ts";
import { padEnd } from "./fit.ts";
import type { Look } from "./look.ts";
import { clean, displayWidth } from "./text-width.ts";

/** What is in the schema, and what waits for which release. */
export const renderMigrationStatus = (look: Look, status: MigrationStatus): string[] => {
  const { colours } = look;
  if (status.release === null) return [`${status.environment} serves no release yet`];
  const width = Math.max(0, ...status.migrations.map(({ name }) => displayWidth(clean(name))));
  const lines = status.migrations.map(({ name, state, neededBy }) => {
    const text = padEnd(clean(name), width);
    if (state === "applied") return `  ${text}  applied`;
    const who = neededBy.map(shortReleaseId).join(" and ");
    return `  ${text}  ${colours.yellow("held back")}${who === "" ? "" : `: ${who} needs what it removes`}`;
  });
  const waits = status.migrations.some(({ state }) => state === "held");
  return [
    `${status.environment}  ${shortReleaseId(status.release)}`,
    ...(lines.length === 0 ? ["  no migrations"] : lines),
    ...(status.wayBack === null
      ? []
      : field(look, "way back", clean(status.wayBack), { indent: 2, labelWidth: 10 })),
    ...(waits
      ? [
          colours.dim(
            "  it runs with the first deployment after which no rollback leads to a release that needs it",
          ),
        ]
      : []),
  ];
};
