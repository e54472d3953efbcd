import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { terraformEnv } from "../../scripts/terraform-env.mjs";
import type { AppVariables } from "../../src/infra/variables.ts";
import { overrideFor, OVERRIDE_FILE } from "../rig/terraform-override.ts";
import type { Rig } from "../rig/rig.ts";

/** `address.attribute` → value, of all that a plan makes. Texts with JSON in them are texts. */
export type Planned = Map<string, unknown>;

const flatten = (value: unknown, path: string, into: Planned): void => {
  if (typeof value !== "object" || value === null) return void into.set(path, value);
  for (const [key, one] of Object.entries(value)) flatten(one, `${path}.${key}`, into);
};

const run = (args: string[], cwd: string, env: Record<string, string | undefined>): Promise<string> =>
  new Promise((settle, fail) => {
    const child = spawn("terraform", args, { cwd, env });
    let [out, wrong] = ["", ""];
    child.stdout.setEncoding("utf8").on("data", (text: string) => (out += text));
    child.stderr.setEncoding("utf8").on("data", (text: string) => (wrong += text));
    child.on("error", fail);
    child.on("close", (code) =>
      code === 0 ? settle(out) : fail(new Error(`terraform ${args.join(" ")}: ${out}${wrong}`)),
    );
  });

/** What the real provider plans for an environment, made from nothing on the rig. */
export const planApp = async (rig: Rig, app: AppVariables): Promise<Planned> => {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "switchback-app-")));
  const terraform = terraformEnv();
  const env = { ...process.env, ...rig.env, ...terraform.env };
  try {
    const main = readFileSync("test/infra/app-environment/main.tf", "utf8");
    // Terraform takes a module by an absolute path as a package, which its neighbours are not in.
    const modules = relative(folder, realpathSync("terraform"));
    writeFileSync(join(folder, "main.tf"), main.replace("../../../terraform", modules));
    writeFileSync(join(folder, OVERRIDE_FILE), overrideFor(["us_east_1"]));
    writeFileSync(join(folder, "app.auto.tfvars.json"), JSON.stringify({ app }));
    await run(["init", "-no-color"], folder, env);
    await run(["plan", "-no-color", "-out=plan", "-lock=false"], folder, env);
    const told = JSON.parse(await run(["show", "-json", "plan"], folder, env)) as {
      resource_changes: { address: string; mode: string; change: { after: unknown } }[];
    };
    const planned: Planned = new Map();
    for (const { address, mode, change } of told.resource_changes)
      if (mode === "managed") flatten(change.after, address.replaceAll("module.", ""), planned);
    return planned;
  } finally {
    terraform.close();
    rmSync(folder, { recursive: true, force: true });
  }
};
