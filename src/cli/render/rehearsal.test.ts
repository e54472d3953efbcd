import { createColors } from "picocolors";
import { expect, test } from "vitest";
import type { Digest } from "../../domain/digest.ts";
import type { MigrationFinding, Rehearsal } from "../../domain/rehearsal.ts";
import { rehearsalMarkdown } from "./rehearsal-markdown.ts";
import { renderRehearsal, renderRehearsedMigration } from "./rehearsal.ts";

const look = { colours: createColors(false), columns: 80 };

const finding = (change: Partial<MigrationFinding> = {}): MigrationFinding => ({
  ...{ rule: "rename-column", level: "block", migration: "0010_price", line: 3, object: "public.rides.fare" },
  statement: "ALTER TABLE rides RENAME COLUMN fare TO price",
  what: "It renames rides.fare to price.",
  why: "The release before fails in every statement that names it.",
  instead: "Add the new column, write both, drop the old one later.",
  instructions: ["ALTER TABLE rides ADD COLUMN price numeric(10,2);"],
  ...{ estimate: null, waived: null },
  ...change,
});

const rehearsal = (change: Partial<Rehearsal> = {}): Rehearsal => ({
  ...{
    format: 1,
    from: "19be0c55a1f2".padEnd(64, "0") as Digest,
    to: "4f9c21ab07d3".padEnd(64, "0") as Digest,
  },
  ...{ key: "0".repeat(64) as Digest, origin: "recorded", server: { major: 18, version: "18.4" } },
  migrations: [
    {
      ...{ name: "0010_price", kind: "contract", because: "renames rides.fare to price", durationMs: 12 },
      ...{ statements: 2, rewrites: ["public.rides"], scans: ["public.rides", "app.logs"] },
      locks: [{ table: "public.rides", mode: "AccessExclusiveLock", heldMs: 3 }],
    },
  ],
  findings: [finding()],
  proofs: [
    { name: "up", outcome: "held", detail: "1 migration" },
    { name: "down-data", outcome: "failed", detail: "public.rides.note: every value is gone" },
    { name: "earlier-boots", outcome: "not-tried", detail: "down failed" },
  ],
  ...{ verdict: "block", cannot: null, wayBack: "restore", because: "down loses rides.note" },
  ...{ schema: null, durationMs: 1_834 },
  ...change,
});

const shown = (change: Partial<Rehearsal> = {}, verbose = false): string =>
  renderRehearsal(look, rehearsal(change), { environment: "staging", exitCode: 3, verbose }).join("\n");

test("it says what runs with its locks, what is wrong and how to write it, what was proved, and what to type", () => {
  expect(shown()).toBe(
    `Rehearsal  r-19be0c55a1f2 → r-4f9c21ab07d3
           PostgreSQL 18.4 on the recorded schema · 1.8 s
  0010_price  contract · 2 statements · 12 ms
    because  renames rides.fare to price
    locks    AccessExclusive lock on rides for 3 ms
    work     rewrites rides · reads all of app.logs

✘ rename-column  0010_price:3
    ALTER TABLE rides RENAME COLUMN fare TO price
    what     It renames rides.fare to price.
    why      The release before fails in every statement that names it.
    instead  Add the new column, write both, drop the old one later.
             ALTER TABLE rides ADD COLUMN price numeric(10,2);

✔ up                      1 migration
✘ data after down         public.rides.note: every value is gone
– release before starts   down failed

Way back   a snapshot is restored, by explicit word only: down loses rides.note

✘ does not run: 1 blocks

next  switchback migrate explain rename-column
      switchback migrate rehearse staging                                 exit 3`,
  );
});

test("a rule that several places break is told once, and the worst first", () => {
  const lines = shown({
    findings: [
      finding({ level: "info", rule: "several-alters", what: "Altered twice." }),
      finding({ migration: "0011_more", line: null }),
      finding(),
    ],
  });
  expect(lines.match(/The release before fails/g)).toHaveLength(1);
  expect(lines.match(/ADD COLUMN price/g)).toHaveLength(1);
  expect(lines).toContain("✘ rename-column  0011_more, 0010_price:3");
  expect(lines.indexOf("rename-column")).toBeLessThan(lines.indexOf("several-alters"));
  expect(lines).not.toContain("several-alters  0010_price:3\n    ALTER");
});

