import type { Clock } from "../../../ports/clock.ts";
import type { RehearsedService, ServingProcess, Started } from "../../../ports/rehearsal.ts";
import type { RunningProcess } from "../process/types.ts";
import { ask, ASK_TIMEOUT_MS } from "../supervisor/ask.ts";
import { describeExit } from "../supervisor/explain-failure.ts";
import { probe } from "../supervisor/health.ts";

const POLL_MS = 20;
const KEPT_LINES = 20;

interface Context {
  service: RehearsedService;
  port: number;
  clock: Clock;
  signal: AbortSignal;
}

/** Waits for the first pass of its health check; a worker serves when it runs. What fails is ended before this resolves. */
export const untilServing = async (running: RunningProcess, context: Context): Promise<Started> => {
  const { service, port, clock, signal } = context;
  let ended: string | null = null;
  void running.exited.then((exit) => (ended = `${service.service} ${describeExit(exit)}`));
  const isOver = (): string | null => ended;
  const untilMs = clock.monotonicMs() + service.health.startMs;
  try {
    for (;;) {
      const over = isOver();
      if (over !== null) return { type: "failed", what: over, lines: running.lastLines(KEPT_LINES) };
      if (service.kind === "worker") break;
      const { path, timeoutMs } = service.health;
      const result = await probe({ port, path, timeoutMs }, signal);
      signal.throwIfAborted();
      if (result.type === "pass") break;
      if (clock.monotonicMs() > untilMs) {
        await running.stop();
        const what = `${service.service} was not healthy after ${service.health.startMs / 1000} s: ${result.answer}`;
        return { type: "failed", what, lines: running.lastLines(KEPT_LINES) };
      }
      await clock.sleep(POLL_MS, signal);
    }
  } catch (error) {
    await running.stop();
    throw error;
  }
  return { type: "serving", process: servingProcess(running, { port, signal, ended: isOver }) };
};

const servingProcess = (
  running: RunningProcess,
  { port, signal, ended }: Pick<Context, "port" | "signal"> & { ended: () => string | null },
): ServingProcess => ({
  get: async (path) => {
    try {
      return await ask({ port, host: "127.0.0.1", path, agent: "switchback-rehearsal" }, signal);
    } catch (error) {
      signal.throwIfAborted();
      const { name, message } = error as Error;
      const slow = name === "TimeoutError" || name === "AbortError";
      throw new Error(
        `GET ${path} got no answer ${slow ? `in ${ASK_TIMEOUT_MS / 1000} s` : `(${message})`}`,
        { cause: error },
      );
    }
  },
  ended,
  lines: () => running.lastLines(KEPT_LINES),
  stop: async () => void (await running.stop()),
});
