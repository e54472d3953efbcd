import { execFile } from "node:child_process";
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { basename, join, resolve } from "node:path";
import type { AppErrorJson } from "../../../src/domain/errors.ts";
import type { Ran } from "../common/project.ts";

const MAIN = resolve("dist/main.js");
const EXAMPLE = resolve("examples/rideshare");
const LEFT_OUT = [".switchback", "node_modules", "dist"];

/** A copy of the rideshare example with folders of its own, deployed and seeded. */
export interface Rideshare {
  run(...args: string[]): Promise<Ran>;
  /** Writes one more migration of the API; the result removes it. */
  migration(name: string, text: string): () => void;
  /** Replaces text in a file of the copy; the result puts it back. */
  edit(path: string, from: string, to: string): () => void;
  /** SQL in the environment's database, as its services log in. */
  sql(text: string): Promise<void>;
  close(): Promise<void>;
}

export const makeRideshare = (): Rideshare => {
  if (!existsSync(MAIN)) throw new Error("dist/main.js is missing: node scripts/build.mjs");
  const root = mkdtempSync(join(tmpdir(), "sb-"));
  // PostgreSQL runs as a user of its own when root runs this, and has to get in.
  chmodSync(root, 0o755);
  const folder = join(root, "examples/rideshare");
  for (const part of ["c", "r"]) mkdirSync(join(root, part), { mode: 0o700 });
  cpSync(EXAMPLE, folder, { recursive: true, filter: (path) => !LEFT_OUT.includes(basename(path)) });
  cpSync(resolve("tsconfig.json"), join(root, "tsconfig.json"));
  symlinkSync(resolve("node_modules"), join(root, "node_modules"), "dir");
  const env = {
    ...process.env,
    XDG_CONFIG_HOME: join(root, "c"),
    XDG_RUNTIME_DIR: join(root, "r"),
    NO_COLOR: "1",
  };
  const run = (...args: string[]): Promise<Ran> =>
    new Promise((settle) => {
      const options = { cwd: folder, env, maxBuffer: 64 * 1024 * 1024 };
      execFile(process.execPath, [MAIN, ...args], options, (error, stdout, stderr) =>
        settle({
          code: error === null ? 0 : typeof error.code === "number" ? error.code : -1,
          stdout,
          stderr,
        }),
      );
    });
  const file = (name: string) => join(folder, "api/migrations", `${name}.sql`);
  return {
    run,
    migration: (name, text) => {
      writeFileSync(file(name), text);
      return () => rmSync(file(name));
    },
    edit: (path, from, to) => {
      const target = join(folder, path);
      const text = readFileSync(target, "utf8");
      if (!text.includes(from)) throw new Error(`${path} has no ${from}`);
      writeFileSync(target, text.replace(from, to));
      return () => writeFileSync(target, text);
    },
    sql: async (text) => {
      const program = `const pg = require("pg"); (async () => { const c = new pg.Client(process.env.DATABASE_URL); await c.connect(); await c.query(${JSON.stringify(text)}); await c.end(); })()`;
      const encoded = Buffer.from(program).toString("base64");
      const modules = resolve("node_modules");
      const command = `echo ${encoded} | base64 -d | NODE_PATH=${modules} node -`;
      const { code, stdout, stderr } = await run("run", "development", "--", command);
      if (code !== 0) throw new Error(`the SQL was not run: ${stdout}${stderr}`);
    },
    close: async () => {
      await run("down");
      rmSync(root, { recursive: true, force: true });
    },
  };
};

/** The error that a command with `--json` ended with. */
export const errorIn = ({ stdout }: Ran): AppErrorJson | null => {
  try {
    const last = JSON.parse(stdout.trim().split("\n").at(-1) ?? "") as {
      error?: AppErrorJson;
      failure?: { error: AppErrorJson } | null;
    };
    return last.error ?? last.failure?.error ?? null;
  } catch {
    return null;
  }
};
