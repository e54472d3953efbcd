import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { MigrationFinding, Rehearsal, RehearsalProof } from "../../src/domain/rehearsal.ts";
import type { Release } from "../../src/domain/release.ts";
import type { SchemaScript } from "../../src/migrations/catalog/types.ts";
import { rehearse } from "../../src/migrations/rehearse/rehearse.ts";
import type { RehearsalRequest } from "../../src/migrations/rehearse/types.ts";
import { depsFor, makeToolProject, requestFor } from "./tools/rig.ts";

const COMMANDS = {
  folder: "migrations",
  up: "switchback-migrate up",
  upTo: 'switchback-migrate up --to "{to}"',
  down: 'switchback-migrate down --to "{to}"',
  status: "switchback-migrate status",
};

let project: Awaited<ReturnType<typeof makeToolProject>>;
let earlier: Release;
let script: SchemaScript;
beforeAll(async () => {
  project = await makeToolProject("plain-sql", COMMANDS);
  earlier = await project.release("earlier");
  const recordSchema = (made: SchemaScript) => {
    script = made;
    return Promise.resolve("");
  };
  const shown = await rehearse(requestFor(null, earlier), { ...depsFor(project.host), recordSchema });
  expect(shown).toMatchObject({ from: null, origin: "empty", cannot: null, wayBack: "stay" });
});
afterAll(() => project.close());

interface Change {
  /** Name → text of the only new migrations. */
  migrations: Record<string, string>;
  /** Instead of the earlier service's routes. */
  earlierServer?: string;
  newServer?: string;
}

const serverWith = (routes: string): string =>
  `import { serve } from "./serve.mjs";\nserve({ routes: { ${routes} }, work: (db) => db.query("select 1") });\n`;

const QUIET = serverWith(`"/book": (db) => db.query("select 1"), "/rides": (db) => db.query("select 2")`);

/** A pair of releases with these migrations between them, rehearsed from the recorded schema. */
const rehearsed = async (
  { migrations, earlierServer = QUIET, newServer = QUIET }: Change,
  more: Partial<RehearsalRequest> = {},
): Promise<Rehearsal> => {
  const server = (text: string) => (folder: string) => writeFileSync(join(folder, "server.mjs"), text);
  const from = await project.release("earlier", server(earlierServer));
  const to = await project.release("new", (folder) => {
    server(newServer)(folder);
    for (const name of ["0004_tips", "0005_ratings"]) rmSync(join(folder, "migrations", `${name}.sql`));
    mkdirSync(join(folder, "migrations"), { recursive: true });
    for (const [name, text] of Object.entries(migrations))
      writeFileSync(join(folder, "migrations", `${name}.sql`), text);
  });
  const request = requestFor(from, to);
  return rehearse(
    { ...request, start: { type: "recorded", script }, ...more },
    { ...depsFor(project.host), lingerMs: 300 },
  );
};

const proofOf = (shown: Rehearsal, name: RehearsalProof["name"]): RehearsalProof | undefined =>
  shown.proofs.find((proof) => proof.name === name);
const found = (shown: Rehearsal, rule: string): MigrationFinding | undefined =>
  shown.findings.find((finding) => finding.rule === rule);

