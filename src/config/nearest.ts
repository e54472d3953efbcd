import { distance } from "fastest-levenshtein";

const plain = (text: string): string => text.toLowerCase().replaceAll(/[^a-z0-9]/g, "");

/** The candidate that was most likely meant, or null when none is near. Case and dashes count for nothing; `memoryMb` is near `memory`. */
export const nearest = (wrong: string, candidates: readonly string[]): string | null => {
  const typed = plain(wrong.slice(0, 100));
  if (typed === "") return null;
  let best: { candidate: string; score: number } | null = null;
  for (const candidate of candidates) {
    if (candidate === wrong) continue;
    const score = scoreOf(typed, plain(candidate));
    if (score !== null && (best === null || score < best.score)) best = { candidate, score };
  }
  return best?.candidate ?? null;
};

const scoreOf = (typed: string, candidate: string): number | null => {
  const edits = isSwapped(typed, candidate) ? 1 : distance(typed, candidate);
  const longest = Math.max(typed.length, candidate.length);
  if (edits <= Math.max(1, Math.floor(longest * 0.4))) return edits;
  const begins =
    candidate.length >= 3 &&
    typed.length >= 3 &&
    (typed.startsWith(candidate) || candidate.startsWith(typed));
  return begins ? edits : null;
};

/** Two letters that changed places are one slip: `donw`. */
const isSwapped = (a: string, b: string): boolean => {
  if (a.length !== b.length) return false;
  const differing = [...a].flatMap((letter, index) => (letter === b[index] ? [] : [index]));
  const [first = -1, second = -1] = differing;
  return differing.length === 2 && second === first + 1 && a[first] === b[second] && a[second] === b[first];
};
