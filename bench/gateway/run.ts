import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "esbuild";
import { CONNECTIONS, measure, type Measured } from "./load.ts";
import { caddy, haproxy, nginxProxy, nginxUpstream } from "./peers.ts";
import {
  answering,
  ensurePrograms,
  freePort,
  hasTaskset,
  LOAD_CORE,
  PROXY_CORE,
  startOn,
  stopAll,
  version,
} from "./processes.ts";
import { report, type Row } from "./report.ts";
import { order, switchGateway, switchNginx, tableFor } from "./switching.ts";

const ROUNDS = Number(process.env["BENCH_ROUNDS"] ?? 7);
const SECONDS = Number(process.env["BENCH_SECONDS"] ?? 2);
/** Share of the proxy's core that other programs may take in a round that counts. */
const MAX_DISTURBED = 0.12;

interface Contestant {
  name: string;
  port: number;
  pid: number | null;
}

const missing = ensurePrograms();
if (missing.length > 0 || availableParallelism() < 2 || !hasTaskset()) {
  const reason =
    missing.length > 0
      ? `missing: ${missing.join(", ")} (apt-get install them)`
      : "needs two cores and taskset";
  process.stderr.write(`bench gateway: ${reason}\n0 passed, 1 failed\n`);
  process.exit(1);
}

/** The gateway's process, from the sources as they are. */
const bundleGateway = async (): Promise<string> => {
  const outfile = join("node_modules", ".cache", "bench", "gateway-process.mjs");
  await build({
    entryPoints: [join("bench", "gateway", "gateway-process.ts")],
    outfile,
    bundle: true,
    platform: "node",
    format: "esm",
    packages: "external",
    logLevel: "error",
  });
  return outfile;
};

const median = (values: number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;

interface Rounds {
  results: Map<string, Measured[]>;
  quiet: number;
}

/** Goes on until enough rounds were quiet, or for three times as many. Only quiet rounds count, if there are at least three. */
const runRounds = async (contestants: Contestant[]): Promise<Rounds> => {
  const rounds: Measured[][] = [];
  const quiet: Measured[][] = [];
  for (const { port } of contestants) await measure(port, null, 1);
  while (quiet.length < ROUNDS && rounds.length < ROUNDS * 3) {
    const round: Measured[] = [];
    for (const { port, pid } of contestants) round.push(await measure(port, pid, SECONDS));
    rounds.push(round);
    if (round.every(({ disturbed }) => disturbed <= MAX_DISTURBED)) quiet.push(round);
    const speeds = round.map(({ perSecond }, at) => `${contestants[at]?.name} ${Math.round(perSecond)}`);
    process.stderr.write(`round ${rounds.length} (${quiet.length} quiet): ${speeds.join(", ")}\n`);
  }
  const counted = quiet.length >= 3 ? quiet : rounds;
  const results = new Map(
    contestants.map(({ name }, at) => [name, counted.flatMap((round) => round.slice(at, at + 1))]),
  );
  return { results, quiet: quiet.length };
};

/** Medians of each, and medians of the ratios within one round: load from elsewhere on the machine hits both sides of a ratio. */
const summarise = (results: Map<string, Measured[]>): Row[] => {
  const peer = (name: string): Measured[] => results.get(name) ?? [];
  const ratio = (mine: Measured[], other: Measured[], of: (measured: Measured) => number): number =>
    median(mine.map((measured, round) => of(measured) / (of(other[round] ?? measured) || 1)));
  return [...results].map(([name, all]) => ({
    name,
    perSecond: median(all.map(({ perSecond }) => perSecond)),
    p99Ms: median(all.map(({ p99Ms }) => p99Ms)),
    cpuMicros:
      all[0]?.cpuMicrosPerRequest === null ? null : median(all.map((one) => one.cpuMicrosPerRequest ?? 0)),
    failed: all.reduce((sum, { failed }) => sum + failed, 0),
    timesNginx: ratio(all, peer("nginx"), ({ perSecond }) => perSecond),
    timesCaddy: ratio(all, peer("caddy"), ({ perSecond }) => perSecond),
    cpuTimesNginx: ratio(all, peer("nginx"), ({ cpuMicrosPerRequest }) => cpuMicrosPerRequest ?? 0),
  }));
};

const main = async (folder: string): Promise<number> => {
  const [a, b, ...own] = await Promise.all(Array.from({ length: 9 }, freePort));
  const [nginxPort = 0, haproxyPort = 0, caddyPort = 0, gatewayPort = 0, reloadPort = 0, c = 0, d = 0] = own;
  const upstream = a ?? 0;
  const second = b ?? 0;
  startOn(LOAD_CORE, nginxUpstream(folder, upstream));
  startOn(LOAD_CORE, nginxUpstream(folder, second));
  const nginx = startOn(PROXY_CORE, nginxProxy(folder, "nginx", { own: nginxPort, upstream }));
  const hap = startOn(PROXY_CORE, haproxy(folder, { own: haproxyPort, upstream }));
  const cad = startOn(PROXY_CORE, [...caddy(folder, { own: caddyPort, upstream })], {
    GOMAXPROCS: "1",
    HOME: folder,
  });
  const gateway = startOn(PROXY_CORE, [process.execPath, await bundleGateway(), String(gatewayPort)]);
  const reload = startOn(PROXY_CORE, nginxProxy(folder, "nginx-reload", { own: reloadPort, upstream: c }));
  for (const port of [upstream, second, nginxPort, haproxyPort, caddyPort, gatewayPort, reloadPort])
    await answering(port);
  // A canary: the weighted choice of revisions is on, as are meters, limits and headers.
  await order(
    gateway,
    tableFor([
      { port: upstream, weight: 95 },
      { port: second, weight: 5 },
    ]),
    [],
  );
  const { results, quiet } = await runRounds([
    { name: "direct", port: upstream, pid: null },
    { name: "nginx", port: nginxPort, pid: nginx.pid ?? null },
    { name: "haproxy", port: haproxyPort, pid: hap.pid ?? null },
    { name: "caddy", port: caddyPort, pid: cad.pid ?? null },
    { name: "Switchback", port: gatewayPort, pid: gateway.pid ?? null },
  ]);
  const rows = summarise(results);
  const rounds = results.get("nginx")?.length ?? 0;
  const switching = [
    await switchGateway(folder, { process: gateway, port: gatewayPort }, [c, d]),
    await switchNginx(folder, { process: reload, port: reloadPort }, [c, d]),
  ];
  const versions = {
    Node: process.versions.node,
    nginx: version("nginx", ["-v"]),
    haproxy: version("haproxy", ["-v"]),
    caddy: version("caddy", ["version"]),
  };
  const { text, failed } = report({
    rows,
    switching,
    versions,
    connections: CONNECTIONS,
    rounds,
    quiet,
    seconds: SECONDS,
  });
  mkdirSync(join("bench", "results"), { recursive: true });
  writeFileSync(join("bench", "results", "gateway.md"), text);
  process.stdout.write(text);
  return failed === 0 ? 0 : 1;
};

const folder = mkdtempSync(join(tmpdir(), "bench-gateway-"));
try {
  process.exitCode = await main(folder);
} finally {
  await stopAll();
  rmSync(folder, { recursive: true, force: true });
}
process.exit();
