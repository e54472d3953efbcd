import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findProgram } from "../../src/adapters/terraform/find-program.ts";
import { makeInfraFolder } from "../../src/adapters/terraform/infra-folder.ts";
import { makeTerraform } from "../../src/adapters/terraform/terraform.ts";
import type { Root } from "./memory-terraform.ts";
import { systemClock } from "./system-clock.ts";

/** No file of settings that the machine happens to name; no registry is needed for `terraform_data`. */
export const TERRAFORM_ENV = { ...process.env, TF_CLI_CONFIG_FILE: "", AWS_EC2_METADATA_DISABLED: "true" };

/** The real program on a folder of its own: built-in resources, which need no provider. */
export const makeTerraformRoot = () => {
  const project = mkdtempSync(join(tmpdir(), "sb-"));
  const folder = join(project, "infra/staging");
  const stateDir = join(project, ".switchback/infra/staging");
  mkdirSync(folder, { recursive: true });
  const write = (file: string, text: string) => writeFileSync(join(folder, file), text);
  const env: Record<string, string | undefined> = { ...TERRAFORM_ENV };
  const open = () =>
    makeTerraform({
      program: () => findProgram({ wanted: "terraform", namedBy: "SWITCHBACK_TERRAFORM", cwd: project, env }),
      folder,
      folderName: "infra/staging",
      stateDir,
      stateDirName: ".switchback/infra/staging",
      env,
      self: "anna@laptop",
      clock: systemClock,
    });
  return {
    project,
    folder,
    stateDir,
    env,
    write,
    open,
    infraFolder: () =>
      makeInfraFolder({
        folder,
        name: "infra/staging",
        stateDir,
        env,
        version: () => Promise.resolve("1.11.4"),
      }),
    setRoot: ({ resources, outputs = {} }: Root) =>
      write(
        "main.tf",
        [
          ...Object.entries(resources).map(
            ([name, { input, replaceWith }]) =>
              `resource "terraform_data" "${name}" {\n  input = ${JSON.stringify(input)}\n${
                replaceWith === undefined ? "" : `  triggers_replace = ${JSON.stringify(replaceWith)}\n`
              }}\n`,
          ),
          ...Object.entries(outputs).map(
            ([name, value]) => `output "${name}" {\n  value = ${JSON.stringify(value)}\n}\n`,
          ),
        ].join("\n"),
      ),
    close: () => rmSync(project, { recursive: true, force: true }),
  };
};
