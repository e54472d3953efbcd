import { closest, distance } from "fastest-levenshtein";

/** The rule that was most likely meant; null when none is near. */
export const nearestRule = (wrong: string, rules: Iterable<string>): string | null => {
  const typed = wrong.slice(0, 100).toLowerCase();
  const ids = [...rules];
  if (ids.length === 0) return null;
  const within = ids.filter((id) => typed.length >= 5 && (id.includes(typed) || typed.includes(id)));
  const best = closest(typed, within.length > 0 ? within : ids);
  return within.length > 0 || distance(typed, best) <= Math.ceil(best.length * 0.4) ? best : null;
};
