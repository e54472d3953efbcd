import type { MigrationsDefinition } from "../../domain/app-definition.ts";
import { AppError } from "../../domain/errors.ts";
import type { FileTree } from "../../domain/file-tree.ts";
import { migrationFileName } from "../../domain/migration-file.ts";

/** The migrations in a service's artefact, in the order in which they run: by name. */
export const migrationNames = (migrations: MigrationsDefinition, tree: FileTree): string[] => {
  const folder = migrations.folder.replace(/^\.\//, "").replace(/\/$/, "");
  const prefix = folder === "." || folder === "" ? "" : `${folder}/`;
  const names = new Set<string>();
  for (const [path, entry] of Object.entries(tree.entries)) {
    if (entry.type !== "file" || !path.startsWith(prefix)) continue;
    const file = migrationFileName(path.slice(prefix.length));
    if (file !== null) names.add(file.name);
  }
  if (names.size > 0) return [...names].sort();
  throw new AppError(
    "BUILD_OUTPUT_MISSING",
    `The artefact of ${migrations.service} has no migrations in ${migrations.folder}`,
    {
      hint: `correct database.migrations.folder, or let services.${migrations.service}.files take it`,
      context: { service: migrations.service, folder: migrations.folder },
    },
  );
};
