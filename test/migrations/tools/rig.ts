import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { glob } from "tinyglobby";
import { makeFileArtefacts } from "../../../src/adapters/artefacts/file-artefacts.ts";
import { migrationNames } from "../../../src/adapters/builder/migration-names.ts";
import { makeRehearsalHost } from "../../../src/adapters/local/rehearsal-host/rehearsal-host.ts";
import type { MigrationsDefinition } from "../../../src/domain/app-definition.ts";
import { sha256 } from "../../../src/domain/digest.ts";
import type { Release, ReleaseService } from "../../../src/domain/release.ts";
import type { RehearsalDeps, RehearsalRequest } from "../../../src/migrations/rehearse/types.ts";
import { startThrowaway } from "../../../src/migrations/throwaway/start-throwaway.ts";
import { systemClock } from "../../helpers/system-clock.ts";

const ROOT = resolve(".");
const TOOLS = join(ROOT, "test/migrations/tools");
/** Below node_modules, so that what a project requires is found as in its own. */
const SCRATCH = join(ROOT, "node_modules/.cache/rehearsals");

export type MigrationCommands = Omit<MigrationsDefinition, "service">;

const EARLIER_PARTS = ["common", "earlier"];

/** The two releases of a tool's project, and a machine on which they run. */
export const makeToolProject = async (tool: string, commands: MigrationCommands) => {
  mkdirSync(SCRATCH, { recursive: true });
  const folder = mkdtempSync(join(SCRATCH, `${tool}-`));
  const artefacts = makeFileArtefacts({ folder: join(folder, "store") });
  const bin = join(folder, "bin");
  mkdirSync(bin);
  writeFileSync(
    join(bin, "switchback-migrate"),
    `#!/bin/sh\nexec "${process.execPath}" "${join(ROOT, "dist/migrate.js")}" "$@"\n`,
  );
  chmodSync(join(bin, "switchback-migrate"), 0o755);

  const host = makeRehearsalHost({
    artefacts,
    clock: systemClock,
    folder: join(folder, "host"),
    inherited: { PATH: [bin, join(ROOT, "node_modules/.bin"), process.env["PATH"]].join(":") },
  });
  /** Files of the project as of the release, with whatever a test changes in them. */
  const release = async (
    name: "earlier" | "new",
    change: (project: string) => void = () => {},
  ): Promise<Release> => {
    const project = mkdtempSync(join(folder, `${name}-`));
    const parts = name === "earlier" ? EARLIER_PARTS : [...EARLIER_PARTS, "new"];
    for (const from of [...parts.map((part) => join(TOOLS, tool, part))])
      if (existsSync(from)) cpSync(from, project, { recursive: true });
    for (const file of ["package.json", "serve.mjs", "status.mjs"])
      if (!existsSync(join(project, file))) cpSync(join(TOOLS, "service", file), join(project, file));
    cpSync(join(TOOLS, "service", `${name}.mjs`), join(project, "server.mjs"));
    change(project);
    const { digest, tree } = await artefacts.storeTree(
      project,
      await glob("**", { cwd: project, dot: true }),
    );
    const migrations = { ...commands, service: "api" };
    return {
      format: 1,
      id: sha256(`${tool} ${name} ${digest}`),
      app: tool,
      inputs: {},
      services: { api: service(digest) },
      sites: {},
      database: { engine: "postgresql", version: 18 },
      migrations: { ...migrations, names: migrationNames(migrations, tree) },
      cache: false,
      buckets: [],
      source: { commit: null, branch: null, subject: null, dirty: false },
      createdAt: "",
    };
  };
  return {
    release,
    host,
    close: async () => {
      await host.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
};

const service = (tree: string): ReleaseService => ({
  kind: "web",
  tree,
  command: "node server.mjs",
  route: "/*",
  port: 3000,
  health: {
    path: "/health",
    intervalMs: 100,
    timeoutMs: 2000,
    healthyAfter: 1,
    unhealthyAfter: 3,
    startMs: 10_000,
  },
  stopMs: 2000,
  env: [],
  secrets: {},
});

const smoke = (path: string) => ({ path, status: 200, contains: null });

/** A rehearsal of the pair, with the earlier release's own migrations to begin with. */
export const requestFor = (from: Release | null, to: Release): RehearsalRequest => ({
  ...{
    from,
    to,
    major: 18,
    statistics: null,
    statements: [],
    upTo: null,
    style: false,
    folder: "migrations",
  },
  start: { type: from === null ? "empty" : "replayed" },
  environment: {
    name: "testing",
    smoke: [smoke("/book"), smoke("/rides")],
    env: { from: {}, to: {} },
  },
  limits: { lockTimeoutMs: 2000, statementTimeoutMs: 900_000 },
  thresholds: { warnMs: 200, blockMs: 2000 },
});

export const depsFor = (host: RehearsalDeps["host"]): RehearsalDeps => ({
  host,
  clock: systemClock,
  signal: new AbortController().signal,
  startServer: startThrowaway,
  recordSchema: (script) => Promise.resolve(sha256(JSON.stringify(script))),
  onProgress: () => {},
});
