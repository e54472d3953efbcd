/** A project to build, with or without git, and an artefact store that keeps what it is given in memory. */
import { execFileSync } from "node:child_process";
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach } from "vitest";
import type {
  AppDefinition,
  DatabaseDefinition,
  MigrationsDefinition,
  ServiceDefinition,
  SiteDefinition,
} from "../../domain/app-definition.ts";
import { digestOf, sha256 } from "../../domain/digest.ts";
import type { AppError } from "../../domain/errors.ts";
import type { FileTree } from "../../domain/file-tree.ts";
import type { Artefacts } from "../../ports/artefacts.ts";
import type { BuildOptions } from "../../ports/builder.ts";
import { makeBuilder, type BuilderOptions } from "./make-builder.ts";

export let home: string;
export let project: string;

export const useTestbed = (): void => {
  beforeEach(() => {
    home = realpathSync(mkdtempSync(join(tmpdir(), "builder-")));
    project = join(home, "project");
    mkdirSync(project);
  });
  afterEach(() => rmSync(home, { recursive: true, force: true }));
};

export const write = (path: string, content: string = path, mode = 0o644): void => {
  const file = join(project, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, content);
  chmodSync(file, mode);
};

export const git = (cwd: string, ...args: string[]): string =>
  execFileSync(
    "git",
    ["-c", "user.name=Ada", "-c", "user.email=ada@example.org", "-c", "init.defaultBranch=main", ...args],
    {
      cwd,
      encoding: "utf8",
      env: { PATH: process.env["PATH"], HOME: home, GIT_CONFIG_NOSYSTEM: "1" },
      stdio: ["ignore", "pipe", "pipe"],
    },
  );

export const database = (migrations: MigrationsDefinition): DatabaseDefinition => ({
  engine: "postgresql",
  version: 18,
  migrations,
  limits: { lockTimeoutMs: 2000, statementTimeoutMs: 0, retries: 0 },
  rehearse: { enabled: true, warnMs: 200, blockMs: 2000 },
});

export const commitAll = (subject = "First"): void => {
  git(project, "init", "-q");
  git(project, "add", "-A");
  git(project, "commit", "-q", "-m", subject);
};

export const trees = new Map<string, FileTree>();

/** Keeps manifests, with the digests of what lies on the disk; blobs are not needed here. */
export const memoryArtefacts: Artefacts = {
  storeTree(root, select) {
    const tree: FileTree = { format: 1, entries: {} };
    for (const path of select) {
      const bytes = readFileSync(join(root, path));
      tree.entries[path] = { type: "file", sha256: sha256(bytes), bytes: bytes.length, executable: false };
    }
    trees.set(digestOf(tree), tree);
    return Promise.resolve({ digest: digestOf(tree), tree });
  },
  readTree: (digest) => Promise.resolve(trees.get(digest)!),
  readBlob: () => Promise.reject(new Error("not kept")),
  streamBlob: () => {
    throw new Error("not kept");
  },
  materialise: () => Promise.reject(new Error("not kept")),
};

export const builder = (options: Partial<BuilderOptions> = {}) =>
  makeBuilder({
    projectDir: project,
    artefacts: memoryArtefacts,
    env: { PATH: process.env["PATH"], HOME: home },
    ...options,
  });

export const options = (signal = new AbortController().signal): BuildOptions => ({
  signal,
  onProgress: () => undefined,
});

export const service = (changes: Partial<ServiceDefinition> = {}): ServiceDefinition => ({
  kind: "web",
  path: "api",
  build: null,
  files: ["**"],
  inputs: [],
  command: "node main.js",
  route: "/api/*",
  port: 8080,
  health: {
    path: "/health",
    intervalMs: 1_000,
    timeoutMs: 1_000,
    healthyAfter: 1,
    unhealthyAfter: 3,
    startMs: 10_000,
  },
  cpu: 256,
  memoryMb: 256,
  instances: 1,
  maxInstances: null,
  scaleAtCpu: 0.6,
  env: {},
  secrets: {},
  stopMs: 5_000,
  ...changes,
});

export const site = (changes: Partial<SiteDefinition> = {}): SiteDefinition => ({
  path: "web",
  build: null,
  dist: "dist",
  inputs: [],
  route: "/*",
  fallback: "index.html",
  settings: {},
  ...changes,
});

export const app = (changes: Partial<AppDefinition> = {}): AppDefinition => ({
  name: "shop",
  services: { api: service() },
  sites: {},
  database: null,
  cache: null,
  buckets: {},
  environments: {},
  aws: {
    ...{ repository: null, oidcProviders: [], trustedPrincipals: [], stateBucket: null },
    ...{ tags: {}, terraform: null },
    repository: null,
    registry: { account: null, region: null, key: null },
    stateBucket: null,
    tags: {},
  },
  store: { type: "files" },
  ...changes,
});

export const failure = async (promise: Promise<unknown>): Promise<AppError> => {
  try {
    await promise;
  } catch (error) {
    return error as AppError;
  }
  throw new Error("it did not fail");
};
