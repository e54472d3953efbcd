import type { z } from "zod";
import type { Path } from "../problem.ts";
import { settings, type Part, type SettingInfo } from "./setting.ts";

export type Schema = z.core.$ZodTypes;

/** The schema below `optional` and `nullable`. */
export const unwrap = (schema: z.core.$ZodType): Schema => {
  const { def } = (schema as Schema)._zod;
  return def.type === "optional" || def.type === "nullable" ? unwrap(def.innerType) : (schema as Schema);
};

/** What is known of a schema; the innermost word counts last. */
export const infoOf = (schema: z.core.$ZodType): SettingInfo => {
  const own = (settings.get(schema as z.ZodType) ?? {}) as SettingInfo;
  const { def } = (schema as Schema)._zod;
  return def.type === "optional" || def.type === "nullable" ? { ...infoOf(def.innerType), ...own } : own;
};

export const isNullable = (schema: z.core.$ZodType): boolean => {
  const { def } = (schema as Schema)._zod;
  if (def.type === "nullable") return true;
  return def.type === "optional" && isNullable(def.innerType);
};

export const keysOf = (schema: z.core.$ZodType): string[] => {
  const { def } = unwrap(schema)._zod;
  return def.type === "object" ? Object.keys(def.shape) : [];
};

/** The values of an enum, a literal, or of all branches of a union that are such. */
export const valuesOf = (schema: z.core.$ZodType): string[] => {
  const { def } = unwrap(schema)._zod;
  if (def.type === "enum") return Object.values(def.entries).map(String);
  if (def.type === "literal") return def.values.map(String);
  return def.type === "union" ? def.options.flatMap(valuesOf) : [];
};

const kindOf = (value: unknown): string =>
  Array.isArray(value) ? "array" : value === null ? "null" : typeof value;

const KINDS: Record<string, readonly string[]> = {
  object: ["object"],
  record: ["object"],
  array: ["array"],
  string: ["string"],
  enum: ["string"],
  number: ["number"],
  int: ["number"],
  boolean: ["boolean"],
};

/** Whether a value is of the kind that this schema is about, right or wrong in its details. */
const isAbout = (schema: z.core.$ZodType, value: unknown): boolean => {
  const { def } = unwrap(schema)._zod;
  if (def.type === "union") return def.options.some((option) => isAbout(option, value));
  if (def.type === "literal") return def.values.some((literal) => typeof literal === typeof value);
  return KINDS[def.type]?.includes(kindOf(value)) ?? false;
};

const literalAt = (schema: z.core.$ZodType, key: string): string[] => {
  const { def } = unwrap(schema)._zod;
  const member = def.type === "object" ? def.shape[key] : undefined;
  return member === undefined ? [] : valuesOf(member);
};

/**
 * The index of the branch that a person who wrote `value` had in mind: the one whose discriminator is there, else the
 * first of the same kind; -1 when the value fits none.
 */
export const branchFor = (schema: z.core.$ZodType, value: unknown): number => {
  const { def } = unwrap(schema)._zod;
  if (def.type !== "union") return -1;
  const discriminator = "discriminator" in def ? String(def.discriminator) : null;
  if (discriminator === null || kindOf(value) !== "object") {
    return def.options.findIndex((option) => isAbout(option, value));
  }
  const tag = (value as Record<string, unknown>)[discriminator];
  return def.options.findIndex((option) => literalAt(option, discriminator).includes(tag as string));
};

const stepInto = (schema: z.core.$ZodType, key: string | number, value: unknown): z.core.$ZodType | null => {
  const { def } = unwrap(schema)._zod;
  if (def.type === "object") return def.shape[String(key)] ?? null;
  if (def.type === "record") return def.valueType;
  if (def.type === "array") return def.element;
  if (def.type !== "union") return null;
  const branch = def.options[branchFor(schema, value)];
  if (branch !== undefined) return stepInto(branch, key, value);
  // No branch fits, as with a wrong discriminator: any that has the key tells what belongs there.
  return def.options.map((option) => stepInto(option, key, value)).find((found) => found !== null) ?? null;
};

/** Looks up a value by own keys only. */
export const valueAt = (value: unknown, path: Path): unknown =>
  path.reduce<unknown>(
    (at, key) =>
      typeof at === "object" && at !== null && Object.hasOwn(at, key)
        ? (at as Record<string, unknown>)[String(key)]
        : undefined,
    value,
  );

export interface Place {
  /** Null where the schema knows no such setting. */
  schema: z.core.$ZodType | null;
  /** The innermost part of the configuration that the path goes through. */
  part: Part | null;
}

/** Follows a path through the schema, by the branches that the value takes. */
export const placeOf = (root: z.core.$ZodType, path: Path, input: unknown): Place => {
  let schema: z.core.$ZodType | null = root;
  let part = partFor(root, input);
  for (const [depth, key] of path.entries()) {
    if (schema === null) break;
    schema = stepInto(schema, key, valueAt(input, path.slice(0, depth)));
    if (schema !== null) part = partFor(schema, valueAt(input, path.slice(0, depth + 1))) ?? part;
  }
  return { schema, part };
};

/** The part that a value belongs to: of a union's parts the one of the branch that was meant. */
const partFor = (schema: z.core.$ZodType, value: unknown): Part | null => {
  const own = infoOf(schema).part ?? null;
  const { def } = unwrap(schema)._zod;
  if (def.type === "record") return partFor(def.valueType, null);
  if (def.type === "array") return partFor(def.element, null);
  if (def.type !== "union") return own;
  const branch = def.options[branchFor(schema, value)];
  const fitting = branch === undefined ? null : partFor(branch, value);
  return (
    fitting ??
    own ??
    def.options.map((option) => partFor(option, null)).find((found) => found !== null) ??
    null
  );
};
