import { request } from "node:http";

/** One answer of a health check, in words for people when it is not a pass. */
export type ProbeResult = { type: "pass" } | { type: "fail"; answer: string };

export interface ProbeTarget {
  port: number;
  path: string;
  timeoutMs: number;
}

const WORDS: Record<string, string> = {
  ECONNREFUSED: "nothing listened on its port (ECONNREFUSED)",
  ECONNRESET: "the connection was closed without an answer (ECONNRESET)",
};

/** Asks once; 200 to 299 in time is a pass. Never rejects: an aborted probe is a fail. */
export const probe = (target: ProbeTarget, signal: AbortSignal): Promise<ProbeResult> =>
  new Promise((resolve) => {
    const settle = (result: ProbeResult): void => {
      clearTimeout(timer);
      asked.destroy();
      resolve(result);
    };
    const asked = request(
      {
        host: "127.0.0.1",
        port: target.port,
        path: target.path,
        agent: false,
        signal,
        headers: { "user-agent": "switchback-health", host: `127.0.0.1:${target.port}` },
      },
      (response) => {
        const status = response.statusCode ?? 0;
        settle(
          status >= 200 && status < 300
            ? { type: "pass" }
            : { type: "fail", answer: `${target.path} answered ${status}` },
        );
      },
    );
    const timer = setTimeout(
      () => settle({ type: "fail", answer: `${target.path} gave no answer in ${target.timeoutMs} ms` }),
      target.timeoutMs,
    );
    asked.on("error", (error: NodeJS.ErrnoException) =>
      settle({ type: "fail", answer: WORDS[error.code ?? ""] ?? error.message }),
    );
    asked.end();
  });
