import { readFileSync, statSync } from "node:fs";
import { hostname, userInfo } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { afterEach, beforeEach, expect, test } from "vitest";
import { readPlan } from "../../infra/read-plan.ts";
import type { TerraformEvent } from "../../ports/infra.ts";
import { until } from "../../../test/helpers/system-clock.ts";
import { makeTerraformRoot } from "../../../test/helpers/terraform-root.ts";
import { makeTerraform } from "./terraform.ts";
import { findProgram } from "./find-program.ts";

let root: ReturnType<typeof makeTerraformRoot>;
let file: string;
beforeEach(() => {
  root = makeTerraformRoot();
  file = join(root.project, "plan");
});
afterEach(() => root.close());

/** One resource after the other; each takes as long as its command. */
const chain = (...commands: string[]) =>
  root.write(
    "main.tf",
    commands
      .map(
        (command, index) => `resource "terraform_data" "r${index}" {
  ${index === 0 ? "" : `depends_on = [terraform_data.r${index - 1}]`}
  provisioner "local-exec" {
    command = ${JSON.stringify(command)}
  }
}`,
      )
      .join("\n"),
  );

const plan = async () => {
  const terraform = root.open();
  await terraform.init({});
  await terraform.plan({ file, mode: "apply" });
  return readPlan(await terraform.show(file)).changes.map(({ address, action }) => `${action} ${address}`);
};

/** Starts an apply and waits until the resource is begun. */
const applyUntil = async (
  address: string,
  signals: { interrupt?: AbortSignal; abort?: AbortSignal } = {},
) => {
  let begun = false;
  const onEvent = (event: TerraformEvent) => {
    if (event.type === "started" && event.address === address) begun = true;
  };
  const ended = root.open().apply({ file, onEvent, ...signals });
  const result = ended.then(
    () => null,
    (error: unknown) => error,
  );
  await until(() => begun);
  return result;
};

const pidOfRun = () =>
  (JSON.parse(readFileSync(join(root.stateDir, "run.json"), "utf8")) as { pid: number }).pid;

test("the first interrupt stops it with its state saved, and the next apply makes the rest", async () => {
  chain("true", "sleep 2", "true");
  await plan();
  const interrupt = new AbortController();
  const result = applyUntil("terraform_data.r1", { interrupt: interrupt.signal });
  await setTimeout(300);
  interrupt.abort();
  expect(await result).toMatchObject({ code: "INTERRUPTED", hint: "go on: switchback infra apply staging" });
  const left = await plan();
  expect(left).not.toContain("create terraform_data.r0");
  expect(left).toContain("create terraform_data.r2");
  await root.open().apply({ file });
  expect(await plan()).toEqual([]);
});

test("an apply whose program is killed goes on from what its state holds", async () => {
  chain("true", "sleep 30", "true");
  await plan();
  let begun = false;
  const ended = root
    .open()
    .apply({ file, onEvent: (event) => (begun ||= event.type === "started" && event.address.endsWith("r1")) })
    .then(
      () => null,
      (error: unknown) => error,
    );
  await until(() => begun);
  process.kill(pidOfRun(), "SIGKILL");
  expect(await ended).toMatchObject({
    code: "OUTCOME_UNKNOWN",
    hint: expect.stringContaining("switchback infra apply staging"),
  });
  chain("true", "true", "true");
  const left = await plan();
  expect(left).not.toContain("create terraform_data.r0");
  expect(left).toContain("create terraform_data.r2");
  await root.open().apply({ file });
  expect(await plan()).toEqual([]);
});

test("the lock of a run that goes on names its holder; a second run of this machine is told to wait for it", async () => {
  chain("sleep 4");
  await plan();
  const other = join(root.project, "elsewhere");
  const elsewhere = makeTerraform({
    program: () => findProgram({ wanted: null, namedBy: "", cwd: root.project, env: root.env }),
    folder: root.folder,
    folderName: "infra/staging",
    stateDir: other,
    stateDirName: other,
    env: root.env,
    self: "ben@desktop",
    clock: { nowMs: Date.now, monotonicMs: () => performance.now(), sleep: (ms) => setTimeout(ms) },
  });
  const result = applyUntil("terraform_data.r0");
  await until(() => true);
  await setTimeout(1_000);
  await expect(root.open().plan({ file: `${file}2`, mode: "apply" })).rejects.toMatchObject({
    code: "INFRA_BUSY",
    message: expect.stringContaining(`process ${pidOfRun()}`),
  });
  await expect(elsewhere.plan({ file: `${file}2`, mode: "apply" })).rejects.toMatchObject({
    code: "INFRA_STATE_LOCKED",
    message: expect.stringContaining(`${userInfo().username}@${hostname()}`),
    hint: expect.stringMatching(
      /wait for it with --wait; .*terraform -chdir=infra\/staging force-unlock [0-9a-f-]{36}/,
    ),
  });
  await elsewhere.plan({ file: `${file}2`, mode: "apply", lockTimeoutMs: 30_000 });
  expect(await result).toBeNull();
});

