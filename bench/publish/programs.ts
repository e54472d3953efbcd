import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";

export interface Run {
  wallMs: number;
  cpuMs: number;
  memoryMb: number;
  requests: number;
}

const OUT = join("node_modules", ".cache", "bench", "publish");

/** As the published command line is bundled: what a process loads is part of what it costs. */
export const bundleProcess = async (name: string): Promise<string> => {
  const outfile = join(OUT, `${name}.mjs`);
  await build({
    entryPoints: [join("bench", "publish", `${name}.ts`)],
    outfile,
    bundle: true,
    minifySyntax: true,
    minifyWhitespace: true,
    platform: "node",
    target: "node20.19",
    format: "esm",
    legalComments: "none",
    logLevel: "error",
    banner: {
      js: 'import { createRequire as __createRequire } from "node:module"; const require = __createRequire(import.meta.url);',
    },
  });
  return outfile;
};

const has = (program: string): boolean => spawnSync("which", [program]).status === 0;

/** Installs what apt has when it may; names what is missing afterwards. */
export const ensurePrograms = (): string[] => {
  const wanted = ["time", "rclone"].filter((name) => !has(name === "time" ? "/usr/bin/time" : name));
  if (wanted.length > 0 && process.getuid?.() === 0)
    spawnSync("apt-get", ["install", "-y", "--no-install-recommends", ...wanted], { stdio: "ignore" });
  return ["/usr/bin/time", "rclone", "aws"].filter((name) => !has(name));
};

/** The aws command itself, not what a version manager puts before it. */
export const awsPath = (): string => {
  const found = spawnSync("pyenv", ["which", "aws"], { encoding: "utf8" });
  return found.status === 0 ? found.stdout.trim() : "aws";
};

export interface S3Server {
  url: string;
  forget(): Promise<void>;
  requests(): Promise<number>;
  stop(): Promise<void>;
}

export const startServer = async (delayMs: number): Promise<S3Server> => {
  const script = await bundleProcess("s3-server");
  const child: ChildProcess = spawn(process.execPath, [script, String(delayMs)], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  const port = await new Promise<string>((resolve, reject) => {
    child.stdout!.once("data", (text) => resolve(String(text).trim()));
    child.once("exit", (code) => reject(new Error(`the bench's server ended with ${code}`)));
  });
  const url = `http://127.0.0.1:${port}`;
  return {
    url,
    forget: async () => void (await fetch(`${url}/_forget`)),
    requests: async () => Number(await (await fetch(`${url}/_count`)).text()),
    stop: async () => {
      const gone = new Promise((resolve) => child.once("exit", resolve));
      child.stdin!.end();
      await gone;
    },
  };
};

const ENV = {
  AWS_ACCESS_KEY_ID: "bench",
  AWS_SECRET_ACCESS_KEY: "bench",
  AWS_REGION: "eu-north-1",
  AWS_DEFAULT_REGION: "eu-north-1",
  AWS_EC2_METADATA_DISABLED: "true",
  AWS_CONFIG_FILE: "/dev/null",
  AWS_SHARED_CREDENTIALS_FILE: "/dev/null",
  AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: "true",
  RCLONE_CONFIG: "/dev/null",
  // rclone cannot take one, and nothing here is spoken over TLS.
  AWS_CA_BUNDLE: undefined,
};

/** Runs a command to its end. CPU and peak memory are what the system counted for it. */
export const measured = async (command: string[], server: S3Server, note: string): Promise<Run> => {
  await server.requests();
  const startedMs = performance.now();
  const child = spawn("/usr/bin/time", ["-o", note, "-f", "%U %S %M", ...command], {
    stdio: ["ignore", "ignore", "pipe"],
    env: { ...process.env, ...ENV },
  });
  let said = "";
  child.stderr.on("data", (text) => (said = (said + String(text)).slice(-2_000)));
  const code = await new Promise<number | null>((resolve) => child.once("close", resolve));
  const wallMs = performance.now() - startedMs;
  if (code !== 0) throw new Error(`${command.slice(0, 3).join(" ")} … ended with ${code}: ${said}`);
  const [user = 0, system = 0, kilobytes = 0] = readFileSync(note, "utf8")
    .trim()
    .split("\n")
    .at(-1)!
    .split(" ")
    .map(Number);
  return {
    wallMs,
    cpuMs: (user + system) * 1_000,
    memoryMb: kilobytes / 1_024,
    requests: await server.requests(),
  };
};
