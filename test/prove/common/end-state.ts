import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { request } from "node:http";
import { sha256 } from "../../../src/domain/digest.ts";
import { makeLocalPlatform } from "../../../src/adapters/local/platform.ts";
import { supervisorOn } from "../../../src/adapters/local/connect.ts";
import type { Dump, ProofProject } from "./project.ts";

/** Everything about an environment that a deployment can change. Equal states give equal JSON. */
export interface EndState {
  release: string | null;
  open: boolean;
  /** Per service: wanted and healthy instances by revision, and weights. */
  services: unknown;
  sites: unknown;
  /** sha256 of what the front door answers. */
  served: Record<string, string>;
  /** Applied migrations, columns, and each table's rows as one number. */
  database: Dump;
  /** Service processes, the watchers that end each of them with its supervisor, and what belongs to no living one. */
  processes: { services: number; lifelines: number; orphans: string[] };
}

export const endStateOf = async (project: ProofProject, environment: string): Promise<EndState> => {
  const status = await project.status(environment);
  const socketPath = project.supervisorSocket();
  const platform = makeLocalPlatform({ environment, socketPath, secrets: null as never });
  const observed = await platform.observe({ signal: AbortSignal.timeout(5000) });
  const { port } = new URL(status.urls[0]!);
  const { hostname } = new URL(status.urls[0]!);
  return {
    release: status.release,
    open: status.open !== null,
    services: Object.fromEntries(
      Object.entries(observed.services).map(([name, { revisions, weights }]) => [
        name,
        {
          weights: positive(weights),
          instances: Object.entries(revisions)
            .filter(([, { wanted }]) => wanted > 0)
            .map(([id, { wanted, healthy }]) => ({ id, wanted, healthy })),
        },
      ]),
    ),
    sites: observed.sites,
    served: Object.fromEntries(
      await Promise.all(
        ["/", "/config.json", "/rides/17", "/api/hello"].map(async (path) => [
          path,
          sha256(await getText({ port: Number(port), host: hostname, path })),
        ]),
      ),
    ),
    database: await project.dump(environment),
    processes: await processesOf(project, socketPath),
  };
};

const positive = (weights: Record<string, number>) =>
  Object.fromEntries(Object.entries(weights).filter(([, weight]) => weight > 0));

export const getText = ({
  port,
  host,
  path,
}: {
  port: number;
  host: string;
  path: string;
}): Promise<string> =>
  new Promise((settle, reject) => {
    const asked = request({ host: "127.0.0.1", port, path, headers: { host }, agent: false }, (answer) => {
      let text = "";
      answer.setEncoding("utf8").on("data", (chunk: string) => (text += chunk));
      answer.on("end", () => settle(`${answer.statusCode} ${text}`));
    });
    asked.on("error", reject).end();
  });

const isLifeline = ({ command }: { command: string }): boolean => command.includes(" switchback-lifeline ");

/** By /proc: processes whose folder lies in the project, and whether the living supervisor is above them. */
export const processesOf = async (
  { folder }: ProofProject,
  socketPath: string,
): Promise<EndState["processes"]> => {
  const supervisor = await supervisorOn(socketPath);
  const found = readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        return [
          {
            pid: Number(name),
            parent: Number(/^PPid:\s+(\d+)/m.exec(readFileSync(`/proc/${name}/status`, "utf8"))![1]),
            cwd: readlinkSync(`/proc/${name}/cwd`),
            command: readFileSync(`/proc/${name}/cmdline`, "utf8").split("\0").join(" "),
          },
        ];
      } catch {
        // It ended meanwhile.
        return [];
      }
    });
  const byPid = new Map(found.map((one) => [one.pid, one]));
  const isBelow = (pid: number): boolean =>
    pid === supervisor?.pid || (byPid.has(pid) && isBelow(byPid.get(pid)!.parent));
  const own = found.filter(({ pid, cwd }) => cwd.startsWith(folder) && pid !== supervisor?.pid);
  return {
    services: own.filter(({ command }) => /(^|\/)node server\.mjs/.test(command)).length,
    lifelines: own.filter(isLifeline).length,
    orphans: own
      .filter((one) => !isLifeline(one) && !isBelow(one.pid))
      .map(({ command }) => command.slice(0, 80)),
  };
};
