import { z } from "zod";

export interface SettingInfo {
  /** Completes "must be …". */
  expects?: string;
  /** The type as docs/config.md shows it. */
  type?: string;
  /** The default in words, where it is no plain value. */
  defaultText?: string;
  /** A part of the configuration: a section of docs/config.md. */
  part?: Part;
}

export interface Part {
  /** Anchor in docs/config.md. */
  anchor: string;
  title: string;
  intro: string;
}

/** What the schema knows beyond zod, for messages and docs. */
export const settings = z.registry<SettingInfo>();

/** A value with its own words for "must be …" and for the docs. */
export const leaf = <T extends z.ZodType>(
  schema: T,
  info: Required<Pick<SettingInfo, "expects" | "type">>,
): T => {
  settings.add(schema, info);
  return schema;
};

/** A section of the configuration. Unknown settings are refused. */
export const part = <T extends z.ZodRawShape>(about: Part, shape: T): z.ZodObject<T, z.core.$strict> => {
  const schema = z.strictObject(shape);
  settings.add(schema, { part: about });
  return schema;
};

export const required = <T extends z.ZodType>(schema: T, meaning: string): T => schema.describe(meaning);

/** May be left out. `fallback` is the default as a person would write it; `defaultText` says it in words instead. */
export const optional = <T extends z.ZodType>(
  schema: T,
  meaning: string,
  options: { fallback?: unknown; defaultText?: string } = {},
): z.ZodOptional<T> => {
  const described = schema
    .optional()
    .meta({ description: meaning, ...("fallback" in options ? { default: options.fallback } : {}) });
  if (options.defaultText !== undefined) settings.add(described, { defaultText: options.defaultText });
  return described;
};
