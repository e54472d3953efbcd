import { z } from "zod";
import { nearest } from "./nearest.ts";
import { describeKind, describeValue, docsAt, formatPath, type Path, type Problem } from "./problem.ts";
import {
  branchFor,
  infoOf,
  isNullable,
  keysOf,
  placeOf,
  unwrap,
  valueAt,
  valuesOf,
  type Place,
} from "./schema/walk.ts";
import type { Part } from "./schema/setting.ts";

type Issue = z.core.$ZodIssue;
interface Context {
  root: z.core.$ZodType;
  input: unknown;
}

/** Where a problem of the shape is; the rules leave these places alone. */
export interface PlacedProblem extends Problem {
  at: Path;
}

/** Everything in which `input` differs from the schema, in the schema's order of discovery. Never throws for plain data. */
export const schemaProblems = (root: z.ZodType, input: unknown): PlacedProblem[] => {
  const result = root.safeParse(input);
  if (result.success) return [];
  return withoutMisspelt(result.error.issues.flatMap((issue) => problemsOf(issue, [], { root, input })));
};

/** A required setting that is there under a misspelt name is one slip, not two. */
const withoutMisspelt = (problems: PlacedProblem[]): PlacedProblem[] => {
  const meant = new Set(
    problems.flatMap(({ at, didYouMean, message }) =>
      didYouMean === undefined || message !== UNKNOWN ? [] : [formatPath([...at.slice(0, -1), didYouMean])],
    ),
  );
  return problems.filter(({ path, found }) => found !== "nothing" || !meant.has(path));
};

const UNKNOWN = "is not a setting";

const keyPath = (path: readonly PropertyKey[]): (string | number)[] =>
  path.map((key) => (typeof key === "symbol" ? String(key) : key));

const problemsOf = (issue: Issue, above: Path, context: Context): PlacedProblem[] => {
  const path = [...above, ...keyPath(issue.path)];
  const place = placeOf(context.root, path, context.input);
  const value = valueAt(context.input, path);
  if (issue.code === "unrecognized_keys")
    return issue.keys.map((key) => unknownSetting(key, path, place, value));
  if (issue.code === "invalid_key") return invalidKey(path, context);
  if (issue.code === "invalid_union") {
    const inner = issuesOfBranch(issue, place, value);
    if (inner !== null) return inner.flatMap((nested) => problemsOf(nested, path, context));
  }
  const message = issue.code === "custom" || isLength(issue, value) ? lengthOrCustom(issue) : null;
  const values = "options" in issue && Array.isArray(issue.options) ? issue.options.map(String) : undefined;
  return [problemAt({ path, place, value, context, message, values })];
};

const isLength = (issue: Issue, value: unknown): boolean =>
  (issue.code === "too_small" || issue.code === "too_big") && Array.isArray(value);

const lengthOrCustom = (issue: Issue): string => {
  if (issue.code === "custom") return issue.message;
  const least = issue.code === "too_small" ? Number(issue.minimum) : 1;
  return least > 1 ? `must have ${least} members or more` : "must not be empty";
};

/** The issues of the branch that was meant; null when the union itself says best what is expected. */
const issuesOfBranch = (
  issue: Issue & { code: "invalid_union" },
  place: Place,
  value: unknown,
): Issue[] | null => {
  if (place.schema === null) return null;
  const index = branchFor(place.schema, value);
  const inner = issue.errors[index];
  if (index < 0 || inner === undefined || inner.length === 0) return null;
  const { def } = unwrap(place.schema)._zod;
  const branch = def.type === "union" ? def.options[index] : undefined;
  // Of single values the union knows all forms, a branch only its own.
  return branch !== undefined && hasMembers(branch) ? inner : null;
};

const hasMembers = (schema: z.core.$ZodType): boolean =>
  ["object", "record", "array", "union"].includes(unwrap(schema)._zod.def.type);

const unknownSetting = (key: string, path: Path, place: Place, value: unknown): PlacedProblem => {
  const allowed = allowedKeys(place, value);
  const meant = nearest(key, allowed);
  return {
    at: [...path, key],
    path: formatPath([...path, key]),
    found: `a setting called ${describeValue(key)}`,
    message: UNKNOWN,
    allowed,
    ...(meant === null ? {} : { didYouMean: meant }),
    docs: docsAt(place.part?.anchor ?? "app"),
  };
};

const allowedKeys = (place: Place, value: unknown): string[] => {
  if (place.schema === null) return [];
  const { def } = unwrap(place.schema)._zod;
  if (def.type !== "union") return keysOf(place.schema);
  const branch = def.options[branchFor(place.schema, value)];
  return branch === undefined ? [] : allowedKeys({ ...place, schema: branch }, value);
};

