import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { glob } from "tinyglobby";
import { migrate, type PlainCommand } from "./migrate.ts";
import { readPlainMigrations, type PlainMigration } from "./plain-migration.ts";
import { splitSql } from "./split-sql.ts";

export const USAGE = `Usage:
  switchback-migrate up [--to NAME]     apply the migrations that are not applied yet
  switchback-migrate down --to NAME     undo every migration after NAME, newest first; empty: all
  switchback-migrate status             print the applied migrations, oldest first

  --folder FOLDER                       where they are (default: migrations)

NAME is a migration or the number at its beginning. DATABASE_URL says where.
Exit code: 0 done, 1 failed, 2 wrong use, 3 refused before anything was run.`;

export interface PlainIo {
  env: Readonly<Record<string, string | undefined>>;
  cwd: string;
  print: (line: string) => void;
  tell: (line: string) => void;
}

/** The whole of `switchback-migrate`. Gives its exit code; prints no value of DATABASE_URL. */
export const runPlain = async (args: string[], io: PlainIo): Promise<number> => {
  const wanted = parse(args);
  if (wanted.type === "help") {
    io.print(USAGE);
    return 0;
  }
  const databaseUrl = io.env["DATABASE_URL"];
  if (wanted.type === "wrong" || !databaseUrl) {
    io.tell(wanted.type === "wrong" ? wanted.why : "DATABASE_URL is not set.");
    io.tell(USAGE);
    return 2;
  }
  try {
    const migrations = await readFolder(join(io.cwd, wanted.folder));
    if (migrations.length === 0) {
      io.tell(`${wanted.folder} holds no migrations.`);
      return 2;
    }
    return await migrate(wanted.command, { ...io, databaseUrl, migrations, splitSql });
  } catch (error) {
    io.tell(wordsOf(error));
    return 1;
  }
};

type Wanted =
  { type: "run"; command: PlainCommand; folder: string } | { type: "wrong"; why: string } | { type: "help" };

const parse = (args: string[]): Wanted => {
  try {
    const { positionals, values } = parseArgs({
      args,
      allowPositionals: true,
      options: {
        to: { type: "string" },
        folder: { type: "string", default: "migrations" },
        help: { type: "boolean", short: "h" },
      },
    });
    if (values.help === true) return { type: "help" };
    const [name, ...rest] = positionals;
    const wrong = (why: string): Wanted => ({ type: "wrong", why });
    const run = (command: PlainCommand): Wanted => ({ type: "run", command, folder: values.folder });
    if (rest.length > 0) return wrong(`Unexpected: ${rest.join(" ")}.`);
    switch (name) {
      case "up":
        return run({ type: "up", to: values.to ?? null });
      case "down":
        return values.to === undefined
          ? wrong("`down` needs --to: the last migration to keep.")
          : run({ type: "down", to: values.to });
      case "status":
        return values.to === undefined
          ? run({ type: "status" })
          : wrong("--to is not an option of `status`.");
      case undefined:
        return wrong("A command is missing.");
      default:
        return wrong(`Unknown command: ${name}.`);
    }
  } catch (error) {
    return { type: "wrong", why: wordsOf(error) };
  }
};

const readFolder = async (folder: string): Promise<PlainMigration[]> => {
  const paths = await glob(["*.sql", "*/*.sql"], { cwd: folder });
  return readPlainMigrations(
    await Promise.all(
      paths.map(async (path) => ({ path, text: await readFile(join(folder, path), "utf8") })),
    ),
  );
};

/** A refused connection to a name with several addresses comes as an AggregateError without a message. */
const wordsOf = (error: unknown): string =>
  error instanceof AggregateError
    ? error.errors.map(wordsOf).join("; ")
    : error instanceof Error
      ? error.message
      : String(error);
