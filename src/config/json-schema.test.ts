import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { jsonSchema } from "./json-schema.ts";
import { fullConfig, problemsIn, smallConfig, withValue } from "./testbed.ts";

type Schema = Record<string, unknown>;
type Check = (value: unknown, schema: Schema) => boolean;

const isObject = (value: unknown): value is Schema =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const schemas = (value: unknown): Schema[] => value as Schema[];

const TYPES: Record<string, (value: unknown) => boolean> = {
  object: isObject,
  array: Array.isArray,
  string: (value) => typeof value === "string",
  number: (value) => typeof value === "number",
  integer: Number.isInteger,
  boolean: (value) => typeof value === "boolean",
  null: (value) => value === null,
};

/** The keywords that the schema uses; any other fails the test below. */
const KEYWORDS: Record<string, Check> = {
  type: (value, { type }) => [type].flat().some((one) => TYPES[one as string]?.(value) === true),
  enum: (value, schema) => (schema["enum"] as unknown[]).includes(value),
  const: (value, schema) => schema["const"] === value,
  pattern: (value, { pattern }) =>
    typeof value !== "string" || new RegExp(pattern as string, "u").test(value),
  minimum: (value, { minimum }) => typeof value !== "number" || value >= (minimum as number),
  maximum: (value, { maximum }) => typeof value !== "number" || value <= (maximum as number),
  minItems: (value, { minItems }) => !Array.isArray(value) || value.length >= (minItems as number),
  items: (value, { items }) => !Array.isArray(value) || value.every((item) => fits(item, items as Schema)),
  anyOf: (value, { anyOf }) => schemas(anyOf).some((schema) => fits(value, schema)),
  oneOf: (value, { oneOf }) => schemas(oneOf).filter((schema) => fits(value, schema)).length === 1,
  required: (value, { required }) =>
    !isObject(value) || (required as string[]).every((key) => Object.hasOwn(value, key)),
  propertyNames: (value, { propertyNames }) =>
    !isObject(value) || Object.keys(value).every((key) => fits(key, propertyNames as Schema)),
  properties: (value, { properties }) =>
    !isObject(value) ||
    Object.entries(properties as Schema).every(
      ([key, schema]) => !Object.hasOwn(value, key) || fits(value[key], schema as Schema),
    ),
  additionalProperties: (value, { additionalProperties, properties = {} }) =>
    !isObject(value) ||
    Object.entries(value)
      .filter(([key]) => !Object.hasOwn(properties as Schema, key))
      .every(([, member]) => isObject(additionalProperties) && fits(member, additionalProperties)),
};
/** Words for people; `format` says in a name what `pattern` checks. */
const ANNOTATIONS = ["$schema", "title", "description", "default", "format"];

const fits = (value: unknown, schema: Schema): boolean =>
  Object.keys(schema).every((keyword) => {
    const check = KEYWORDS[keyword];
    if (check === undefined && !ANNOTATIONS.includes(keyword)) throw new Error(`unknown keyword ${keyword}`);
    return check === undefined || check(value, schema);
  });

const schema = jsonSchema();

test.each([
  ["small", smallConfig()],
  ["full", fullConfig()],
])("the %s example fits the JSON Schema and is accepted", (_name, config) => {
  expect(fits(config, schema)).toBe(true);
  expect(problemsIn(config)).toEqual([]);
});

const P = "environments.production";

describe("both refuse", () => {
  test.each([
    ["name", undefined],
    ["name", "Shop"],
    ["nme", "shop"],
    ["services.api.comand", "x"],
    ["services.api.path", "../x"],
    ["services.api.path", "a\nb"],
    ["services.api.health.pth", "/"],
    ["services.api.route", "api"],
    ["services.api.port", 0],
    ["services.api.port", 1.5],
    ["services.api.files", []],
    ["services.api.memory", "256"],
    ["services.api.stop", "10 s"],
    ["services.api.env.lower", "x"],
    ["services.api.env.A", null],
    ["services.api.secrets", { A: true }],
    ["services.Upper", { path: "a", command: "x" }],
    ["sites.web.fallback", "a/b.html"],
    ["database", "mysql"],
    ["cache", {}],
    ["buckets", [1]],
    [`${P}.platform`, "gcp"],
    [`${P}.strategy`, "fast"],
    [`${P}.strategy`, { type: "fast" }],
    [`${P}.strategy`, { type: "rolling", percents: [1] }],
    [`${P}.smoke`, ["x"]],
    [`${P}.freeze.0.from`, "tomorrow"],
    [`${P}.gates.maxErrorRate`, "1 %"],
    [`${P}.approval`, 1],
  ])("%s = %j", (at, value) => {
    const config = withValue(fullConfig(), at, value);
    expect(fits(config, schema)).toBe(false);
    expect(problemsIn(config)).not.toEqual([]);
  });
});

test("what the JSON Schema refuses, parseApp refuses", () => {
  const paths = [
    "name",
    "services.api",
    "services.api.health",
    `${P}.strategy`,
    `${P}.smoke`,
    "database",
    "buckets",
  ];
  fc.assert(
    fc.property(fc.constantFrom(...paths), fc.jsonValue({ maxDepth: 2 }), (at, value) => {
      const config = withValue(fullConfig(), at, value);
      if (!fits(config, schema)) expect(problemsIn(config)).not.toEqual([]);
    }),
    { numRuns: 300 },
  );
});

test("every setting has a description, and those that may be left out of a service have their default", () => {
  const service = ((schema["properties"] as Schema)["services"] as Schema)["additionalProperties"] as Schema;
  expect((service["properties"] as Record<string, Schema>)["memory"]).toMatchObject({
    description: expect.any(String),
    default: "256MB",
  });
  const bare: string[] = [];
  const visit = (node: unknown, path: string): void => {
    if (!isObject(node)) return;
    for (const [key, member] of Object.entries((node["properties"] ?? {}) as Schema)) {
      if ((member as Schema)["description"] === undefined) bare.push(`${path}.${key}`);
    }
    for (const [key, member] of Object.entries(node)) {
      if (Array.isArray(member)) member.forEach((one) => visit(one, path));
      else visit(member, `${path}.${key}`);
    }
  };
  visit(schema, "");
  expect(bare).toEqual([]);
});
