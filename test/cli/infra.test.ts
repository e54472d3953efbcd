import { chmodSync, existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { makeInfraProject, type InfraProject } from "../helpers/infra-project.ts";
import { expectTold } from "../helpers/told.ts";

let project: InfraProject;
beforeEach(() => {
  project = makeInfraProject();
  project.root(`resource "terraform_data" "a" {\n  input = var.app.log_days\n}\n`);
});
afterEach(() => project.close());

const infra = (...args: string[]) => project.run("infra", ...args);
const json = (...args: string[]) => project.run("--json", "infra", ...args);
const config = () => join(project.folder, "switchback.config.mjs");
const longerLogs = () =>
  writeFileSync(config(), project.config.replace('"protect":false', '"protect":false,"logDays":90'));
const program = (text: string): Record<string, string> => {
  const file = join(project.folder, "own-terraform");
  writeFileSync(file, `#!/bin/sh\n${text}\n`);
  chmodSync(file, 0o755);
  return { SWITCHBACK_TERRAFORM: file };
};

test("plan, apply, outputs, drift and destroy, each with the exit code of what it answers", async () => {
  const planned = await infra("plan", "staging");
  expect([planned.code, planned.stdout]).toEqual([
    0,
    expect.stringContaining("Plan  infra/staging: 1 to create"),
  ]);
  expect(planned.stderr).toContain("next  switchback infra apply staging");
  const applied = await infra("apply", "staging", "--yes");
  expect([applied.code, applied.stdout]).toEqual([
    0,
    expect.stringContaining("https://staging.tiny.example"),
  ]);
  expect(applied.stderr).toMatch(/✔ create {3}terraform_data\.a {2}\d/);
  const outputs = await json("outputs", "staging");
  expect(JSON.parse(outputs.stdout)).toMatchObject({ version: 1, environment: "staging" });
  const drift = await json("drift", "staging");
  expect([drift.code, JSON.parse(drift.stdout)]).toEqual([
    0,
    expect.objectContaining({ drift: [], exitCode: 0 }),
  ]);
  const destroyed = await infra("destroy", "staging", "--yes");
  expect([destroyed.code, destroyed.stderr]).toEqual([0, expect.stringContaining("staging is gone")]);
  expectTold(await json("outputs", "staging"), 3, "INFRA_ABSENT");
}, 60_000);

test("a change of the configuration since the plan is not applied: the new plan is shown, saved, and applied by the next", async () => {
  await infra("plan", "staging");
  longerLogs();
  const error = expectTold(await json("apply", "staging", "--yes"), 3, "INFRA_PLAN_STALE");
  expect(error.hint).toBe("look at it, then: switchback infra apply staging --yes");
  expect((await json("apply", "staging", "--yes")).code).toBe(0);
  expect(project.file("infra/staging/terraform.tfstate")).toContain('"value": 90');
}, 60_000);

test("without a plan, without a person or without a yes nothing is applied", async () => {
  expectTold(await json("apply", "staging", "--yes"), 3, "INFRA_PLAN_MISSING");
  expectTold(await json("apply", "staging"), 3, "INFRA_UNCONFIRMED");
  expect(existsSync(join(project.folder, "infra/staging/terraform.tfstate"))).toBe(false);
}, 60_000);

test("an address that the plan does not destroy is refused", async () => {
  await infra("plan", "staging");
  const ran = await json("apply", "staging", "--yes", "--allow-destroy", "a.b", "--allow-destroy", "c.d");
  const error = expectTold(ran, 2, "INFRA_ALLOW_STALE");
  expect(error.context!["stale"]).toEqual(["a.b", "c.d"]);
}, 60_000);

test("a root folder is made once, and a module that is not there is told with where it was looked for", async () => {
  rmSync(join(project.folder, "infra"), { recursive: true });
  const ran = await json("plan", "staging");
  expect(ran.code).not.toBe(0);
  const main = readFileSync(join(project.folder, "infra/staging/main.tf"), "utf8");
  expect(main).toMatch(/source = "\.\.\/.*\/terraform\/modules\/app"/);
  writeFileSync(join(project.folder, "infra/staging/main.tf"), `${main}\n# mine\n`);
  await json("plan", "staging");
  expect(project.file("infra/staging/main.tf")).toContain("# mine");
}, 60_000);

test.each([
  ["a verb that is none", ["plna", "staging"], 2, "USAGE", "bootstrap|plan|apply"],
  ["no environment", ["plan"], 2, "USAGE", "environment"],
  ["an environment that is none", ["plan", "stagin"], 2, "ENVIRONMENT_UNKNOWN", "staging"],
  ["an environment of this machine", ["plan", "development"], 2, "INFRA_SETTING", "platform"],
  ["--yes where nothing changes", ["drift", "staging", "--yes"], 2, "USAGE", "--yes"],
  ["an option without its value", ["apply", "staging", "--allow-destroy"], 2, "USAGE", "--allow-destroy"],
  ["an option as a value", ["apply", "staging", "--allow-destroy", "--yes"], 2, "USAGE", "--yes"],
] as const)("%s is answered with what was meant", async (_what, args, exit, code, says) => {
  const error = expectTold(await json(...args), exit, code);
  expect(`${error.message} ${error.hint}`).toContain(says);
});

test("a program that is too old, that is none, that is not there or prints nonsense is refused with what to install", async () => {
  const run = (env: Record<string, string>) => project.runWith({ env }, "--json", "infra", "plan", "staging");
  const old = expectTold(await run(program(`echo '{"terraform_version":"1.10.5"}'`)), 3, "INFRA_PROGRAM_OLD");
  expect(old.message).toContain("1.10.5");
  for (const text of ["echo hello", "exit 3", "echo '{}'", "echo 'null'"])
    expectTold(await run(program(text)), 3, "INFRA_PROGRAM_MISSING");
  expectTold(await run({ SWITCHBACK_TERRAFORM: "no-such-program" }), 3, "INFRA_PROGRAM_MISSING");
  expectTold(await run({ PATH: join(project.folder, "empty") }), 3, "INFRA_PROGRAM_MISSING");
  expect((await run(program(`exec terraform "$@"`))).code).toBe(0);
}, 60_000);

test("the configuration names the program, and the environment variable goes before it", async () => {
  const own = program(`exec terraform "$@"`)["SWITCHBACK_TERRAFORM"]!;
  const configured = (name: string) =>
    writeFileSync(
      config(),
      project.config.replace('"environments"', `"aws":{"terraform":"${name}"},"environments"`),
    );
  configured("./own-terraform");
  expect((await json("plan", "staging")).code).toBe(0);
  configured("no-such-program");
  const error = expectTold(await json("plan", "staging"), 3, "INFRA_PROGRAM_MISSING");
  expect(error.message).toBe("aws.terraform names no-such-program, and there is no such program.");
  const named = await project.runWith({ env: { SWITCHBACK_TERRAFORM: own } }, "infra", "plan", "staging");
  expect(named.code).toBe(0);
}, 60_000);

test("a waiver that has expired, or names no policy, is a finding: plan exits 3 and says which; one without use is told", async () => {
  const waive = (rule: string, until: string) =>
    writeFileSync(
      config(),
      project.config.replace(
        '"protect":false',
        `"protect":false,"waive":[{"rule":"${rule}","address":"aws_sqs_queue.*","reason":"holds no data","until":"${until}"}]`,
      ),
    );
  waive("queue-encrypted", "2020-01-31");
  const expired = await infra("plan", "staging");
  expect([expired.code, expired.stdout]).toEqual([
    3,
    expect.stringMatching(
      /✘ waiver of queue-encrypted\n[^]*it expired on 2020-01-31[^]*1 of the waivers wrong +exit 3/,
    ),
  ]);
  waive("queue-encripted", "2999-01-31");
  expect((await infra("plan", "staging")).stdout).toContain('there is no policy "queue-encripted"');
  waive("queue-encrypted", "2999-01-31");
  const unused = await json("plan", "staging");
  expect([unused.code, JSON.parse(unused.stdout)]).toEqual([
    0,
    expect.objectContaining({
      exitCode: 0,
      policies: expect.objectContaining({ waivers: [expect.objectContaining({ problem: "unused" })] }),
    }),
  ]);
}, 60_000);

test("a file of the folder that is no Terraform is told with file and line", async () => {
  project.root("resource {");
  const error = expectTold(await json("plan", "staging"), 2, "INFRA_FILES_INVALID");
  expect(error.message).toMatch(/^infra\/staging\/main\.tf:\d+: /);
});

test("a saved plan that is damaged or gone is no plan", async () => {
  for (const damage of [
    (file: string) => writeFileSync(file, "{"),
    (file: string) => writeFileSync(file, `{"mode":"apply"}`),
    (file: string) => rmSync(file),
  ]) {
    await infra("plan", "staging");
    damage(join(project.folder, ".switchback/infra/staging/plan.json"));
    expectTold(await json("apply", "staging", "--yes"), 3, "INFRA_PLAN_MISSING");
  }
  writeFileSync(join(project.folder, ".switchback/infra/staging/saved.tfplan"), "no plan");
  const ran = await json("apply", "staging", "--yes");
  expect([ran.code, ran.stderr]).not.toEqual([0, ""]);
  expect(existsSync(join(project.folder, "infra/staging/terraform.tfstate"))).toBe(false);
}, 60_000);