describe("what a developer is told", () => {
  test("a down that brings the column back, and not its values", async () => {
    const shown = await rehearsed({
      migrations: {
        "0004_fare": `-- up
alter table rides drop column fare;
-- down
alter table rides add column fare numeric(10, 2);
update rides set fare = 0;
alter table rides alter column fare set not null;
`,
      },
    });
    expect(shown.verdict).toBe("block");
    expect(proofOf(shown, "down-schema")).toMatchObject({ outcome: "held" });
    expect(proofOf(shown, "down-data")).toMatchObject({ outcome: "failed" });
    expect(found(shown, "down-loses-data")).toMatchObject({
      ...{ level: "block", migration: "0004_fare", object: "public.rides.fare" },
      what: "After down, the values of public.rides.fare are not those from before.",
    });
    expect(shown.migrations).toMatchObject([{ kind: "contract" }]);
  });

  test("a rename that breaks the release before, which swallows the error and answers 200", async () => {
    const swallowing = serverWith(`
      "/book": (db) => db.query("select 1"),
      "/rides": (db) => db.query("select id, status from rides").catch(() => ({ rows: [] }))`);
    const shown = await rehearsed({
      migrations: {
        "0004_state": `-- up\nalter table rides rename status to state;\n-- down\nalter table rides rename state to status;\n`,
      },
      earlierServer: swallowing,
    });
    expect(shown.verdict).toBe("block");
    expect(proofOf(shown, "earlier-smoke")).toMatchObject({ outcome: "held" });
    expect(found(shown, "earlier-release-breaks")?.what).toContain(
      'select id, status from rides failed: column "status" does not exist (42703); its health and smoke checks passed all the same',
    );
    expect(shown).toMatchObject({
      wayBack: "down",
      because: expect.stringContaining("earlier-statements failed"),
    });
  });

  test("a release before that stumbles over what the new one has written", async () => {
    const reads = serverWith(`
      "/book": (db) => db.query("select 1"),
      "/rides": async (db) => {
        const { rows } = await db.query("select fare from rides");
        return { rows: rows.map(({ fare }) => fare.toUpperCase()) };
      }`);
    const writes = serverWith(`
      "/book": (db) => db.query("insert into rides (rider_id, fare) select min(id), null from riders"),
      "/rides": (db) => db.query("select 2")`);
    const shown = await rehearsed({
      migrations: {
        "0004_free": `-- up\nalter table rides alter fare drop not null;\n-- down\nalter table rides alter fare set not null;\n`,
      },
      earlierServer: reads,
      newServer: writes,
    });
    expect(proofOf(shown, "earlier-smoke")).toMatchObject({
      ...{ outcome: "failed", detail: "GET /rides answered 500 instead of 200" },
    });
    expect(shown.wayBack).toBe("down");
  });

  test("a migration that fails on rows like the target's: what, where, and nothing else is claimed", async () => {
    const shown = await rehearsed({
      migrations: {
        "0004_tips": "alter table rides add column tip numeric(10, 2);",
        "0005_tips": "alter table rides alter column tip set not null;",
        "0006_more": "create table more (id bigint);",
      },
    });
    expect(shown.verdict).toBe("block");
    expect(shown.proofs).toMatchObject([{ name: "up", outcome: "failed" }]);
    expect(shown.findings).toContainEqual(
      expect.objectContaining({ level: "block", migration: "0005_tips", line: 1 }),
    );
    expect(shown).toMatchObject({ wayBack: "restore", schema: null });
  });

  test.each([
    ["0004_unique", "create unique index rides_status_once on rides (status);", "unique-with-duplicates"],
    [
      "0004_concurrent",
      "create index concurrently rides_fare on rides (fare);",
      "concurrently-in-transaction",
    ],
  ])("%s: %s", async (name, sql, rule) => {
    const shown = await rehearsed({ migrations: { [name]: sql } });
    expect(shown.verdict).toBe("block");
    expect(found(shown, rule)).toMatchObject({ level: "block", migration: name });
  });

  test("a rewrite is judged at the target's size", async () => {
    const size = { table: "public.rides", bytes: 4e9, indexBytes: 1e9, nullFractions: {}, distinct: [] };
    const statistics = [{ ...size, rows: 40_000_000 }];
    const migrations = { "0004_wide": "alter table rides alter column fare type numeric(14, 4);" };
    const [big, small] = [
      await rehearsed({ migrations }, { statistics }),
      await rehearsed({ migrations }, { statistics: [{ ...size, rows: 10, bytes: 8192 }] }),
    ];
    const finding = found(big, "change-type-rewrites");
    expect(finding).toMatchObject({ level: "block", migration: "0004_wide", estimate: { rows: 40_000_000 } });
    expect(found(small, "change-type-rewrites")?.level).not.toBe("block");
  });

  test("a down that leaves something behind, and therefore does not run up again", async () => {
    const shown = await rehearsed({
      migrations: {
        "0004_types": `-- up
create type kind as enum ('a', 'b');
alter table rides add column kind kind;
-- down
alter table rides drop column kind;
`,
      },
    });
    expect(found(shown, "down-schema-differs")?.what).toMatch(
      /^After down, type public\.kind is left over\.$/,
    );
    expect(found(shown, "up-again-differs")?.what).toContain('type "kind" already exists');
    expect(shown).toMatchObject({ verdict: "warn", wayBack: "stay" });
  });

  test("what its file waives with a reason counts no longer, and is still told", async () => {
    const shown = await rehearsed({
      migrations: {
        "0004_note": `-- switchback: allow down-loses-data in this file because nobody ever read it
-- up
alter table riders drop column created_at;
-- down
alter table riders add column created_at timestamptz not null default now();
`,
      },
    });
    expect(found(shown, "down-loses-data")?.waived).toEqual({ reason: "nobody ever read it" });
    expect(proofOf(shown, "down-data")?.outcome).toBe("failed");
  });
});

