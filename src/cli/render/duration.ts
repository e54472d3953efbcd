const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const two = (large: number, largeUnit: string, small: number, smallUnit: string): string =>
  small === 0 ? `${large} ${largeUnit}` : `${large} ${largeUnit} ${small} ${smallUnit}`;

/** For people: `40 ms`, `0.8 s`, `48 s`, `3 min 12 s`, `2 h 5 min`, `3 days`. */
export const formatDuration = (ms: number): string => {
  const whole = Math.max(0, ms);
  if (whole < 100) return `${Math.round(whole)} ms`;
  if (whole < 9_950) return `${(whole / SECOND).toFixed(1)} s`;
  const seconds = Math.round(whole / SECOND);
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3600) return two(Math.floor(seconds / 60), "min", seconds % 60, "s");
  const minutes = Math.round(whole / MINUTE);
  if (minutes < 24 * 60) return two(Math.floor(minutes / 60), "h", minutes % 60, "min");
  const days = Math.round(whole / DAY);
  return days === 1 ? "1 day" : `${days} days`;
};

/** Ticks in whole seconds; nothing within the first. */
export const formatElapsed = (ms: number): string =>
  ms < SECOND ? "" : formatDuration(Math.floor(ms / SECOND) * SECOND).replace(/^(\d)\.0 s$/, "$1 s");

/** One unit only: `now`, `48 s`, `12 min`, `5 h`, `3 days`. */
export const formatAge = (ms: number): string => {
  if (ms < 5 * SECOND) return "now";
  if (ms < MINUTE) return `${Math.floor(ms / SECOND)} s`;
  if (ms < HOUR) return `${Math.floor(ms / MINUTE)} min`;
  if (ms < 2 * DAY) return `${Math.floor(ms / HOUR)} h`;
  return `${Math.floor(ms / DAY)} days`;
};
