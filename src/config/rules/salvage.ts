import type { Path } from "../problem.ts";
import type { Draft } from "./draft.ts";

/** Takes the places with a wrong shape out of a plain copy, so that the rules can judge the rest. Changes `input`. */
export const salvage = (input: unknown, wrong: readonly Path[]): Draft => {
  const names = {
    services: namesIn(input, "services"),
    sites: namesIn(input, "sites"),
    environments: namesIn(input, "environments"),
  };
  for (const path of wrong) removeAt(input, path);
  return { config: isObject(input) && !wrong.some((path) => path.length === 0) ? input : {}, wrong, names };
};

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const namesIn = (input: unknown, key: string): string[] | null => {
  if (!isObject(input)) return null;
  const members = input[key];
  if (members === undefined) return [];
  return isObject(members) ? Object.keys(members) : null;
};

/** A list with a wrong item that is no object is dropped whole: its other items mean little without it. */
const removeAt = (input: unknown, path: Path): void => {
  let parent: unknown = input;
  for (const [depth, key] of path.entries()) {
    if (typeof parent !== "object" || parent === null) return;
    const members = parent as Record<string, unknown>;
    const value = members[String(key)];
    const listItem = Array.isArray(value) && depth === path.length - 2;
    if (depth === path.length - 1 || listItem) {
      delete members[String(key)];
      return;
    }
    parent = value;
  }
};
