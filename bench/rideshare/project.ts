import { spawnSync } from "node:child_process";
import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join, resolve } from "node:path";

export const MAIN = resolve("dist/main.js");
const EXAMPLE = resolve("examples/rideshare");
const LEFT_OUT = [".switchback", "node_modules", "dist"];

export interface Ran {
  stdout: string;
  /** Of the whole process, as somebody at a terminal waits for it. */
  ms: number;
}

/** A copy of the example with a git repository, a store and a supervisor of its own. */
export interface Project {
  folder: string;
  env: NodeJS.ProcessEnv;
  /** Throws, with all that it said, when it does not exit with 0. */
  run(...args: string[]): Ran;
  json<T>(...args: string[]): T;
  write(file: string, edit: (text: string) => string): void;
  /** Another project with these sources and this store, as `git clone` on a second machine with the same builds. */
  copy(): Project;
  close(): void;
}

const open = (root: string): Project => {
  const folder = join(root, "examples/rideshare");
  const env: NodeJS.ProcessEnv = { ...process.env, NO_COLOR: "1" };
  env["XDG_CONFIG_HOME"] = join(root, "c");
  env["XDG_RUNTIME_DIR"] = join(root, "r");
  delete env["NODE_ENV"];
  const run = (...args: string[]): Ran => {
    const startedMs = performance.now();
    const ran = spawnSync(process.execPath, [MAIN, ...args], { cwd: folder, env, encoding: "utf8" });
    const ms = performance.now() - startedMs;
    if (ran.status === 0) return { stdout: ran.stdout, ms };
    throw new Error(`switchback ${args.join(" ")} exited with ${ran.status}\n${ran.stdout}${ran.stderr}`);
  };
  return {
    folder,
    env,
    run,
    json: <T>(...args: string[]) => JSON.parse(run(...args, "--json").stdout) as T,
    write: (file, edit) => {
      const path = join(folder, file);
      writeFileSync(path, edit(readFileSync(path, "utf8")));
    },
    copy: () => {
      const other = newRoot();
      cpSync(join(root, "examples"), join(other, "examples"), { recursive: true, verbatimSymlinks: true });
      return open(other);
    },
    close: () => {
      run("down");
      rmSync(root, { recursive: true, force: true });
    },
  };
};

const newRoot = (): string => {
  const root = mkdtempSync(join(tmpdir(), "sb-"));
  // PostgreSQL runs as a user of its own when this is root, and has to get in.
  chmodSync(root, 0o755);
  for (const part of ["c", "r"]) mkdirSync(join(root, part), { mode: 0o700 });
  cpSync(resolve("tsconfig.json"), join(root, "tsconfig.json"));
  symlinkSync(resolve("node_modules"), join(root, "node_modules"), "dir");
  return root;
};

/** Sources only: nothing is built, no supervisor runs. */
export const makeProject = (): Project => {
  if (!existsSync(MAIN)) throw new Error("dist/main.js is missing: run node scripts/build.mjs");
  const root = newRoot();
  const project = open(root);
  cpSync(EXAMPLE, project.folder, {
    recursive: true,
    filter: (path) => !LEFT_OUT.includes(basename(path)),
  });
  writeFileSync(join(project.folder, ".gitignore"), `${LEFT_OUT.join("\n")}\n`);
  const who = ["-c", "user.name=bench", "-c", "user.email=bench@localhost"];
  for (const args of [
    ["init", "-q"],
    ["add", "-A"],
    [...who, "commit", "-qm", "the example"],
  ])
    spawnSync("git", args, { cwd: project.folder, env: project.env });
  return project;
};
