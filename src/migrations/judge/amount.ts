const UNITS = ["bytes", "kB", "MB", "GB", "TB"] as const;

/** `9.8 GB`, in steps of 1,024 as PostgreSQL counts them. */
export const bytesText = (bytes: number): string => {
  let [value, unit] = [bytes, 0];
  while (value >= 1000 && unit < UNITS.length - 1) [value, unit] = [value / 1024, unit + 1];
  return `${value < 10 && unit > 0 ? value.toFixed(1) : Math.round(value)} ${UNITS[unit]}`;
};

/** `1,200,000` */
export const numberText = (value: number): string => Math.round(value).toLocaleString("en-US");

/** An estimate, so in one unit: `40 ms`, `2.5 s`, `13 min`, `2.1 h`. */
export const timeText = (ms: number): string => {
  if (ms < 1000) return `${ms < 10 ? Number(ms.toPrecision(1)) : Math.round(ms)} ms`;
  const [value, unit] =
    ms < 60_000 ? [ms / 1000, "s"] : ms < 3_600_000 ? [ms / 60_000, "min"] : [ms / 3_600_000, "h"];
  return `${value < 10 ? Number(value.toFixed(1)) : Math.round(value)} ${unit}`;
};
