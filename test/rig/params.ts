import { formOf, type Call } from "./call.ts";

export type Param = string | Param[] | { [name: string]: Param };
export type Params = Record<string, Param | undefined>;

const collapse = (value: Param): Param => {
  if (typeof value === "string" || Array.isArray(value)) return value;
  const names = Object.keys(value);
  if (names.length > 0 && names.every((name) => /^\d+$/.test(name)))
    return names.sort((a, b) => Number(a) - Number(b)).map((name) => collapse(value[name]!));
  const inner = Object.fromEntries(Object.entries(value).map(([name, one]) => [name, collapse(one)]));
  // `Tags.member.1` and `Tags.Tag.1` are both the first of Tags.
  const [only] = Object.values(inner);
  return names.length === 1 && Array.isArray(only) ? only : inner;
};

/** The parameters of a query-protocol call: dotted names are objects, numbered ones lists. */
export const paramsOf = (call: Call): Params => {
  const tree: { [name: string]: Param } = {};
  for (const [path, text] of formOf(call)) {
    const names = path.split(".");
    let at = tree;
    for (const name of names.slice(0, -1)) {
      const next = at[name];
      at = at[name] = typeof next === "object" && !Array.isArray(next) ? next : {};
    }
    at[names.at(-1)!] = text;
  }
  return Object.fromEntries(Object.entries(tree).map(([name, value]) => [name, collapse(value)]));
};

export const text = (value: Param | undefined, otherwise = ""): string =>
  typeof value === "string" ? value : otherwise;

export const texts = (value: Param | undefined): string[] =>
  Array.isArray(value) ? value.filter((one) => typeof one === "string") : [];

export const objects = (value: Param | undefined): { [name: string]: Param }[] =>
  Array.isArray(value)
    ? value.filter((one): one is { [name: string]: Param } => typeof one === "object" && !Array.isArray(one))
    : [];
