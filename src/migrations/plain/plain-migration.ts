import { sha256, type Digest } from "../../domain/digest.ts";
import { migrationFileName } from "../../domain/migration-file.ts";
import { readSections, wantsNoTransaction, type Section } from "./sections.ts";

export interface PlainMigration {
  name: string;
  up: PlainDirection;
  /** Null: it cannot be taken back. */
  down: PlainDirection | null;
  /** Of what `up` runs: an applied migration that has another one was edited. */
  checksum: Digest;
}

export interface PlainDirection extends Section {
  file: string;
  /** One transaction for all of it, or each statement by itself. */
  transaction: boolean;
}

export interface SqlFile {
  /** Inside the folder of the migrations. */
  path: string;
  text: string;
}

/** The migrations that a folder's files make, sorted by name. Files that are no SQL are left out. */
export const readPlainMigrations = (files: SqlFile[]): PlainMigration[] => {
  const parts = new Map<string, { up?: PlainDirection; down?: PlainDirection }>();
  for (const { path, text } of files) {
    const file = path.endsWith(".sql") ? migrationFileName(path) : null;
    if (file === null) continue;
    const part = parts.get(file.name) ?? {};
    parts.set(file.name, part);
    const transaction = !wantsNoTransaction(text);
    const sections = readSections(text);
    const whole = (section: Section): PlainDirection => ({ ...section, file: path, transaction });
    if (file.direction === "down") {
      // A file of its own may still say `-- down` at its top.
      part.down = whole(sections.down ?? sections.up);
      continue;
    }
    part.up = whole(sections.up);
    if (sections.down !== null) part.down = whole(sections.down);
  }
  return [...parts]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([name, { up, down }]) =>
      up === undefined ? [] : [{ name, up, down: down ?? null, checksum: sha256(up.text) }],
    );
};