test("no further than is wanted: what comes after is neither run nor judged", async () => {
  const migrations = { "0004_a": "create table a (id bigint);", "0005_b": "create table b (id bigint);" };
  const shown = await rehearsed({ migrations }, { upTo: "0004_a" });
  expect(shown.migrations.map(({ name }) => name)).toEqual(["0004_a"]);
});

test("the schema that a rehearsal ends with is what the next one begins with", async () => {
  const migrations = { "0004_a": "-- up\ncreate table a (id bigint);\n-- down\ndrop table a;\n" };
  const recorded: SchemaScript[] = [];
  const to = await project.release("new");
  await rehearse(
    { ...requestFor(earlier, to), start: { type: "recorded", script } },
    {
      ...depsFor(project.host),
      recordSchema: (made) => {
        recorded.push(made);
        return Promise.resolve("");
      },
    },
  );
  const later = await project.release("new", (folder) =>
    Object.entries(migrations).forEach(([name, text]) =>
      writeFileSync(join(folder, "migrations", `${name.replace("0004", "0006")}.sql`), text),
    ),
  );
  const next = await rehearse(
    { ...requestFor(to, later), start: { type: "recorded", script: recorded[0]! } },
    depsFor(project.host),
  );
  expect(next).toMatchObject({ cannot: null, wayBack: "stay", verdict: expect.not.stringMatching("block") });
  expect(next.migrations.map(({ name }) => name)).toEqual(["0006_a"]);
});

describe("what cannot be rehearsed is never a pass", () => {
  const expectCannot = (shown: Rehearsal, code: string, message: RegExp): void => {
    expect(shown).toMatchObject({ verdict: "cannot-rehearse", proofs: [], schema: null });
    expect(shown.cannot).toMatchObject({ code, message: expect.stringMatching(message) });
    expect(shown.cannot?.hint).not.toBe("");
  };
  const none = { migrations: { "0004_a": "select 1;" } };

  test("a server version that is not there", async () => {
    expectCannot(await rehearsed(none, { major: 11 }), "REHEARSAL_IMPOSSIBLE", /PostgreSQL 11/);
  });

  test("an extension that is not there", async () => {
    const extensions = [{ name: "no_such_extension", version: "1.0", schema: "public" }];
    const shown = await rehearsed(none, { start: { type: "recorded", script: { ...script, extensions } } });
    expectCannot(shown, "REHEARSAL_IMPOSSIBLE", /no_such_extension/);
  });

  test("a tool that is not there", async () => {
    const to = await project.release("new");
    const migrations = { ...to.migrations!, up: "no-such-tool up" };
    const request = {
      ...requestFor(earlier, { ...to, migrations }),
      start: { type: "recorded" as const, script },
    };
    expectCannot(await rehearse(request, depsFor(project.host)), "MIGRATION_TOOL_FAILED", /no-such-tool up/);
  });

  test("a release before that does not start even on its own schema leaves its proofs untried", async () => {
    const shown = await rehearsed({ ...none, earlierServer: "process.exit(7);\n" });
    expect(proofOf(shown, "earlier-boots")).toMatchObject({
      ...{ outcome: "not-tried", detail: expect.stringContaining("not even on its own schema") },
    });
    expect(shown.verdict).not.toBe("pass");
    expect(found(shown, "earlier-release-not-tried")).toBeDefined();
  });
});

test("an aborted rehearsal rejects, and its server is gone", async () => {
  const stop = new AbortController();
  const deps = depsFor(project.host);
  let data = "";
  const running = rehearse(
    { ...requestFor(earlier, await project.release("new")), start: { type: "recorded", script } },
    {
      ...deps,
      signal: stop.signal,
      startServer: async (options) => {
        const server = await deps.startServer(options);
        data = server.url("postgres");
        return server;
      },
      onProgress: (text) => {
        if (text.startsWith("running")) stop.abort(new Error("enough"));
      },
    },
  );
  await expect(running).rejects.toThrow("enough");
  const { default: pg } = await import("pg");
  await expect(new pg.Client(data).connect()).rejects.toThrow(/ECONNREFUSED|ECONNRESET/);
});
