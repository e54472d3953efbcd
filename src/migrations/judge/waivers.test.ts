import { beforeAll, expect, test } from "vitest";
import { RULES } from "./rules.ts";
import { loadParser } from "./sql/parse-sql.ts";
import { found, judged, migration, observation } from "./testbed.ts";
import { readDirectives } from "./waivers.ts";

beforeAll(loadParser);

const RENAME = "ALTER TABLE rides RENAME COLUMN fare TO price;";
const ALLOW = "switchback: allow rename-column because the app reads both names";

test("a waiver with a reason lets the statement below it be, and only that one", () => {
  const judgement = judged(
    migration(`-- ${ALLOW}\n${RENAME}\nALTER TABLE rides RENAME COLUMN note TO remark;`),
  );
  expect(found(judgement, "rename-column").map(({ line, waived }) => [line, waived])).toEqual([
    [2, { reason: "the app reads both names" }],
    [3, null],
  ]);
  expect(judgement.verdict).toBe("block");
});

test("behind a statement, or inside it, a waiver is about that one", () => {
  for (const text of [
    `${RENAME} -- ${ALLOW}`,
    `ALTER TABLE rides\n  -- ${ALLOW}\n  RENAME COLUMN fare TO price;`,
  ])
    expect(found(judged(migration(text)), "rename-column")[0]?.waived).not.toBeNull();
});

test("`in this file` lets every statement be; in a program any waiver does", () => {
  const text = `${RENAME}\n-- switchback: allow rename-column in this file because nothing reads them\nSELECT 1;\n`;
  expect(judged(migration(text)).verdict).toBe("pass");
  for (const mark of ["//", "#", "/*", " *"]) {
    const source = `${mark} ${ALLOW}${mark === "/*" ? " */" : ""}\nrun()`;
    const program = migration("", { source, sql: null, observation: observation([{ sql: RENAME }]) });
    const [finding] = found(judged(program), "rename-column");
    expect(finding?.waived, mark).toEqual({ reason: "the app reads both names" });
  }
});

test("without a reason it has no effect, and is told", () => {
  for (const end of ["", " because", " because "]) {
    const judgement = judged(migration(`-- switchback: allow rename-column${end}\n${RENAME}`));
    expect(found(judgement, "rename-column")[0]?.waived).toBeNull();
    expect(found(judgement, "waiver-without-reason")[0]).toMatchObject({ line: 1, level: "warn" });
  }
});

test("a rule that is not there is told, with the one that was meant", () => {
  const judgement = judged(migration(`-- switchback: allow renaming-column because x\n${RENAME}`));
  expect(found(judgement, "waiver-unknown-rule")[0]?.what).toBe(
    'There is no rule "renaming-column". Did you mean rename-column?',
  );
});

test("a comment that is not understood is told; a waiver that lets nothing be is worth knowing", () => {
  const judgement = judged(migration(`-- switchback: ignore all\n-- ${ALLOW}\nSELECT 1;`));
  expect(found(judgement, "waiver-unreadable")[0]).toMatchObject({ line: 1 });
  expect(found(judgement, "waiver-unused")[0]).toMatchObject({ line: 2, level: "info" });
});

test("rules about waivers are tried here", () => {
  const ids = RULES.filter(({ family }) => family === "waivers").map(({ id }) => id);
  expect(ids).toEqual(["waiver-without-reason", "waiver-unknown-rule", "waiver-unreadable", "waiver-unused"]);
});

test("what is told of the migration as a whole is let be by any waiver of its file", () => {
  const text = "-- switchback: allow irreversible-down because a column more harms nobody\nSELECT 1;\n";
  const judgement = judged(migration(text, { reversible: false }));
  expect(found(judgement, "irreversible-down")[0]?.waived).not.toBeNull();
  expect(judged(migration("SELECT 1", { reversible: false })).verdict).toBe("warn");
  expect(found(judged(migration("SELECT 1", { reversible: null })), "irreversible-down")).toEqual([]);
});

test("text that only looks like a directive is none", () => {
  expect(readDirectives("SELECT 'switchback: contract';\n-- switchbacks: contract", new Set())).toMatchObject(
    {
      contract: false,
      problems: [],
    },
  );
});
