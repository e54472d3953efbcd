import { execFileSync, spawn, spawnSync, type ChildProcess } from "node:child_process";
import { readFileSync } from "node:fs";
import { createServer, connect, type AddressInfo } from "node:net";

export const LOAD_CORE = "0";
export const PROXY_CORE = "1";

const started: ChildProcess[] = [];

export const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Starts a program on one core; `stopAll` ends it. */
export const startOn = (core: string, command: string[], env: Record<string, string> = {}): ChildProcess => {
  const child = spawn("taskset", ["-c", core, ...command], {
    stdio: ["pipe", "pipe", "inherit"],
    env: { ...process.env, ...env },
  });
  started.push(child);
  return child;
};

export const stop = async (child: ChildProcess, signal: NodeJS.Signals = "SIGTERM"): Promise<void> => {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  child.kill(signal);
  await gone;
};

export const stopAll = async (): Promise<void> => {
  // Not SIGKILL: a killed nginx master leaves its worker behind.
  for (const child of started) await stop(child);
};

export const freePort = (): Promise<number> =>
  new Promise((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });

export const answering = async (port: number): Promise<void> => {
  for (let round = 0; round < 200; round++) {
    const ok = await new Promise<boolean>((resolve) => {
      const socket = connect(port, "127.0.0.1", () => resolve(true));
      socket.on("error", () => resolve(false));
      socket.on("connect", () => socket.destroy());
    });
    if (ok) return;
    await sleep(50);
  }
  throw new Error(`nothing answers on port ${port}`);
};

/** User and system time of a process so far, in microseconds. */
export const cpuMicros = (pid: number): number => {
  const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return (Number(fields[11]) + Number(fields[12])) * 10_000;
};

/** Time that a core spent on anything at all so far, in microseconds. */
export const coreMicros = (core: string): number => {
  const line = readFileSync("/proc/stat", "utf8")
    .split("\n")
    .find((text) => text.startsWith(`cpu${core} `));
  const [, user, nice, system, , , irq, softirq] = (line ?? "").split(/\s+/).map(Number);
  return ((user ?? 0) + (nice ?? 0) + (system ?? 0) + (irq ?? 0) + (softirq ?? 0)) * 10_000;
};

const PACKAGES: Record<string, string> = {
  nginx: "nginx-light",
  haproxy: "haproxy",
  caddy: "caddy",
  wrk: "wrk",
};

const isThere = (program: string): boolean => spawnSync("which", [program]).status === 0;

/** Installs what is missing where that is possible; returns what still is. */
export const ensurePrograms = (): string[] => {
  const missing = (): string[] => Object.keys(PACKAGES).filter((program) => !isThere(program));
  const wanted = missing();
  if (wanted.length > 0 && process.getuid?.() === 0 && isThere("apt-get")) {
    const packages = wanted.map((program) => PACKAGES[program] ?? program);
    const install = ["install", "-y", "--no-install-recommends", ...packages];
    // A fresh machine has no lists of packages yet.
    if (!aptGet(install) && aptGet(["update"])) aptGet(install);
    // The packages start their programs as services; here they run by hand.
    for (const program of wanted) spawnSync("service", [program, "stop"], { stdio: "ignore" });
  }
  return missing();
};

const aptGet = (args: string[]): boolean => {
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  return spawnSync("apt-get", args, { env, stdio: ["ignore", "ignore", "inherit"] }).status === 0;
};

export const version = (program: string, args: string[]): string => {
  const { stdout, stderr } = spawnSync(program, args, { encoding: "utf8" });
  return /\d+\.\d+(\.\d+)?/.exec(`${stdout}${stderr}`)?.[0] ?? "unknown";
};

export const hasTaskset = (): boolean => {
  try {
    execFileSync("taskset", ["-c", PROXY_CORE, "true"]);
    return true;
  } catch {
    return false;
  }
};
