export interface MigrationFileName {
  /** What tools and people call the migration. */
  name: string;
  /** Which way the file goes; "both": it has a part for each, or only one. */
  direction: "up" | "down" | "both";
}

/** What a compiler puts beside a migration. */
const BY_PRODUCT = /\.(map|d\.[cm]?ts|pyc)$/;
/** In a folder of its own, as Prisma writes it. */
const IN_FOLDER = /^(?<name>[^/]+)\/(?<file>migration|up|down)\.sql$/;
const ONE_WAY = /^(?<name>.+)\.(?<direction>up|down)\.[^.]+$/;
/** Notes that tools keep beside their migrations. */
const NOTES = new Set(["migration_lock.toml", "__init__.py", "README", "README.md"]);

/**
 * The migration that a file belongs to, by its path inside the folder of the migrations; null for what is none:
 * `0001_rides.sql`, `0001_rides.up.sql`, `0001_rides/migration.sql`, `0001_rides.js`.
 */
export const migrationFileName = (path: string): MigrationFileName | null => {
  const own = IN_FOLDER.exec(path)?.groups;
  if (own?.["name"] !== undefined && own["file"] !== undefined)
    return { name: own["name"], direction: own["file"] === "down" ? "down" : "up" };
  if (path.includes("/") || path.startsWith(".") || NOTES.has(path) || BY_PRODUCT.test(path)) return null;
  const way = ONE_WAY.exec(path)?.groups;
  if (way?.["name"] !== undefined)
    return { name: way["name"], direction: way["direction"] === "down" ? "down" : "up" };
  return { name: path.replace(/\.[^.]+$/, ""), direction: "both" };
};
