import type { SmokeCheck } from "../../../domain/app-definition.ts";
import { AppError } from "../../../domain/errors.ts";
import { ask, ASK_TIMEOUT_MS, type Answer } from "./ask.ts";

const SHOWN_CHARACTERS = 300;

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
    answer = await ask({ port, host, path: check.path, agent: "switchback-smoke" }, signal);
  } catch (error) {
    signal.throwIfAborted();
    const slow = (error as Error).name === "TimeoutError" || (error as Error).name === "AbortError";
    const why = slow ? `in ${ASK_TIMEOUT_MS / 1000} s` : `(${(error as Error).message})`;
    throw failure(check, `got no answer ${why}`, null, url);
  }
  if (answer.status !== check.status)
    throw failure(check, `answered ${answer.status} instead of ${check.status}`, answer, url);
  if (check.contains !== null && !answer.body.includes(check.contains))
    throw failure(check, `answered without "${check.contains}"`, answer, url);
};
