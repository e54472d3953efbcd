import type { HealthDefinition } from "../../../domain/app-definition.ts";
import type { Clock } from "../../../ports/clock.ts";
import type { ProcessExit } from "../process/types.ts";
import type { Booted } from "./boot.ts";
import { probe } from "./health.ts";

/** An unhealthy instance gets this many times `unhealthyAfter` further chances before it is replaced. */
const PATIENCE = 3;

export type WatchEnd =
  { type: "exited"; exit: ProcessExit } | { type: "sick"; answer: string } | { type: "aborted" };

export interface WatchOptions {
  /** Null for a worker: only its end is watched. */
  health: HealthDefinition | null;
  clock: Clock;
  signal: AbortSignal;
  onHealth: (healthy: boolean) => void;
}

/** Watches a healthy instance until it ends, stays unhealthy, or `signal` is aborted. Never rejects. */
export const watch = async (booted: Booted, options: WatchOptions): Promise<WatchEnd> => {
  const over = new AbortController();
  const signal = AbortSignal.any([options.signal, over.signal]);
  let ended: ProcessExit | null = null;
  const exited = booted.process.exited.then((exit) => {
    ended = exit;
    over.abort();
  });
  const aborted = new Promise<void>((resolve) => {
    if (options.signal.aborted) resolve();
    options.signal.addEventListener("abort", () => resolve(), { once: true });
  });
  const sick =
    options.health === null ? new Promise<never>(() => undefined) : checkUntilSick(booted, options, signal);
  const answer = await Promise.race([sick, exited, aborted]);
  over.abort();
  if (options.signal.aborted) return { type: "aborted" };
  if (ended !== null) return { type: "exited", exit: ended };
  return { type: "sick", answer: answer ?? "" };
};

const checkUntilSick = async (
  booted: Booted,
  { health, clock, onHealth }: WatchOptions,
  signal: AbortSignal,
): Promise<string | undefined> => {
  if (health === null) return undefined;
  const target = { port: booted.port, path: health.path, timeoutMs: health.timeoutMs };
  let healthy = true;
  let passes = 0;
  let failures = 0;
  for (;;) {
    await clock.sleep(health.intervalMs, signal).catch(() => undefined);
    if (signal.aborted) return undefined;
    const result = await probe(target, signal);
    if (signal.aborted) return undefined;
    passes = result.type === "pass" ? passes + 1 : 0;
    failures = result.type === "pass" ? 0 : failures + 1;
    if (!healthy && passes >= health.healthyAfter) onHealth((healthy = true));
    if (healthy && failures >= health.unhealthyAfter) onHealth((healthy = false));
    if (result.type === "fail" && failures >= health.unhealthyAfter * (1 + PATIENCE)) return result.answer;
  }
};
