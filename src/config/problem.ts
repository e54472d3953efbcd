/** One thing that is wrong with a configuration, in words for the person who wrote it. */
export interface Problem {
  /** `services.api.health.pth`; empty for the configuration as a whole. */
  path: string;
  /** What stands there, never a value that may be secret. */
  found: string;
  /** Completes the path to a sentence: "is not a setting". */
  message: string;
  allowed?: string[];
  didYouMean?: string;
  /** Page and anchor: `docs/config.md#health`. */
  docs: string;
}

export type Path = readonly (string | number)[];

export const docsAt = (anchor: string): string => `docs/config.md#${anchor}`;

/** As one would write it in JavaScript: `environments.staging.smoke[0]`, `services["my api"]`. */
export const formatPath = (path: Path): string =>
  path.reduce<string>((text, key) => {
    if (typeof key === "number") return `${text}[${key}]`;
    if (!/^[A-Za-z_$][A-Za-z0-9_$-]*$/.test(key)) return `${text}[${quoted(key)}]`;
    return text === "" ? key : `${text}.${key}`;
  }, "");

/** A whole sentence. */
export const sentenceOf = ({ path, message }: Problem): string =>
  `${path === "" ? "the configuration" : path} ${message}`;

const MAX_SHOWN = 60;

const quoted = (text: string): string =>
  JSON.stringify(text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN - 1)}…` : text);

/** What a value is, short enough for one line. The members of objects and lists are not shown. */
export const describeValue = (value: unknown): string => {
  if (value === undefined) return "nothing";
  if (value === null) return "null";
  if (typeof value === "string") return quoted(value);
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  return describeKind(value);
};

/** The kind of a value alone, for places where values may be secret. */
export const describeKind = (value: unknown): string => {
  if (value === undefined) return "nothing";
  if (value === null) return "null";
  if (typeof value === "string") return "text";
  if (Array.isArray(value)) return value.length === 0 ? "an empty list" : "a list";
  if (typeof value === "object") return "an object";
  return typeof value === "number" ? "a number" : `a ${typeof value}`;
};
