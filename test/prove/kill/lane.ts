import { randomInt } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:net";
import { join } from "node:path";
import { makeFileStore } from "../../../src/adapters/store/file/file-store.ts";
import { logKey } from "../../../src/domain/log-entry.ts";
import type { Store } from "../../../src/ports/store.ts";
import { FAILS_FOR_REAL, makeProofProject, type ProofProject } from "../common/project.ts";
import { startTraffic, type Traffic } from "./traffic.ts";

/** One after the other, a lane each: what rolls out step by step, and what rolls out instances at a time. */
const ENVIRONMENTS = {
  canary: { strategy: { type: "canary", percents: [50], bake: "50ms" }, warm: "0s" },
  rolling: { strategy: "rolling", warm: "0s" },
  "blue-green": { strategy: "blue-green", warm: "1s" },
};
const STRATEGIES = Object.keys(ENVIRONMENTS);

export interface Named {
  name: string;
  id: string;
}

/** An environment of its own that is deployed to, under load, round after round. */
export interface Lane {
  project: ProofProject;
  environment: string;
  store: Store;
  good: Named[];
  broken: Named[];
  traffic: Traffic;
  port: () => number;
  host: string;
  /** Rows that were acknowledged since the lane began. */
  acknowledged: number;
  /** Number of the log's last entry, now. */
  lastEntry: () => number;
  close(options: { keep: boolean }): Promise<void>;
}

/** Such as fail before users meet them: what stands in their way is the release itself. */
const brokenSources = (takenPort: number) => [
  { name: "exits", fault: "exits at start" },
  { name: "headless", withoutIndex: true },
  {
    name: "half-migrated",
    migrations: {
      "0002_marks": "create table marks (id text primary key)",
      "0003_more": FAILS_FOR_REAL,
    },
  },
  { name: "greedy", fault: "takes a taken port", takenPort },
];

const GOOD = ["one", "two", "three"];

export const openLane = async (index: number): Promise<Lane> => {
  const project = await makeProofProject(ENVIRONMENTS);
  const environment = STRATEGIES[index % STRATEGIES.length]!;
  const taken = await listenAnywhere();
  // An address of its own, as if it had run before: nobody else on this machine gets it meanwhile.
  const gateway = join(project.folder, ".switchback/local/gateway.json");
  mkdirSync(join(gateway, ".."), { recursive: true });
  writeFileSync(gateway, JSON.stringify({ port: randomInt(20_000, 30_000) }));
  let last = 0;
  const port = (): number => {
    try {
      last = (JSON.parse(readFileSync(gateway, "utf8")) as { port: number }).port;
    } catch {
      // It is being replaced, or was damaged on purpose: the address is the one of before.
    }
    return last;
  };
  const good: Named[] = [];
  const broken: Named[] = [];
  for (const name of GOOD) good.push({ name, id: await project.release({ name }) });
  for (const sources of brokenSources(taken.port))
    broken.push({ name: sources.name, id: await project.release(sources) });
  // Two, so that there is one to go back to from the first round on.
  await project.serve(environment, good[1]!.id);
  await project.serve(environment, good[0]!.id);
  const store = join(project.folder, ".switchback/store");
  let entry = 0;
  const lastEntry = (): number => {
    while (existsSync(join(store, logKey(environment, entry + 1)))) entry += 1;
    return entry;
  };
  const host = "proof.localhost";
  const traffic = startTraffic({ port, host, releases: GOOD });
  return {
    ...{ project, environment, good, broken, traffic, port, host, acknowledged: 0 },
    lastEntry,
    store: makeFileStore({ folder: store }),
    close: async (options) => {
      await traffic.stop();
      taken.server.close();
      await project.close(options);
    },
  };
};

const listenAnywhere = async (): Promise<{ server: Server; port: number }> => {
  const server = createServer().listen(0, "127.0.0.1").unref();
  await new Promise((settle) => server.once("listening", settle));
  const address = server.address();
  return { server, port: typeof address === "object" && address !== null ? address.port : 0 };
};
