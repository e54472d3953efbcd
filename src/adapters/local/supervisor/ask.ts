import { request } from "node:http";

export const ASK_TIMEOUT_MS = 10_000;
const MAX_BODY_BYTES = 1024 * 1024;

export interface Answer {
  status: number;
  body: string;
}

/** One GET to a port of this machine, with this host name; the body's first megabyte is kept. */
export const ask = (
  { port, host, path, agent }: { port: number; host: string; path: string; agent: string },
  signal: AbortSignal,
): Promise<Answer> =>
  new Promise((resolve, reject) => {
    const both = AbortSignal.any([signal, AbortSignal.timeout(ASK_TIMEOUT_MS)]);
    const headers = { host: `${host}:${port}`, "user-agent": agent };
    const asked = request(
      { host: "127.0.0.1", port, path, headers, agent: false, signal: both },
      (response) => {
        const chunks: Buffer[] = [];
        let bytes = 0;
        const end = (): void =>
          resolve({ status: response.statusCode ?? 0, body: Buffer.concat(chunks).toString("utf8") });
        response.on("data", (chunk: Buffer) => {
          chunks.push(chunk);
          bytes += chunk.length;
          if (bytes < MAX_BODY_BYTES) return;
          end();
          asked.destroy();
        });
        response.on("end", end);
        response.on("error", reject);
      },
    );
    asked.on("error", reject);
    asked.end();
  });
