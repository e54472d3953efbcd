const LOWEST_MS = 0.05;
const GROWTH = 1.15;
const LOG_GROWTH = Math.log(GROWTH);

/** 0.05 ms to about 12 minutes, each bucket 15 % wider than the one before. */
export const BUCKETS = 118;

export const bucketOf = (ms: number): number => {
  if (ms <= LOWEST_MS) return 0;
  const index = Math.ceil(Math.log(ms / LOWEST_MS) / LOG_GROWTH);
  return index < BUCKETS ? index : BUCKETS - 1;
};

/** The upper edge of the bucket in which the quantile lies: at most 15 % too high, never too low. 0 without data. */
export const quantileMs = (counts: Uint32Array, quantile: number): number => {
  let total = 0;
  for (const count of counts) total += count;
  if (total === 0) return 0;
  const rank = Math.max(1, Math.ceil(total * quantile));
  let seen = 0;
  for (let index = 0; index < counts.length; index++) {
    seen += counts[index] ?? 0;
    if (seen >= rank) return Math.round(LOWEST_MS * GROWTH ** index * 1_000) / 1_000;
  }
  return 0;
};
