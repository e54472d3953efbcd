const two = (value: number): string => String(value).padStart(2, "0");

/** `HH:MM:SS` on the reader's clock. */
export const localTime = (ms: number): string => {
  const date = new Date(ms);
  return `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
};

/** `2026-03-04 12:31` on the reader's clock; what is no time is given back as it is. */
export const localDate = (iso: string): string => {
  const date = new Date(iso);
  if (Number.isNaN(date.getTime())) return iso;
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  return `${day} ${two(date.getHours())}:${two(date.getMinutes())}`;
};
