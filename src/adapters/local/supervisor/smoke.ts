import { request } from "node:http";
import type { SmokeCheck } from "../../../domain/app-definition.ts";
import { AppError } from "../../../domain/errors.ts";

const TIMEOUT_MS = 10_000;
const MAX_BODY_BYTES = 1024 * 1024;
const SHOWN_CHARACTERS = 300;

interface Answer {
  status: number;
  body: string;
}

const ask = (
  { port, host, path }: { port: number; host: string; path: string },
  signal: AbortSignal,
): Promise<Answer> =>
  new Promise((resolve, reject) => {
    const both = AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]);
    const headers = { host: `${host}:${port}`, "user-agent": "switchback-smoke" };
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

const failure = (check: SmokeCheck, what: string, answer: Answer | null, url: string): AppError =>
  new AppError("SMOKE_FAILED", `GET ${check.path} ${what}`, {
    hint: `try it with: curl -i ${url}`,
    context: {
      path: check.path,
      url,
      expected: { status: check.status, contains: check.contains },
      ...(answer === null ? {} : { status: answer.status, body: answer.body.slice(0, SHOWN_CHARACTERS) }),
    },
  });

/** One request through the gateway, as a user's would come. Throws SMOKE_FAILED with what came instead. */
export const smoke = async (
  check: SmokeCheck,
  { port, host, signal }: { port: number; host: string; signal: AbortSignal },
): Promise<void> => {
  const url = `http://${host}:${port}${check.path}`;
  let answer: Answer;
  try {
    answer = await ask({ port, host, path: check.path }, signal);
  } catch (error) {
    signal.throwIfAborted();
    const slow = (error as Error).name === "TimeoutError" || (error as Error).name === "AbortError";
    const why = slow ? `in ${TIMEOUT_MS / 1000} s` : `(${(error as Error).message})`;
    throw failure(check, `got no answer ${why}`, null, url);
  }
  if (answer.status !== check.status)
    throw failure(check, `answered ${answer.status} instead of ${check.status}`, answer, url);
  if (check.contains !== null && !answer.body.includes(check.contains))
    throw failure(check, `answered without "${check.contains}"`, answer, url);
};
