// Where Terraform finds the AWS provider: a mirror on this machine when there is one, otherwise the public registry.
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const PLACES = ["/opt", "/usr/local", "/usr/share", "/usr/lib", "/var/lib", "/srv", "/root", "/home"];

/** The folder that holds `registry.terraform.io/hashicorp/aws`; null: none. SWITCHBACK_TF_MIRROR names it. */
const findMirror = () => {
  if (process.env.SWITCHBACK_TF_MIRROR) return process.env.SWITCHBACK_TF_MIRROR;
  const args = [...PLACES, "-maxdepth", "6", "-type", "d", "-path", "*/registry.terraform.io/hashicorp/aws"];
  const { stdout } = spawnSync("find", args, { encoding: "utf8" });
  const [found] = (stdout ?? "").split("\n").filter((line) => line !== "");
  return found?.replace(/\/registry\.terraform\.io\/.*$/, "") ?? null;
};

/** Environment variables for terraform, and what takes their file away again. */
export const terraformEnv = () => {
  const mirror = findMirror();
  const env = { CHECKPOINT_DISABLE: "1", TF_IN_AUTOMATION: "1", TF_INPUT: "0" };
  if (mirror === null) return { env: { ...env, TF_CLI_CONFIG_FILE: "" }, close: () => undefined };
  const folder = mkdtempSync(join(tmpdir(), "switchback-terraform-"));
  const file = join(folder, "terraform.rc");
  writeFileSync(
    file,
    `provider_installation {
  filesystem_mirror {
    path    = ${JSON.stringify(mirror)}
    include = ["registry.terraform.io/*/*"]
  }
}
`,
  );
  return {
    env: { ...env, TF_CLI_CONFIG_FILE: file },
    close: () => rmSync(folder, { recursive: true, force: true }),
  };
};
