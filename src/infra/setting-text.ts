const UNITS = [
  ["d", 86_400_000],
  ["h", 3_600_000],
  ["m", 60_000],
  ["s", 1000],
] as const;

/** As the configuration writes it: `"90s"`, `"10m"`, `"500ms"`. */
export const durationText = (ms: number): string => {
  if (ms === 0) return "0s";
  const [unit, size] = UNITS.find(([, length]) => ms % length === 0) ?? ["ms", 1];
  return `${ms / size}${unit}`;
};

/** `"512MB"`, `"1GB"`. */
export const memoryText = (mb: number): string => (mb % 1024 === 0 ? `${mb / 1024}GB` : `${mb}MB`);

/** `"100GB"`, `"1TB"`. */
export const storageText = (gb: number): string => (gb % 1024 === 0 ? `${gb / 1024}TB` : `${gb}GB`);

/** `"60%"`, `"0.5%"`. */
export const percentText = (share: number): string => `${Number((share * 100).toFixed(4))}%`;
