import type { Gates } from "./app-definition.ts";
import type { RevisionMetrics } from "./observed.ts";

export interface GateVerdict {
  holds: boolean;
  /** A sentence without its full stop; empty when the gates hold. */
  why: string;
  outOfMemory: boolean;
  requests: number;
  errors: number;
  errorRate: number;
  lines: string[];
}

/** Whether a candidate keeps the absolute gates. Pure. A crash always breaks them; rates count from `minRequests` on. */
export const judgeGates = (metrics: RevisionMetrics, gates: Gates): GateVerdict => {
  const { requests, errors, crashes, p95Ms } = metrics;
  const errorRate = requests === 0 ? 0 : errors / requests;
  const enough = requests >= gates.minRequests;
  const percent = (rate: number) => `${(rate * 100).toFixed(1)} %`;
  const reasons = [
    crashes > 0
      ? `an instance of the candidate stopped by itself: ${metrics.lastExit ?? "unknown exit"}`
      : null,
    enough && gates.maxErrorRate !== null && errorRate > gates.maxErrorRate
      ? `${percent(errorRate)} of ${requests} requests failed, allowed are ${percent(gates.maxErrorRate)}`
      : null,
    enough && gates.maxP95Ms !== null && p95Ms > gates.maxP95Ms
      ? `95 % of answers take up to ${Math.round(p95Ms)} ms, allowed are ${gates.maxP95Ms} ms`
      : null,
  ].filter((reason) => reason !== null);
  return {
    holds: reasons.length === 0,
    why: reasons.join("; "),
    outOfMemory: crashes > 0 && (metrics.lastExit ?? "").includes("out of memory"),
    requests,
    errors,
    errorRate,
    lines: metrics.lines ?? [],
  };
};
