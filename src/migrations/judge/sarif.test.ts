import Ajv from "ajv";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { beforeAll, expect, test } from "vitest";
import type { Rehearsal } from "../../domain/rehearsal.ts";
import { ruleTexts } from "./explain.ts";
import { sarifOf } from "./sarif.ts";
import { loadParser } from "./sql/parse-sql.ts";
import { judged, migration } from "./testbed.ts";

const require = createRequire(import.meta.url);
const json = (path: string): object => JSON.parse(readFileSync(require.resolve(path), "utf8")) as object;

/** The schema of the standard itself. */
const validate = () => {
  const ajv = new Ajv({ schemaId: "auto", meta: false, unknownFormats: "ignore", logger: false });
  ajv.addMetaSchema(json("ajv/lib/refs/json-schema-draft-04.json"));
  return ajv.compile(json("@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json"));
};

beforeAll(loadParser);

const rehearsal = (sql: string, change: Partial<Rehearsal> = {}): Rehearsal => {
  const { findings, verdict } = judged(migration(sql));
  return {
    ...{ format: 1, from: null, to: "sha256:1" as Rehearsal["to"], key: "sha256:2" as Rehearsal["key"] },
    ...{ origin: "recorded", server: { major: 18, version: "18.4" }, migrations: [], findings, proofs: [] },
    ...{ verdict, cannot: null, wayBack: "stay", because: "", schema: null, durationMs: 1 },
    ...change,
  };
};
const options = {
  rules: ruleTexts(),
  files: { "0001_test": "api/migrations/0001 test.sql" },
  version: "0.1.0",
  page: "https://example.com/migration-rules.md",
};

const TEXT = [
  "ALTER TABLE rides DROP COLUMN note;",
  "-- switchback: allow rename-column because nothing reads it",
  "ALTER TABLE rides RENAME COLUMN fare TO price;",
].join("\n");

test("a log is what the standard's own schema asks for", () => {
  const check = validate();
  for (const one of [
    rehearsal(TEXT),
    rehearsal("SELECT 1"),
    rehearsal("SELECT 1", {
      verdict: "cannot-rehearse",
      cannot: { code: "EXTENSION_MISSING", message: "There is no postgis.", hint: "Install it." },
    }),
  ]) {
    check(sarifOf(one, options));
    expect(check.errors ?? []).toEqual([]);
  }
  const { runs } = sarifOf(rehearsal(TEXT), options);
  expect(check({ version: "2.1.0", runs: [{ ...runs[0], results: [{ level: "error" }] }] })).toBe(false);
});

test("each finding stands at its line, with its rule, its level and the safe way", () => {
  const [run] = sarifOf(rehearsal(TEXT), options).runs;
  const result = run?.results.find(({ ruleId }) => ruleId === "rename-column");
  expect(result).toMatchObject({
    level: "error",
    locations: [
      {
        physicalLocation: {
          artifactLocation: { uri: "api/migrations/0001%20test.sql" },
          region: { startLine: 3, snippet: { text: "ALTER TABLE rides RENAME COLUMN fare TO price" } },
        },
      },
    ],
    suppressions: [{ kind: "inSource", justification: "nothing reads it" }],
  });
  expect(result?.message.text).toContain("ALTER TABLE rides ADD COLUMN price numeric(10,2);");
  expect(run?.tool.driver.rules[result?.ruleIndex ?? -1]).toMatchObject({
    id: "rename-column",
    helpUri: "https://example.com/migration-rules.md#rename-column",
  });
  expect(run?.results.find(({ ruleId }) => ruleId === "drop-column")).not.toHaveProperty("suppressions");
});

test("what could not be rehearsed is no success", () => {
  const cannot = { code: "EXTENSION_MISSING", message: "There is no postgis.", hint: "Install it." };
  const [run] = sarifOf(rehearsal("SELECT 1", { cannot, verdict: "cannot-rehearse" }), options).runs;
  expect(run?.invocations[0]).toMatchObject({ executionSuccessful: false });
});
