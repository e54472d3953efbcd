import { beforeAll, describe, expect, test } from "vitest";
import { RULES } from "./rules.ts";
import { loadParser, parseSql } from "./sql/parse-sql.ts";
import { found, judged, migration } from "./testbed.ts";

beforeAll(loadParser);

const OPTIONS: Record<string, Parameters<typeof judged>[1]> = {
  "no-lock-timeout": { timeouts: { lockMs: null, statementMs: null } },
  "no-statement-timeout": { timeouts: { lockMs: null, statementMs: null } },
};

/** A rule of style finds each line by itself, the others the whole. */
const textsOf = (family: string, lines: string[]): string[] =>
  family === "style" ? lines : [lines.join("\n")];

/** What a person is told to run is SQL; `…` stands for what only that person knows. */
const expectSql = (line: string): void => {
  expect(line).not.toMatch(/undefined|\[object/);
  if (!line.includes("…")) expect(parseSql(line), line).toMatchObject({ ok: true });
};

describe("each rule finds what its page shows, and lets the safe way be", () => {
  for (const rule of RULES.filter(({ example }) => example.finds.length > 0)) {
    const options = { style: true, ...OPTIONS[rule.id] };
    test(rule.id, () => {
      for (const text of textsOf(rule.family, rule.example.finds)) {
        const [finding] = found(judged(migration(text), options), rule.id);
        expect(finding, `${text}: ${rule.id}`).toBeDefined();
        expect(finding?.what).not.toMatch(/undefined|\[object/);
        if (rule.family !== "style") for (const line of finding?.instructions ?? []) expectSql(line);
      }
      expect(rule.example.instead.length, "a safe way is shown").toBeGreaterThan(0);
      const safe = judged(migration(rule.example.instead.join("\n")), options);
      expect(found(safe, rule.id)).toEqual([]);
      expect(found(safe, "syntax-error").filter(() => rule.id !== "syntax-error")).toEqual([]);
    });
  }
});