const slug = (key: string): string =>
  key
    .replaceAll(/([a-z0-9])([A-Z])/g, "$1-$2")
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "-")
    .replaceAll(/^[^a-z]+|-+$/g, "");
const constant = (key: string): string =>
  key
    .replaceAll(/([a-z0-9])([A-Z])/g, "$1_$2")
    .toUpperCase()
    .replaceAll(/[^A-Z0-9]+/g, "_")
    .replaceAll(/^[0-9]+/g, "");

/** The name is wrong; what it names is looked at all the same. */
const invalidKey = (path: Path, context: Context): PlacedProblem[] => {
  const key = String(path.at(-1));
  const parent = placeOf(context.root, path.slice(0, -1), context.input);
  const record = recordFor(parent, valueAt(context.input, path.slice(0, -1)));
  if (record === null) return [];
  const meant = [slug(key), constant(key)].find(
    (name) => name !== key && z.safeParse(record.keyType, name).success,
  );
  const inner = z.safeParse(record.valueType, valueAt(context.input, path));
  return [
    {
      at: path,
      path: formatPath(path),
      found: `the name ${describeValue(key)}`,
      message: `is not ${infoOf(record.keyType).expects ?? "a name"}`,
      ...(meant === undefined ? {} : { didYouMean: meant }),
      docs: docsAt(parent.part?.anchor ?? "app"),
    },
    ...(inner.success ? [] : inner.error.issues.flatMap((issue) => problemsOf(issue, path, context))),
  ];
};

const recordFor = (place: Place, value: unknown): z.core.$ZodRecordDef | null => {
  if (place.schema === null) return null;
  const { def } = unwrap(place.schema)._zod;
  if (def.type === "record") return def;
  if (def.type !== "union") return null;
  const branch = def.options[branchFor(place.schema, value)];
  return branch === undefined ? null : recordFor({ ...place, schema: branch }, value);
};

interface At {
  path: Path;
  place: Place;
  value: unknown;
  context: Context;
  message: string | null;
  /** The tags of a union of objects; else the schema knows. */
  values: string[] | undefined;
}

const problemAt = ({ path, place, value, context, message, ...known }: At): PlacedProblem => {
  const values = known.values ?? (place.schema === null ? [] : valuesOf(place.schema));
  const wanted = known.values === undefined ? expected(place) : oneOf(values);
  const meant = typeof value === "string" ? nearest(value, values) : null;
  const missing = value === undefined && path.length > 0;
  return {
    at: path,
    path: formatPath(path),
    found: mayBeSecret(path) ? describeKind(value) : describeValue(value),
    message: message ?? (missing ? `is required: ${wanted}` : `must be ${wanted}`),
    ...(values.length === 0 ? {} : { allowed: values }),
    ...(meant === null ? {} : { didYouMean: meant }),
    docs: docsAt(anchorFor(known.values === undefined ? place.part : null, path, context)),
  };
};

const anchorFor = (part: Part | null, path: Path, context: Context): string =>
  (part ?? placeOf(context.root, path.slice(0, -1), context.input).part)?.anchor ?? "app";

/** Somebody may have put a password where a variable or an address belongs. */
const mayBeSecret = (path: Path): boolean =>
  path.some((key) => ["env", "secrets", "settings", "endpoint"].includes(String(key)));

/** Completes "must be". */
const expected = ({ schema }: Place): string => {
  if (schema === null) return "left out";
  const or = isNullable(schema) ? ", or null" : "";
  return (infoOf(schema).expects ?? byType(schema)) + or;
};

const oneOf = (values: readonly string[]): string =>
  values.length === 1
    ? JSON.stringify(values[0])
    : `one of ${values.map((value) => JSON.stringify(value)).join(", ")}`;

const byType = (schema: z.core.$ZodType): string => {
  const { def } = unwrap(schema)._zod;
  if (def.type === "enum" || def.type === "literal") return oneOf(valuesOf(schema));
  if (def.type === "array") return `a list of ${plural(def.element)}`;
  if (def.type === "record")
    return `an object: ${infoOf(def.keyType).type ?? "name"} → ${describe(def.valueType)}`;
  if (def.type === "object") return `an object with ${keysOf(schema).join(", ")}`;
  return def.type === "union" ? def.options.map(describe).join(", or ") : def.type;
};

const describe = (schema: z.core.$ZodType): string => infoOf(schema).expects ?? byType(schema);

const plural = (element: z.core.$ZodType): string => {
  const { type } = infoOf(element);
  if (type !== undefined) return type === "glob" || type === "name" ? `${type}s` : `${type} values`;
  return unwrap(element)._zod.def.type === "object" ? "objects" : "values";
};
