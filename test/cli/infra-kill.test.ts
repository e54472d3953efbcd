import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { makeInfraProject, type InfraProject } from "../helpers/infra-project.ts";
import { until } from "../helpers/system-clock.ts";
import { expectTold } from "../helpers/told.ts";

let project: InfraProject;
beforeEach(() => {
  project = makeInfraProject();
  project.root(
    `resource "terraform_data" "slow" {\n  provisioner "local-exec" {\n    command = "sleep 5"\n  }\n}\n`,
  );
});
afterEach(() => project.close());

const log = () => readFileSync(join(project.folder, ".switchback/infra/staging/apply.log"), "utf8");
const running = () => {
  try {
    return log().includes('"apply_start"');
  } catch {
    return false;
  }
};

test("a command that is killed leaves Terraform to finish: the next waits its turn, and then nothing is left to do", async () => {
  expect((await project.run("infra", "plan", "staging")).code).toBe(0);
  const command = project.start("infra", "apply", "staging", "--yes");
  await until(running);
  command.kill("SIGKILL");
  const error = expectTold(
    await project.run("--json", "infra", "apply", "staging", "--yes"),
    3,
    "INFRA_BUSY",
  );
  expect(error.hint).toContain("tail -f .switchback/infra/staging/apply.log");
  await until(() => log().includes("Apply complete"));
  await until(async () => (await project.run("--json", "infra", "drift", "staging")).code === 0);
  const again = await project.run("--json", "infra", "apply", "staging", "--yes");
  expect([again.code, again.stdout]).toEqual([0, expect.stringContaining('"outcome":"nothing"')]);
}, 90_000);

test("SIGTERM stops it in an orderly way with 130, and the next apply goes on", async () => {
  expect((await project.run("infra", "plan", "staging")).code).toBe(0);
  const command = project.start("infra", "apply", "staging", "--yes");
  const ended = new Promise((settle) => command.once("exit", settle));
  await until(running);
  command.kill("SIGTERM");
  expect(await ended).toBe(130);
  expectTold(await project.run("--json", "infra", "apply", "staging", "--yes"), 3, "INFRA_PLAN_STALE");
  expect((await project.run("infra", "apply", "staging", "--yes")).code).toBe(0);
}, 90_000);
