import { migrationFileName } from "../../domain/migration-file.ts";
import { readSections, type Section } from "../plain/sections.ts";

/** What the files of a migration say. */
export interface MigrationFile {
  /** Inside the folder of the migrations. */
  path: string;
  source: string;
  /** Null: a program makes the statements. */
  up: Section | null;
  down: Section | null;
}

const hasStatements = (section: Section | null): boolean =>
  section !== null && section.text.replace(/--.*$/gm, "").trim() !== "";

/** By the name of the migration. Of two files, the one that goes up is told. Pure. */
export const readMigrationFiles = (files: { path: string; text: string }[]): Map<string, MigrationFile> => {
  const found = new Map<string, MigrationFile>();
  const downs = new Map<string, Section>();
  for (const { path, text } of files) {
    const file = migrationFileName(path);
    if (file === null) continue;
    const sections = path.endsWith(".sql") ? readSections(text) : null;
    if (file.direction === "down") {
      if (sections !== null) downs.set(file.name, sections.down ?? sections.up);
    } else
      found.set(file.name, { path, source: text, up: sections?.up ?? null, down: sections?.down ?? null });
  }
  for (const [name, down] of downs) {
    const file = found.get(name);
    if (file !== undefined) file.down = down;
  }
  return found;
};

/** Null: its file does not say. */
export const isReversible = (file: MigrationFile | undefined, toolHasDown: boolean): boolean | null => {
  if (!toolHasDown) return false;
  if (file === undefined || file.up === null) return null;
  return hasStatements(file.down);
};
