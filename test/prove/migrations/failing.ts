import type { Receipt } from "../../../src/domain/receipt.ts";
import { tell, type Checks } from "../common/checks.ts";
import { endStateOf } from "../common/end-state.ts";
import { startLoad, totalOf } from "../common/load.ts";
import { makeProofProject } from "../common/project.ts";

const ENVIRONMENT = "rolling";

/** Fails on what only the live database holds: no rehearsal can know how many notes there are. */
const MIGRATIONS = {
  "0002_tags": "create table tags (id text primary key)",
  "0003_only_few":
    "do $$ begin if (select count(*) from notes) > 150 then raise exception 'too many notes: 0003 was made for 150'; end if; end $$",
};

/** A migration that fails in the middle of a real deployment under load is taken back by the way that was proved. */
export const proveFailing = async (checks: Checks): Promise<void> => {
  const project = await makeProofProject({ [ENVIRONMENT]: { strategy: "rolling" } });
  let keep = true;
  try {
    const first = await project.release({ name: "one" });
    await project.serve(ENVIRONMENT, first);
    await project.run(["run", ENVIRONMENT, "--", "node migrate.mjs seed"]);
    const before = await endStateOf(project, ENVIRONMENT);
    const second = await project.release({ name: "two", migrations: MIGRATIONS });
    const url = new URL((await project.status(ENVIRONMENT)).urls[0]!);
    const load = startLoad({ port: Number(url.port), host: url.hostname, releases: ["one", "two"] });
    const ran = await project.run(["deploy", ENVIRONMENT, "--release", second, "--json"]);
    const report = await load.stop();
    tell(`${totalOf(report)} requests`);
    const receipt = JSON.parse(ran.stdout.trim().split("\n").at(-1) ?? "{}") as Receipt;
    checks.check(
      "exit 1, taken back",
      ran.code === 1 && receipt.outcome === "compensated",
      ran.stdout + ran.stderr,
    );
    checks.check("0 failed requests", report.failed.length === 0, report.failed.slice(0, 5));
    checks.check("0 wrong answers", report.wrong.length === 0, report.wrong.slice(0, 5));
    checks.check("the load was a load", totalOf(report) > 500, totalOf(report));
    const error = receipt.failure?.error;
    const told = JSON.stringify(error ?? null);
    checks.check("the failure is the migration's own words", told.includes("too many notes"), told);
    checks.check(
      "it says which migration is in and which is not",
      told.includes("0002_tags") && told.includes("0003_only_few"),
      told,
    );
    checks.check(
      "the receipt says what stays, and by which proof",
      receipt.notReverted.some(
        ({ what, detail }) =>
          what === "migration 0002_tags" && detail.includes("the release before passed on it"),
      ),
      receipt.notReverted,
    );
    const after = await endStateOf(project, ENVIRONMENT);
    const same = (key: "services" | "sites" | "release") =>
      JSON.stringify(after[key]) === JSON.stringify(before[key]);
    checks.check("what serves is what served", same("services") && same("sites") && same("release"), after);
    checks.check(
      "the schema is as the receipt says",
      after.database.applied.join() === "0001_notes,0002_tags",
      after.database.applied,
    );
    const acknowledged = Number(after.database.rows["notes"]?.count);
    checks.check(
      "no acknowledged row is lost",
      acknowledged >= 200 + report.acknowledged.length,
      acknowledged,
    );
    keep = checks.failed > 0;
  } finally {
    await project.close({ keep });
  }
};
