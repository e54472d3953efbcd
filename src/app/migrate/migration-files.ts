import { posix } from "node:path";
import { migrationFileName } from "../../domain/migration-file.ts";
import type { Release } from "../../domain/release.ts";
import type { AppContext } from "../context.ts";

/** Migration → its file from the project's root, as far as the release's files lie as the project's do. */
export const migrationFiles = async (
  { app, artefacts }: AppContext,
  release: Release,
): Promise<Record<string, string>> => {
  const { migrations } = release;
  const service = migrations === null ? undefined : app.services[migrations.service];
  if (migrations === null || service === undefined) return {};
  const { entries } = await artefacts.readTree(release.services[migrations.service]!.tree);
  const prefix = migrations.folder === "." ? "" : `${migrations.folder}/`;
  const files: Record<string, string> = {};
  for (const path of Object.keys(entries)) {
    const file = path.startsWith(prefix) ? migrationFileName(path.slice(prefix.length)) : null;
    if (file !== null && (file.direction !== "down" || files[file.name] === undefined))
      files[file.name] = posix.join(service.path, path);
  }
  return files;
};