test("a file that is no Terraform is named with its line", async () => {
  root.write("main.tf", `resource "terraform_data" "a" {\n  inptu = 1\n}\n`);
  await root.open().init({});
  await expect(root.open().plan({ file, mode: "apply" })).rejects.toMatchObject({
    code: "INFRA_FILES_INVALID",
    message: expect.stringContaining("infra/staging/main.tf:2: Unsupported argument"),
    hint: "correct the file, then run it again",
  });
  root.write("main.tf", `resource "terraform_data" "a" {`);
  await expect(root.open().init({})).rejects.toMatchObject({
    code: "INFRA_FILES_INVALID",
    message: expect.stringContaining("infra/staging/main.tf:1"),
  });
});

test("a value that the module refuses is named with its reason", async () => {
  root.write(
    "main.tf",
    `variable "size" {\n  type = number\n  validation {\n    condition = var.size < 3\n    error_message = "size is below 3."\n  }\n}\n`,
  );
  root.write("app.auto.tfvars.json", `{"size": 7}`);
  await root.open().init({});
  await expect(root.open().plan({ file, mode: "apply" })).rejects.toMatchObject({
    code: "INFRA_FILES_INVALID",
    message: expect.stringContaining("size is below 3."),
    hint: expect.stringContaining("switchback.config.ts"),
  });
});

test("a resource that fails is named with its reason; what was made before it stays", async () => {
  chain("true", "echo no more room >&2; exit 7", "true");
  await plan();
  await expect(root.open().apply({ file })).rejects.toMatchObject({
    code: "INFRA_FAILED",
    message: expect.stringMatching(/^terraform_data\.r1: .*exit status 7.*no more room/),
    hint: expect.stringContaining("switchback infra apply staging"),
    context: { resource: "terraform_data.r1", log: ".switchback/infra/staging/apply.log" },
  });
  expect(await plan()).toEqual(["replace terraform_data.r1", "create terraform_data.r2"]);
});

test("a provider that cannot be had is told with where it was looked for", async () => {
  root.write(
    "main.tf",
    `terraform {\n  required_providers {\n    x = { source = "127.0.0.1/none/x" }\n  }\n}\n`,
  );
  await expect(root.open().init({})).rejects.toMatchObject({
    code: "INFRA_PROVIDER_MISSING",
    message: expect.stringContaining("127.0.0.1/none/x"),
  });
});

test("a backend without credentials says so, and never asks", async () => {
  root.write(
    "main.tf",
    `terraform {\n  backend "s3" {\n    bucket = "b"\n    key = "k"\n    region = "eu-north-1"\n  }\n}\n`,
  );
  for (const name of Object.keys(root.env)) if (name.startsWith("AWS_")) delete root.env[name];
  Object.assign(root.env, { AWS_EC2_METADATA_DISABLED: "true", HOME: root.project });
  await expect(root.open().init({})).rejects.toMatchObject({ code: "AWS_CREDENTIALS" });
});

test("a plan and a log hold secrets: their owner alone can read them", async () => {
  root.setRoot({ resources: { a: { input: "1" } } });
  await plan();
  const modes = [file, root.stateDir, join(root.stateDir, "plan.log")].map(
    (path) => statSync(path).mode & 0o777,
  );
  expect(modes).toEqual([0o600, 0o700, 0o600]);
});

test("a workspace that another shell chose does not lead to another state", async () => {
  root.setRoot({ resources: { a: { input: "1" } } });
  await plan();
  await root.open().apply({ file });
  root.env["TF_WORKSPACE"] = "default2";
  expect(await plan()).toEqual([]);
});

test("a state moves to where the files now say that it is kept", async () => {
  chain("true");
  await plan();
  const terraform = root.open();
  await terraform.apply({ file });
  root.write("backend.tf", 'terraform {\n  backend "local" {\n    path = "elsewhere.tfstate"\n  }\n}\n');
  await expect(terraform.init({})).rejects.toMatchObject({ name: "AppError" });
  await terraform.init({ migrate: true });
  expect(readFileSync(join(root.folder, "elsewhere.tfstate"), "utf8")).toContain("terraform_data");
  expect(await plan()).toEqual([]);
});
