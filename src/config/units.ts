const UNIT_MS = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

export const DURATION = /^\d{1,9}(\.\d{1,3})?(ms|s|m|h|d)$/;
export const MEMORY = /^\d{1,6}(\.\d{1,3})?(MB|GB)$/;
export const STORAGE = /^\d{1,6}(GB|TB)$/;
export const PERCENTAGE = /^\d{1,3}(\.\d{1,4})?%$/;

/** Whole milliseconds. The text must match DURATION. */
export const durationMs = (duration: number | string): number => {
  if (typeof duration === "number") return Math.round(duration);
  const unit = /[a-z]+$/.exec(duration)?.[0] as keyof typeof UNIT_MS;
  return Math.round(Number.parseFloat(duration) * UNIT_MS[unit]);
};

/** Whole MiB; MB and GB are binary, as on ECS. The text must match MEMORY. */
export const memoryMb = (memory: string): number =>
  Math.round(Number.parseFloat(memory) * (memory.endsWith("GB") ? 1024 : 1));

/** Whole GiB; GB and TB are binary, as on RDS. The text must match STORAGE. */
export const storageGb = (storage: string): number =>
  Number.parseInt(storage, 10) * (storage.endsWith("TB") ? 1024 : 1);

/** 0 to 1. The text must match PERCENTAGE. */
export const shareOf = (percentage: number | string): number =>
  typeof percentage === "number" ? percentage : Number.parseFloat(percentage) / 100;
