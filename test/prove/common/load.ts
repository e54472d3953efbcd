import { createHash, randomBytes, randomUUID } from "node:crypto";
import { Agent, request, type IncomingMessage } from "node:http";
import { setTimeout as wait } from "node:timers/promises";
import { makeLoops } from "./loops.ts";
import { assetOf, pageOf } from "./project.ts";

/** Between two requests of a connection: 64 of them make a constant load that leaves a core to the deployments. */
const THINK_MS = 25;

export interface LoadReport {
  requests: { get: number; post: number; page: number; stream: number };
  /** Answers with a wrong status, or none: what, and by which release when it says so. */
  failed: string[];
  /** Answers with status and length as they should be, and a body that no release gives. */
  wrong: string[];
  /** Ids whose POST was answered with 201. */
  acknowledged: string[];
  /** Ids whose POST was sent and not answered: each may be there or not. */
  unknown: string[];
}

export interface Load {
  stop(): Promise<LoadReport>;
}

interface Answer {
  status: number;
  body: string;
}

/** 64 keep-alive connections through the front door: 38 GET, 16 POST, 7 of the page with its asset, and 3 long streams. */
export const startLoad = (target: { port: number; host: string; releases: string[] }): Load => {
  const agent = new Agent({ keepAlive: true, maxSockets: 64 });
  const report: LoadReport = {
    requests: { get: 0, post: 0, page: 0, stream: 0 },
    failed: [],
    wrong: [],
    acknowledged: [],
    unknown: [],
  };
  let going = true;

  const ask = (method: string, path: string, body?: Buffer): Promise<Answer> =>
    new Promise((settle, reject) => {
      const { port, host } = target;
      const where = { agent, host: "127.0.0.1", port, method, path, headers: { host } };
      const asked = request(where, (answer: IncomingMessage) => {
        let text = "";
        answer.setEncoding("utf8").on("data", (chunk: string) => (text += chunk));
        answer.on("end", () => settle({ status: answer.statusCode ?? 0, body: text }));
        answer.on("error", reject);
      });
      asked.on("error", reject);
      asked.end(body);
    });
  const checked = async (what: string, wanted: number, asked: Promise<Answer>): Promise<string | null> => {
    try {
      const { status, body } = await asked;
      if (status === wanted) return body;
      report.failed.push(`${what}: ${status} ${body.slice(0, 200)}`);
    } catch (error) {
      report.failed.push(`${what}: ${(error as Error).message}`);
    }
    return null;
  };
  const known = (release: unknown) => target.releases.includes(String(release));

  const get = async (n: number) => {
    report.requests.get += 1;
    const body = await checked("GET", 200, ask("GET", `/api/hello?n=${n}`));
    if (body === null) return;
    const { release, n: echoed } = JSON.parse(body) as { release: string; n: string };
    if (!known(release) || echoed !== String(n)) report.wrong.push(`GET: ${body}`);
  };
  const post = async () => {
    report.requests.post += 1;
    const id = randomUUID();
    const payload = randomBytes(2048);
    const body = await checked("POST", 201, ask("POST", `/api/notes?id=${id}`, payload));
    if (body === null) return void report.unknown.push(id);
    report.acknowledged.push(id);
    const { release, sha256 } = JSON.parse(body) as { release: string; sha256: string };
    if (!known(release) || sha256 !== createHash("sha256").update(payload).digest("hex"))
      report.wrong.push(`POST: ${body}`);
  };
  /** As a browser does: the page, then the asset that it names, which may be of the release before by then. */
  const page = async () => {
    report.requests.page += 1;
    const body = await checked("page", 200, ask("GET", "/rides/17"));
    if (body === null) return;
    const release = target.releases.find((one) => pageOf(one) === body);
    if (release === undefined) return void report.wrong.push(`page: ${body}`);
    await wait(THINK_MS);
    const asset = await checked(`asset of ${release}`, 200, ask("GET", `/assets/app-${release}.js`));
    if (asset !== null && asset !== assetOf(release)) report.wrong.push(`asset of ${release}: ${asset}`);
  };
  const stream = async () => {
    report.requests.stream += 1;
    const body = await checked("stream", 200, ask("GET", "/api/stream"));
    if (body === null) return;
    const whole = target.releases.some(
      (one) => body === `${Array.from({ length: 30 }, (_, part) => `${one} ${part}\n`).join("")}end\n`,
    );
    if (!whole) report.wrong.push(`stream: ${body}`);
  };

  const times = makeLoops(() => going, THINK_MS);
  const done = Promise.all([...times(38, get), ...times(16, post), ...times(7, page), ...times(3, stream)]);
  return {
    stop: async () => {
      going = false;
      await done;
      agent.destroy();
      return report;
    },
  };
};

export const totalOf = ({ requests }: LoadReport): number =>
  Object.values(requests).reduce((sum, count) => sum + count, 0);