test("what is waived is shown with its reason and stops nothing", () => {
  const waived = finding({ waived: { reason: "nothing reads it" } });
  const lines = shown({ findings: [waived], verdict: "pass", wayBack: "stay" });
  expect(lines).toContain("! rename-column  0010_price:3\n    waived   nothing reads it");
  expect(lines).toContain("✔ 1 migration: nothing stands in the way");
  expect(lines).toContain("next  switchback deploy staging");
});

test("what could not be rehearsed is never shown as a pass", () => {
  const cannot = { code: "X", message: "there is no postgis here", hint: "install it" };
  const change = { verdict: "cannot-rehearse" as const, cannot, findings: [], migrations: [], proofs: [] };
  const lines = shown(change);
  expect(lines).toContain("✘ nothing was proved: there is no postgis here\n    instead  install it");
  expect(lines).not.toMatch(/Way back|✔/);
  expect(rehearsalMarkdown(rehearsal(change))).toMatch(/^### ❌ Migrations: nothing was proved/);
});

test("nothing that stands in a migration can draw on the terminal, and 80 columns are enough", () => {
  const evil = finding({
    statement: `\u001b[31mSELECT '${"x".repeat(200)}'`,
    what: `It is ${"long ".repeat(60)}\u001b[2J`,
    instructions: [`-- ${"a comment ".repeat(20)}`, `SELECT ${"column_name, ".repeat(20)} 1;`],
  });
  const lines = shown({ findings: [evil] }, true);
  expect(lines).not.toContain("\u001b");
  expect(Math.max(...lines.split("\n").map(({ length }) => length))).toBeLessThanOrEqual(80);
  const comments = lines.split("\n").filter((line) => line.includes("a comment"));
  expect(comments.length).toBeGreaterThan(1);
  for (const comment of comments) expect(comment.trim()).toMatch(/^-- /);
});

test("one migration alone is shown with all that is known of it", () => {
  const note = finding({ rule: "several-alters", level: "info" });
  const lines = renderRehearsedMigration(look, rehearsal({ findings: [note] }), "0010_price").join("\n");
  expect(lines).toContain("0010_price  contract");
  expect(lines).toContain("why      The release before fails");
  expect(renderRehearsedMigration(look, rehearsal({ findings: [] }), "0010_price").at(-1)).toBe(
    "nothing is wrong with it",
  );
  expect(renderRehearsedMigration(look, rehearsal(), "0099_none")).toEqual([]);
});

test("a comment has one table of migrations, each rule folded away, what blocks unfolded", () => {
  const page = rehearsalMarkdown(
    rehearsal({ findings: [finding(), finding({ rule: "no-lock-timeout", level: "warn" })] }),
  );
  expect(page).toContain(
    "| `0010_price` | contract: renames rides.fare to price | AccessExclusive lock on rides for 3 ms<br>rewrites rides<br>reads all of app.logs | ❌ 1 ⚠️ 1 |",
  );
  expect(page).toContain(
    "<details open><summary>❌ <b>rename-column</b> <code>0010_price:3</code></summary>",
  );
  expect(page).toContain("<details><summary>⚠️ <b>no-lock-timeout</b>");
  expect(page).toContain("```sql\nALTER TABLE rides ADD COLUMN price numeric(10,2);\n```");
  expect(page).toContain("| ❌ | data after down | public.rides.note: every value is gone |");
  const twice = rehearsalMarkdown(rehearsal({ findings: [finding(), finding({ line: 9 })] }));
  expect(twice.match(/ADD COLUMN price/g)).toHaveLength(1);
  expect(page.match(/<details/g)?.length).toBe(page.match(/<\/details>/g)?.length);
});

test("what others wrote breaks neither the table nor a block, and mentions nobody", () => {
  const page = rehearsalMarkdown(
    rehearsal({
      findings: [
        finding({
          statement: "SELECT '```\n</details>'",
          what: "It says <script> | *bold* @octocat",
          instructions: ["SELECT '````';"],
        }),
      ],
    }),
  );
  expect(page).toContain("It says &lt;script> \\| \\*bold\\* @\u200boctocat");
  expect(page).toContain("````sql\nSELECT '```\n");
  expect(page).toContain("`````sql\nSELECT '````';\n`````");
});

test("a comment stays short enough for GitHub", () => {
  const many = Array.from({ length: 200 }, (_, index) =>
    finding({ rule: `rule-${index}`, what: "long ".repeat(200) }),
  );
  const page = rehearsalMarkdown(rehearsal({ findings: many }));
  expect(page.length).toBeLessThan(65_536);
  expect(page).toMatch(/… and \d+ more rules: `switchback migrate rehearse`/);
});
