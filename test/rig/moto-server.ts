import { spawn } from "node:child_process";
import { request } from "node:http";
import type { Answer, Moto } from "./call.ts";

export interface MotoServer {
  /** `http://127.0.0.1:PORT` */
  endpoint: string;
  pid: number;
  ask: Moto;
  /** Of everything that it holds. */
  reset(): Promise<void>;
  close(): Promise<void>;
}

export const MOTO_MISSING =
  "moto_server is not on the PATH, and the rig is built on it. Install it: pip install 'moto[server]==5.2.1'";

/**
 * Replaces the shell by moto. A watcher reads the pipe that this process holds: when this process ends in any way, the pipe
 * ends, and the watcher kills moto.
 */
const LIFELINE = `exec 3<&0 </dev/null
(while read -r _ <&3; do :; done; kill -9 $$) >/dev/null 2>&1 &
exec moto_server -H 127.0.0.1 -p 0 3<&-`;

/** What of a request is about this connection only. */
const OF_CONNECTION = new Set(["connection", "keep-alive", "transfer-encoding", "expect"]);
const withoutConnection = <T>(headers: Record<string, T>): Record<string, T> =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => !OF_CONNECTION.has(name)));

const asker =
  (endpoint: string): Moto =>
  (call) =>
    new Promise<Answer>((resolve, reject) => {
      const { hostname, port } = new URL(endpoint);
      const headers = { ...withoutConnection(call.headers), "content-length": String(call.body.length) };
      const sent = request(
        { hostname, port, method: call.method, path: call.path + call.search, headers },
        (incoming) => {
          const chunks: Buffer[] = [];
          incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
          incoming.on("error", reject);
          incoming.on("end", () =>
            resolve({
              status: incoming.statusCode ?? 500,
              headers: withoutConnection(incoming.headers as Answer["headers"]),
              body: Buffer.concat(chunks),
            }),
          );
        },
      );
      sent.on("error", reject).end(call.body);
    });

/** An AWS API server that this project did not write, on a loopback port that it finds by itself. */
export const startMotoServer = async (settings: Record<string, string>): Promise<MotoServer> => {
  const child = spawn("sh", ["-c", LIFELINE], {
    stdio: ["pipe", "pipe", "pipe"],
    env: { ...process.env, PYTHONUNBUFFERED: "1", ...settings },
  });
  const ended = new Promise<void>((resolve) => child.once("close", () => resolve()));
  // The watcher holds the pipe's other end; without this it would outlive moto.
  child.once("exit", () => child.stdin.destroy());
  child.stdin.on("error", () => undefined);
  const endpoint = await new Promise<string>((resolve, reject) => {
    let text = "";
    // It tells of every request; only its beginning and its last words matter.
    const read = (chunk: unknown) => {
      text = (text + String(chunk)).slice(-4_000);
      const found = /Running on (http:\/\/127\.0\.0\.1:\d+)/.exec(text);
      if (found !== null) resolve(found[1]!);
    };
    child.stdout.on("data", read);
    child.stderr.on("data", read);
    child.once("error", reject);
    child.once("exit", (code) =>
      reject(new Error(code === 127 ? MOTO_MISSING : `moto_server ended with ${code}: ${text}`)),
    );
  });
  return {
    endpoint,
    pid: child.pid!,
    ask: asker(endpoint),
    reset: async () => {
      const answer = await fetch(`${endpoint}/moto-api/reset`, { method: "POST" });
      if (!answer.ok) throw new Error(`moto did not reset: ${answer.status} ${await answer.text()}`);
    },
    close: async () => {
      child.kill("SIGKILL");
      await ended;
    },
  };
};
