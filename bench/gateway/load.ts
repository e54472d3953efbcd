import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { coreMicros, cpuMicros, LOAD_CORE, PROXY_CORE } from "./processes.ts";

export const CONNECTIONS = 64;

export interface Load {
  requests: number;
  perSecond: number;
  p99Ms: number;
  /** Answers that were not 2xx or 3xx, and errors of sockets. */
  failed: number;
}

/** wrk with 64 connections on the load generator's core. */
export const saturate = async (port: number, seconds: number): Promise<Load> => {
  const args = [
    "-c",
    LOAD_CORE,
    "wrk",
    "-t1",
    `-c${CONNECTIONS}`,
    `-d${seconds}s`,
    "--latency",
    `http://127.0.0.1:${port}/`,
  ];
  const child = spawn("taskset", args, { stdio: ["ignore", "pipe", "inherit"] });
  let text = "";
  child.stdout.on("data", (chunk: Buffer) => (text += chunk.toString()));
  await new Promise<void>((resolve) => child.once("close", () => resolve()));
  const number = (pattern: RegExp): number => Number(pattern.exec(text)?.[1] ?? 0);
  const sockets =
    /Socket errors: connect (\d+), read (\d+), write (\d+), timeout (\d+)/.exec(text)?.slice(1) ?? [];
  return {
    requests: number(/(\d+) requests in/),
    perSecond: number(/Requests\/sec:\s+([\d.]+)/),
    p99Ms: milliseconds(/99%\s+(\S+)/.exec(text)?.[1] ?? "0ms"),
    failed:
      number(/Non-2xx or 3xx responses: (\d+)/) + sockets.reduce((sum, count) => sum + Number(count), 0),
  };
};

const milliseconds = (text: string): number => {
  const value = Number.parseFloat(text);
  if (text.endsWith("us")) return value / 1_000;
  return text.endsWith("ms") ? value : value * 1_000;
};

export interface Measured extends Load {
  cpuMicrosPerRequest: number | null;
  /** Share of the proxy's core that went to neither idling nor the proxy. */
  disturbed: number;
}

export const measure = async (port: number, pid: number | null, seconds: number): Promise<Measured> => {
  const own = (): number => (pid === null ? 0 : cpuMicros(pid));
  const before = { own: own(), core: coreMicros(PROXY_CORE) };
  const load = await saturate(port, seconds);
  const ownMicros = own() - before.own;
  const othersMicros = coreMicros(PROXY_CORE) - before.core - ownMicros;
  return {
    ...load,
    cpuMicrosPerRequest: pid === null ? null : ownMicros / Math.max(1, load.requests),
    disturbed: pid === null ? 0 : Math.max(0, othersMicros / (seconds * 1_000_000)),
  };
};

/** Ports of the clients that hold an open connection to `port`, as the kernel lists them. */
export const clientPorts = (port: number): Set<string> => {
  const hex = port.toString(16).toUpperCase().padStart(4, "0");
  const clients = new Set<string>();
  for (const line of readFileSync("/proc/net/tcp", "utf8").split("\n")) {
    const [, local, remote, state] = line.trim().split(/\s+/);
    if (local?.endsWith(`:${hex}`) === true && remote !== undefined && state === "01") clients.add(remote);
  }
  return clients;
};
