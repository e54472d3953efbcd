import { createHash, randomBytes, randomUUID } from "node:crypto";
import { Agent, request, type IncomingMessage } from "node:http";
import { makeLoops } from "../common/loops.ts";
import { pageOf } from "../common/project.ts";

const THINK_MS = 40;
const CLIENT_TIMEOUT_MS = 30_000;

export interface Failure {
  what: "GET" | "POST" | "page";
  startedMs: number;
  endedMs: number;
  /** The status and the answer's beginning, or the socket's error. */
  text: string;
}

export interface Traffic {
  requests(): number;
  /** Taken out: what failed since it was asked last, and ids of POSTs that were acknowledged. */
  take(): { failures: Failure[]; wrong: string[]; acknowledged: string[] };
  stop(): Promise<void>;
}

/** Nine keep-alive connections through the front door: 5 GET, 3 POST, 1 of the page. Every failure has its time. */
export const startTraffic = (target: { port: () => number; host: string; releases: string[] }): Traffic => {
  const agent = new Agent({ keepAlive: true, maxSockets: 9 });
  let going = true;
  let requests = 0;
  let failures: Failure[] = [];
  let wrong: string[] = [];
  let acknowledged: string[] = [];

  const ask = (method: string, path: string, body?: Buffer): Promise<{ status: number; body: string }> =>
    new Promise((settle, reject) => {
      const { host } = target;
      const where = { agent, host: "127.0.0.1", port: target.port(), method, path, headers: { host } };
      const asked = request({ ...where, timeout: CLIENT_TIMEOUT_MS }, (answer: IncomingMessage) => {
        let text = "";
        answer.setEncoding("utf8").on("data", (chunk: string) => (text += chunk));
        answer.on("end", () => settle({ status: answer.statusCode ?? 0, body: text }));
        answer.on("error", reject);
      });
      asked.on("timeout", () => asked.destroy(new Error(`no answer in ${CLIENT_TIMEOUT_MS} ms`)));
      asked.on("error", reject);
      asked.end(body);
    });
  const checked = async (
    what: Failure["what"],
    wanted: number,
    asking: () => ReturnType<typeof ask>,
  ): Promise<string | null> => {
    requests += 1;
    const startedMs = performance.now();
    let text: string;
    try {
      const { status, body } = await asking();
      if (status === wanted) return body;
      text = `${status} ${body.slice(0, 160)}`;
    } catch (error) {
      text = (error as Error).message;
    }
    failures.push({ what, startedMs, endedMs: performance.now(), text });
    return null;
  };
  const known = (release: unknown) => target.releases.includes(String(release));

  const get = async (n: number) => {
    const body = await checked("GET", 200, () => ask("GET", `/api/hello?n=${n}`));
    if (body === null) return;
    const { release, n: echoed } = JSON.parse(body) as { release: string; n: string };
    if (!known(release) || echoed !== String(n)) wrong.push(`GET: ${body}`);
  };
  const post = async () => {
    const id = randomUUID();
    const payload = randomBytes(512);
    const body = await checked("POST", 201, () => ask("POST", `/api/notes?id=${id}`, payload));
    if (body === null) return;
    acknowledged.push(id);
    const { release, sha256 } = JSON.parse(body) as { release: string; sha256: string };
    if (!known(release) || sha256 !== createHash("sha256").update(payload).digest("hex"))
      wrong.push(`POST: ${body}`);
  };
  const page = async () => {
    const body = await checked("page", 200, () => ask("GET", "/rides/17"));
    if (body !== null && !target.releases.some((one) => pageOf(one) === body)) wrong.push(`page: ${body}`);
  };

  const times = makeLoops(() => going, THINK_MS);
  const done = Promise.all([...times(5, get), ...times(3, post), ...times(1, page)]);
  return {
    requests: () => requests,
    take: () => {
      const taken = { failures, wrong, acknowledged };
      [failures, wrong, acknowledged] = [[], [], []];
      return taken;
    },
    stop: async () => {
      going = false;
      await done;
      agent.destroy();
    },
  };
};
