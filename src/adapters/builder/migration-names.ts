import type { MigrationsDefinition } from "../../domain/app-definition.ts";
import { AppError } from "../../domain/errors.ts";
import type { FileTree } from "../../domain/file-tree.ts";

/** What a compiler puts beside a migration. */
const BY_PRODUCT = /\.(map|d\.[cm]?ts)$/;

/** The migrations in a service's artefact, in the order in which they run: base names of the folder's files, sorted. */
export const migrationNames = (migrations: MigrationsDefinition, tree: FileTree): string[] => {
  const folder = migrations.folder.replace(/^\.\//, "").replace(/\/$/, "");
  const prefix = folder === "." || folder === "" ? "" : `${folder}/`;
  const names = new Set<string>();
  for (const [path, entry] of Object.entries(tree.entries)) {
    const name = path.slice(prefix.length);
    if (entry.type !== "file" || !path.startsWith(prefix) || name.includes("/")) continue;
    if (name.startsWith(".") || BY_PRODUCT.test(name)) continue;
    names.add(name.replace(/\.[^.]+$/, ""));
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
