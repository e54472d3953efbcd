import { describeValue, docsAt, formatPath, type Problem } from "./problem.ts";

const MAX_DEPTH = 32;

/**
 * A copy that holds nothing but objects without prototype, arrays, text, finite numbers, booleans and null. Never throws:
 * functions, dates, cycles, getters that throw and the like become problems, and are left out of the copy.
 */
export const plainCopy = (input: unknown): { value: unknown; problems: Problem[] } => {
  const problems: Problem[] = [];
  const above = new Set<object>();
  const refuse = (path: (string | number)[], found: string, message: string): undefined => {
    problems.push({ path: formatPath(path), found, message, docs: docsAt("values") });
  };

  const copyMembers = (value: object, path: (string | number)[]): unknown => {
    if (Array.isArray(value)) return value.map((item, index) => copy(item, [...path, index]));
    const members: Record<string, unknown> = Object.create(null);
    for (const key of Object.keys(value)) {
      if (key === "__proto__") {
        refuse([...path, key], "the name __proto__", "is not a name that can be used");
        continue;
      }
      members[key] = copy((value as Record<string, unknown>)[key], [...path, key]);
    }
    return members;
  };

  const copyObject = (value: object, path: (string | number)[]): unknown => {
    const odd = oddObject(value);
    if (odd !== null) return refuse(path, odd, `is ${odd}, not plain data`);
    if (above.has(value)) return refuse(path, "an object that holds itself", "leads back to itself");
    if (path.length > MAX_DEPTH) return refuse(path, "an object", "is nested too deeply");
    above.add(value);
    try {
      return copyMembers(value, path);
    } catch (error) {
      return refuse(
        path,
        "an object",
        `cannot be read: ${error instanceof Error ? error.message : "it throws"}`,
      );
    } finally {
      above.delete(value);
    }
  };

  const copy = (value: unknown, path: (string | number)[]): unknown => {
    if (value === null || value === undefined) return value;
    if (typeof value === "object") return copyObject(value, path);
    if (typeof value === "number" && !Number.isFinite(value))
      return refuse(path, String(value), `is ${value}`);
    if (typeof value === "function" || typeof value === "symbol" || typeof value === "bigint") {
      return refuse(path, `a ${typeof value}`, `is a ${typeof value}, not plain data`);
    }
    return value;
  };

  return { value: copy(input, []), problems };
};

/** Objects that are more than their members. An instance of somebody's class passes: its members are what counts. */
const oddObject = (value: object): string | null => {
  if (value instanceof Promise) return "a promise";
  if (value instanceof Date) return "a Date";
  if (value instanceof RegExp) return "a regular expression";
  if (value instanceof Map || value instanceof Set || value instanceof WeakMap || value instanceof WeakSet) {
    return `a ${value.constructor.name}`;
  }
  if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer) return "binary data";
  if (value instanceof Error) return `an error (${describeValue(value.message)})`;
  if (value instanceof String || value instanceof Number || value instanceof Boolean) {
    return "a wrapped value";
  }
  return null;
};
