import { realpathSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import type { AppDefinition } from "../../domain/app-definition.ts";
import { AppError } from "../../domain/errors.ts";
import type { Release, ReleaseService, ReleaseSite } from "../../domain/release.ts";
import type { Artefacts } from "../../ports/artefacts.ts";
import type { Builder } from "../../ports/builder.ts";
import { buildEnvironment } from "./build-environment.ts";
import { databaseOf, releasePartOf } from "./definition-inputs.ts";
import { makeFileDigests } from "./file-digests.ts";
import { findGit, type Env } from "./git.ts";
import { makeSourceLister } from "./list-sources.ts";
import { migrationNames } from "./migration-names.ts";
import { makePartCache, type Output, type PartCache } from "./part-cache.ts";
import { partsOf, type Part } from "./parts.ts";
import { changedFiles, releaseInputs, type ReleaseInputs } from "./release-inputs.ts";
import { runBuilds } from "./run-builds.ts";
import { sourceOf } from "./source-of.ts";
import { takeOutput } from "./take-output.ts";

export interface BuilderOptions {
  projectDir: string;
  artefacts: Artefacts;
  /** The environment that git and build commands inherit their part of. */
  env: Env;
  /** For caches and build logs; default `<projectDir>/.switchback`. */
  stateDir?: string;
  nowMs?: () => number;
  /** Build commands at a time; default: as many as the machine has cores. */
  concurrency?: number;
}

/** Builds releases in the project's own folder, by its own commands. */
export const makeBuilder = (options: BuilderOptions): Builder => {
  const { artefacts, env, nowMs = Date.now, concurrency = availableParallelism() } = options;
  const projectDir = realpathSync(options.projectDir);
  const stateDir = options.stateDir ?? join(projectDir, ".switchback");

  const read = async (app: AppDefinition) => {
    const parts = partsOf(app, projectDir);
    const git = findGit(projectDir, env);
    const wide = parts.some(({ inputs }) => inputs.length > 0);
    const lister = makeSourceLister(
      git,
      wide ? [projectDir] : [...new Set(parts.map(({ folder }) => folder))],
    );
    const digests = makeFileDigests({ projectDir, cacheFile: join(stateDir, "cache/file-digests"), nowMs });
    const top = git?.root ?? projectDir;
    const found = await releaseInputs({ app, parts, projectDir, top, lister, digests });
    return { parts, git, found };
  };

  return {
    async inputs(app) {
      const { found } = await read(app);
      return { id: found.id, inputs: found.inputs };
    },

    async build(app, { signal, onProgress, rebuild = false }) {
      const { parts, git, found } = await read(app);
      const source = await sourceOf(git, projectDir, signal);
      const file = join(stateDir, "cache/parts");
      const cache = makePartCache({ file, artefacts, inputs: found.inputs });
      const outputs = rebuild ? new Map<string, Output>() : await unchangedOutputs(parts, cache);
      const changed = parts.filter(({ key }) => !outputs.has(key));
      const logFolder = join(stateDir, "logs/build");
      await runBuilds({
        parts: changed,
        env: buildEnvironment(env),
        logFolder,
        concurrency,
        signal,
        onProgress,
      });
      for (const [key, output] of await takeOutputs(changed, artefacts, signal)) outputs.set(key, output);
      checkUnchanged(found, (await read(app)).found);
      for (const part of changed) cache.keep(part, outputs.get(part.key)!);
      cache.save();
      return releaseOf(app, { found, outputs, source, createdAt: new Date(nowMs()).toISOString() });
    },
  };
};

/** A part whose inputs are as they were is not built again. What has no build command is taken as it lies there. */
const unchangedOutputs = async (parts: Part[], cache: PartCache): Promise<Map<string, Output>> => {
  const outputs = new Map<string, Output>();
  for (const part of parts) {
    const output = part.build === null ? null : await cache.find(part);
    if (output !== null) outputs.set(part.key, output);
  }
  return outputs;
};

const takeOutputs = async (parts: Part[], artefacts: Artefacts, signal: AbortSignal) => {
  const outputs = new Map<string, Output>();
  for (const part of parts) {
    if (signal.aborted)
      throw new AppError("INTERRUPTED", "The build was told to stop", { cause: signal.reason });
    outputs.set(part.key, await takeOutput(part, artefacts));
  }
  return outputs;
};

/** The id names the sources as they were before; what was built from others must not get it. */
const checkUnchanged = (before: ReleaseInputs, after: ReleaseInputs): void => {
  if (before.id === after.id) return;
  const files = changedFiles(before, after);
  const shown = files.slice(0, 5).join("; ");
  throw new AppError("BUILD_FAILED", `Sources changed during the build: ${shown || "the configuration"}`, {
    hint: "build again; if the build itself writes there, let git ignore what it writes",
    context: { lines: files.slice(0, 40) },
  });
};

interface Built {
  found: ReleaseInputs;
  outputs: Map<string, Output>;
  source: Release["source"];
  createdAt: string;
}

const releaseOf = (app: AppDefinition, { found, outputs, source, createdAt }: Built): Release => {
  const services: Record<string, ReleaseService> = {};
  for (const [name, service] of Object.entries(app.services)) {
    services[name] = { ...releasePartOf(service), tree: outputs.get(`service:${name}`)!.digest };
  }
  const sites: Record<string, ReleaseSite> = {};
  for (const [name, { route, fallback }] of Object.entries(app.sites)) {
    sites[name] = { tree: outputs.get(`site:${name}`)!.digest, route, fallback };
  }
  const migrations = app.database?.migrations ?? null;
  const artefact = migrations === null ? undefined : outputs.get(`service:${migrations.service}`);
  return {
    format: 1,
    id: found.id,
    app: app.name,
    inputs: found.inputs,
    services,
    sites,
    database: databaseOf(app),
    migrations:
      migrations === null || artefact === undefined
        ? null
        : { ...migrations, names: migrationNames(migrations, artefact.tree) },
    cache: app.cache !== null,
    buckets: Object.keys(app.buckets).sort(),
    source,
    createdAt,
  };
};
