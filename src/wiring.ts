import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { makeFileArtefacts } from "./adapters/artefacts/file-artefacts.ts";
import { loadConfig } from "./adapters/config/load-config.ts";
import { ensureSupervisor, stopSupervisor, supervisorOn } from "./adapters/local/connect.ts";
import { makeLocalPlatform } from "./adapters/local/platform.ts";
import { makeSecrets, secretsFileOf } from "./adapters/local/secrets.ts";
import { socketPathOf } from "./adapters/local/supervisor/socket-path.ts";
import { makeFileStore } from "./adapters/store/file/file-store.ts";
import { systemClock as clock } from "./adapters/system/clock.ts";
import { makeLiveness } from "./adapters/system/liveness.ts";
import type { AppContext } from "./app/context.ts";
import type { InfraContext } from "./app/infra/context.ts";
import type { ContextOptions } from "./cli/command-context.ts";
import { AppError } from "./domain/errors.ts";
import type { Inspector } from "./ports/inspector.ts";
import type { Builder } from "./ports/builder.ts";
import type { LocalHost } from "./ports/local-host.ts";
import type { Platform } from "./ports/platform.ts";
import type { Store } from "./ports/store.ts";
import { withQuietSdk } from "./quiet-sdk.ts";
import { VERSION } from "./version.ts";

const LEASE_MS = 15_000;

/** Everything that follows from the configuration file. */
const projectFrom = async ({ config }: ContextOptions) => {
  const { app, projectDir } = await loadConfig(
    { cwd: process.cwd(), ...(config === undefined ? {} : { file: config }) },
    {
      clock,
      version: VERSION,
      nodeEnv: process.env["NODE_ENV"],
      parse: async (input, options) => (await import("./config/parse-app.ts")).parseApp(input, options),
      onOutput: (text) => void process.stderr.write(text),
    },
  );
  const stateDir = join(projectDir, ".switchback/local");
  const socketPath = () =>
    socketPathOf({ projectDir, runtimeDir: process.env["XDG_RUNTIME_DIR"], tmpdir: tmpdir() });
  const xdgConfigHome = process.env["XDG_CONFIG_HOME"];
  const file = secretsFileOf(app.name, {
    home: homedir(),
    ...(xdgConfigHome === undefined ? {} : { xdgConfigHome }),
  });
  return {
    app,
    projectDir,
    stateDir,
    socketPath,
    storeDir: join(projectDir, ".switchback/store"),
    secrets: makeSecrets({ file, clock }),
    secretsFile: file,
  };
};

type Project = Awaited<ReturnType<typeof projectFrom>>;

/** Loads the builder, with git and globs behind it, when a build is wanted. */
const lazyBuilder = ({ projectDir, storeDir }: Project): Builder => {
  const load = async (): Promise<Builder> => {
    const { makeBuilder } = await import("./adapters/builder/make-builder.ts");
    return makeBuilder({ projectDir, artefacts: makeFileArtefacts({ folder: storeDir }), env: process.env });
  };
  return {
    inputs: async (app) => (await load()).inputs(app),
    build: async (app, options) => (await load()).build(app, options),
  };
};

/** The AWS SDK is loaded when the store is a bucket, and never else. */
const storeOf = async ({ app, storeDir }: Project): Promise<Store> => {
  if (app.store.type === "files") return makeFileStore({ folder: storeDir });
  const { makeS3Store } = await import("./adapters/store/s3/s3-store.ts");
  const { store } = app;
  return withQuietSdk(() => makeS3Store(store, { clock }));
};

export const makeAppContext = async (options: ContextOptions): Promise<AppContext> => {
  const project = await projectFrom(options);
  const { app, projectDir, storeDir } = project;
  const platform = async (environment: string, { start }: { start: boolean }): Promise<Platform | null> => {
    if (app.environments[environment]?.platform === "aws" && !options.local)
      throw new AppError(
        "PLATFORM_UNAVAILABLE",
        `${environment} runs on AWS, which this version cannot deploy to yet.`,
        {
          hint: `try it on this machine: add --local`,
        },
      );
    return localPlatform(project, options, { environment, start });
  };
  return {
    app,
    projectDir,
    store: await storeOf(project),
    artefacts: makeFileArtefacts({ folder: storeDir }),
    builder: lazyBuilder(project),
    clock,
    liveness: makeLiveness(),
    leaseMs: LEASE_MS,
    platform: platform as AppContext["platform"],
    rehearser: async () => {
      const { makeRehearser } = await import("./rehearsal-wiring.ts");
      const artefacts = makeFileArtefacts({ folder: storeDir });
      return makeRehearser({ artefacts, clock, env: process.env });
    },
  };
};

const localPlatform = async (
  { stateDir, projectDir, socketPath, secrets }: Project,
  { config }: ContextOptions,
  { environment, start }: { environment: string; start: boolean },
): Promise<Platform | null> => {
  const path = socketPath();
  if (start) {
    const main = fileURLToPath(new URL("./main.js", import.meta.url).href.replace("/chunks/", "/"));
    const command: [string, ...string[]] = [
      process.execPath,
      main,
      "up",
      ...(config === undefined ? [] : ["--config", config]),
    ];
    await ensureSupervisor({ socketPath: path, stateDir, projectDir, command, env: process.env, clock });
  } else if ((await supervisorOn(path)) === null) return null;
  return makeLocalPlatform({ environment, socketPath: path, secrets });
};

export const makeLocalHost = async (options: ContextOptions): Promise<LocalHost> => {
  const project = await projectFrom(options);
  const { secrets, socketPath, stateDir } = project;
  return {
    up: async (request) => (await import("./supervise.ts")).supervise(project, request),
    down: ({ onProgress }) => stopSupervisor(socketPath(), { clock, onProgress }),
    logs: async (request) => (await import("./adapters/local/logs.ts")).showLogs(stateDir, request, clock),
    secrets,
  };
};

export const makeInspector = async (options: ContextOptions): Promise<Inspector> =>
  (await import("./inspect.ts")).inspect(await projectFrom(options));

export const makeInfra = async (options: ContextOptions): Promise<InfraContext> =>
  (await import("./infra-wiring.ts")).makeInfraContext(await projectFrom(options));
