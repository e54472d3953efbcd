export interface PollState {
  /** Since the wait began. */
  elapsedMs: number;
  /** Answers "throttled" in a row. */
  throttled: number;
  /** 0 to 1, drawn anew each time: many waits at once do not ask in step. */
  jitter: number;
}

const LEAST_MS = 500;
const MOST_MS = 3_000;
const SHARE = 0.05;
const MOST_THROTTLED_MS = 30_000;

/**
 * How long to wait until the next look, in milliseconds: 5 % of the time waited so far, within 0.5 and 3 s; twice that for
 * each throttled answer in a row, up to 30 s; less or more by a tenth. So the end is seen at most 5 % late.
 */
export const pollIntervalMs = ({ elapsedMs, throttled, jitter }: PollState): number => {
  const wanted = Math.min(MOST_MS, Math.max(LEAST_MS, elapsedMs * SHARE));
  const raised = Math.min(MOST_THROTTLED_MS, wanted * 2 ** Math.min(throttled, 10));
  return Math.round(raised * (0.9 + 0.2 * jitter));
};
