import type { ChildProcess } from "node:child_process";
import type { GatewayHost } from "../../src/adapters/local/gateway/types.ts";
import { clientPorts, saturate } from "./load.ts";
import { nginxProxy, nginxUpstream } from "./peers.ts";
import { answering, LOAD_CORE, sleep, startOn, stop } from "./processes.ts";

const SWITCHES = 3;

export interface Switching {
  name: string;
  requests: number;
  failed: number;
  /** Keep-alive connections of clients that did not live through the switches. */
  dropped: number;
}

export const tableFor = (ports: { port: number; weight: number }[]): GatewayHost[] => [
  {
    host: "bench.localhost",
    environment: "bench",
    sites: [],
    services: [
      {
        name: "api",
        route: "/*",
        revisions: ports.map(({ port, weight }) => ({
          revision: `r${port}`,
          release: `r${port}`,
          weight,
          instances: [{ id: `i${port}`, port }],
        })),
      },
    ],
  },
];

/** Sends one order to the gateway's process and waits until the old instances are drained. */
export const order = (gateway: ChildProcess, hosts: GatewayHost[], drain: string[]): Promise<number> =>
  new Promise((resolve) => {
    const onData = (text: Buffer): void => {
      const left = /drained (\d+)/.exec(text.toString())?.[1];
      if (left === undefined) return;
      gateway.stdout?.off("data", onData);
      resolve(Number(left));
    };
    gateway.stdout?.on("data", onData);
    gateway.stdin?.write(`${JSON.stringify({ hosts, drain })}\n`);
  });

const underLoad = async (
  name: string,
  port: number,
  once: (round: number) => Promise<void>,
): Promise<Switching> => {
  const load = saturate(port, 2 * (SWITCHES + 1));
  await sleep(1_500);
  const before = clientPorts(port);
  for (let round = 0; round < SWITCHES; round++) {
    await once(round);
    await sleep(1_200);
  }
  const after = clientPorts(port);
  const { requests, failed } = await load;
  return { name, requests, failed, dropped: [...before].filter((client) => !after.has(client)).length };
};

/** Each switch: new table, drain, then SIGKILL for the old upstream, which a fresh one replaces for the next switch. */
export const switchGateway = async (
  folder: string,
  gateway: { process: ChildProcess; port: number },
  upstreamPorts: [number, number],
): Promise<Switching> => {
  let running = startOn(LOAD_CORE, nginxUpstream(folder, upstreamPorts[0]));
  await answering(upstreamPorts[0]);
  await order(gateway.process, tableFor([{ port: upstreamPorts[0], weight: 100 }]), []);
  const result = await underLoad("Switchback", gateway.port, async (round) => {
    const from = upstreamPorts[round % 2] ?? 0;
    const to = upstreamPorts[(round + 1) % 2] ?? 0;
    const next = startOn(LOAD_CORE, nginxUpstream(folder, to));
    await answering(to);
    await order(gateway.process, tableFor([{ port: to, weight: 100 }]), [`i${from}`]);
    await stop(running, "SIGKILL");
    running = next;
  });
  await stop(running);
  return result;
};

export const switchNginx = async (
  folder: string,
  nginx: { process: ChildProcess; port: number },
  upstreamPorts: [number, number],
): Promise<Switching> => {
  const upstreams = upstreamPorts.map((port) => startOn(LOAD_CORE, nginxUpstream(folder, port)));
  for (const port of upstreamPorts) await answering(port);
  const result = await underLoad("nginx, reload", nginx.port, async (round) => {
    nginxProxy(folder, "nginx-reload", { own: nginx.port, upstream: upstreamPorts[(round + 1) % 2] ?? 0 });
    nginx.process.kill("SIGHUP");
    await sleep(300);
  });
  for (const upstream of upstreams) await stop(upstream);
  return result;
};
