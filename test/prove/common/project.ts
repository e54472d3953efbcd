import { execFile, type ChildProcess } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { build } from "esbuild";
import { socketPathOf } from "../../../src/adapters/local/supervisor/socket-path.ts";
import type { EnvironmentStatus } from "../../../src/domain/environment-status.ts";

const MAIN = resolve("dist/main.js");

export interface Ran {
  code: number;
  stdout: string;
  stderr: string;
}

/** How a release of the proof's app differs from another: its name, and what is wrong with it. */
export interface ReleaseSources {
  name: string;
  fault?: string;
  bootMs?: number;
  takenPort?: number;
  /** SQL by name, beside the one that every release has. */
  migrations?: Record<string, string>;
  withoutIndex?: boolean;
}

export interface Dump {
  applied: string[];
  columns: { table_name: string }[];
  /** Per table: how many rows, and one number for all of them, whatever their order. */
  rows: Record<string, { count: string; hash: string }>;
}

export interface ProofProject {
  folder: string;
  /** The real command line; `preload` is a module that its process loads first. */
  run(args: string[], preload?: { module: string; env: Record<string, string> }): Promise<Ran>;
  /** As `run`, with its process at hand while it runs. */
  begin(args: string[]): { child: ChildProcess; ended: Promise<Ran> };
  writeSources(sources: ReleaseSources): void;
  /** Changes settings of the API in the configuration; the result puts it back. */
  configure(api: Record<string, unknown>): () => void;
  /** Writes the sources, builds a release of them, and returns its full id. */
  release(sources: ReleaseSources): Promise<string>;
  /** Takes the environment to a release; throws when the command says that it does not serve. */
  serve(environment: string, release: string): Promise<void>;
  status(environment: string): Promise<EnvironmentStatus>;
  /** Schema and rows of the environment's database, read by a command of the app. */
  dump(environment: string): Promise<Dump>;
  supervisorSocket(): string;
  /** Everything stopped; the folder is gone unless it is to be looked at. */
  close(options?: { keep: boolean }): Promise<void>;
}

/** Fails in the environment's own database and nowhere else: what no rehearsal can know. */
export const FAILS_FOR_REAL =
  "create table more (id text); do $$ begin if current_database() like 'proof%' then insert into nowhere values (1); end if; end $$";

const FIRST_MIGRATION = "create table notes (id text primary key, sha256 text not null)";

/** An app of an API, a site, PostgreSQL and migrations in a folder of its own, driven by the real command line. */
export const makeProofProject = async (environments: Record<string, unknown>): Promise<ProofProject> => {
  if (!existsSync(MAIN)) throw new Error("dist/main.js is missing: node scripts/build.mjs");
  const root = mkdtempSync(join(tmpdir(), "sb-"));
  // PostgreSQL runs as a user of its own when root runs this, and has to get in.
  chmodSync(root, 0o755);
  const folder = join(root, "app");
  for (const part of ["app/api/migrations", "app/web/dist/assets"])
    mkdirSync(join(root, part), { recursive: true });
  for (const part of ["c", "r"]) mkdirSync(join(root, part), { mode: 0o700 });
  await build({
    entryPoints: ["server", "migrate"].map((name) => resolve(`test/prove/common/app/${name}.mjs`)),
    outdir: join(folder, "api"),
    outExtension: { ".js": ".mjs" },
    bundle: true,
    platform: "node",
    format: "esm",
    external: ["pg-native"],
    banner: {
      js: 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);',
    },
    logLevel: "error",
  });
  const configure = (api: Record<string, unknown>) =>
    writeFileSync(join(folder, "switchback.config.mjs"), configText(environments, api));
  configure({});
  const env = {
    ...process.env,
    XDG_CONFIG_HOME: join(root, "c"),
    XDG_RUNTIME_DIR: join(root, "r"),
    NO_COLOR: "1",
  };

  const begin = (args: string[], preload?: { module: string; env: Record<string, string> }) => {
    const node = preload === undefined ? [] : ["--import", preload.module];
    const options = { cwd: folder, env: { ...env, ...preload?.env }, maxBuffer: 64 * 1024 * 1024 };
    let child!: ChildProcess;
    const ended = new Promise<Ran>((settle) => {
      child = execFile(process.execPath, [...node, MAIN, ...args], options, (error, stdout, stderr) => {
        const code = error === null ? 0 : typeof error.code === "number" ? error.code : -1;
        settle({ code, stdout, stderr });
      });
    });
    return { child, ended };
  };
  const run: ProofProject["run"] = (args, preload) => begin(args, preload).ended;
  const writeSources = (sources: ReleaseSources) => writeRelease(folder, sources);
  return {
    folder,
    run,
    begin: (args) => begin(args),
    writeSources,
    configure: (api) => {
      configure(api);
      return () => configure({});
    },
    release: async (sources) => {
      writeSources(sources);
      const { code, stdout, stderr } = await run(["release", "--json"]);
      if (code !== 0) throw new Error(`switchback release: ${stdout}${stderr}`);
      return (JSON.parse(stdout) as { release: { id: string } }).release.id;
    },
    serve: async (environment, release) => {
      const { code, stderr } = await run(["deploy", environment, "--release", release]);
      if (code !== 0) throw new Error(`switchback deploy ${environment} exited with ${code}: ${stderr}`);
    },
    status: async (environment) => {
      const { stdout, stderr } = await run(["status", environment, "--json"]);
      const [status] = JSON.parse(stdout || "[]") as EnvironmentStatus[];
      if (status === undefined) throw new Error(`switchback status: ${stderr}`);
      return status;
    },
    dump: async (environment) => {
      const ran = await run(["run", environment, "--json", "--", "node migrate.mjs dump"]);
      if (ran.code !== 0)
        throw new Error(`switchback run exited with ${ran.code}: ${ran.stdout}${ran.stderr}`);
      return JSON.parse((JSON.parse(ran.stdout) as { stdout: string }).stdout) as Dump;
    },
    supervisorSocket: () =>
      socketPathOf({ projectDir: folder, runtimeDir: join(root, "r"), tmpdir: tmpdir() }),
    close: async ({ keep } = { keep: false }) => {
      await run(["down"]);
      if (!keep) rmSync(root, { recursive: true, force: true });
    },
  };
};

const configText = (environments: Record<string, unknown>, api: Record<string, unknown>): string => {
  const config = {
    name: "proof",
    services: {
      api: {
        path: "api",
        command: "node server.mjs",
        route: "/api/*",
        instances: 2,
        memory: "192MB",
        health: { path: "/api/health", start: "5s", interval: "50ms" },
        stop: "10s",
        ...api,
      },
    },
    sites: { web: { path: "web", dist: "dist", route: "/*" } },
    database: {
      engine: "postgresql",
      version: 18,
      migrations: {
        service: "api",
        folder: "migrations",
        up: "node migrate.mjs up",
        down: "node migrate.mjs down {to}",
        status: "node migrate.mjs status",
      },
    },
    environments,
  };
  return `export default ${JSON.stringify(config, null, 2)};\n`;
};

const writeRelease = (folder: string, sources: ReleaseSources): void => {
  const { migrations = {}, withoutIndex = false, ...release } = sources;
  const fill = (part: string, files: Record<string, string>) => {
    rmSync(join(folder, part), { recursive: true, force: true });
    mkdirSync(join(folder, part), { recursive: true });
    for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, part, name), text);
  };
  writeFileSync(join(folder, "api/release.json"), JSON.stringify(release));
  const all = Object.entries({ "0001_notes": FIRST_MIGRATION, ...migrations });
  fill("api/migrations", Object.fromEntries(all.map(([name, sql]) => [`${name}.sql`, sql])));
  const asset = `app-${sources.name}.js`;
  fill("web/dist", withoutIndex ? { "about.html": "about" } : { "index.html": pageOf(sources.name) });
  fill("web/dist/assets", { [asset]: assetOf(sources.name) });
};

export const pageOf = (name: string): string =>
  `<!doctype html><script src="/assets/app-${name}.js"></script>\n`;
export const assetOf = (name: string): string => `console.log(${JSON.stringify(name)});\n`;
