import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

interface TerraformEnv {
  env: Record<string, string>;
  close: () => void;
}

const MISSING =
  "terraform is not on the PATH, and the tests of the infrastructure need it. Install it: https://developer.hashicorp.com/terraform/install";

export interface Terraform {
  /** What it printed. Throws what it printed when it fails. */
  run(args: string[], options: { cwd: string; input?: string }): string;
  close(): void;
}

/** The real Terraform, with the provider where scripts/terraform-env.mjs finds it. */
export const makeTerraform = async (): Promise<Terraform> => {
  const script = pathToFileURL(join(import.meta.dirname, "../../scripts/terraform-env.mjs")).href;
  const { terraformEnv } = (await import(script)) as { terraformEnv: () => TerraformEnv };
  const { env, close } = terraformEnv();
  return {
    run: (args, { cwd, input = "" }) => {
      const ran = spawnSync("terraform", args, {
        cwd,
        input,
        encoding: "utf8",
        env: { ...process.env, ...env },
      });
      if (ran.error !== undefined) throw new Error(MISSING, { cause: ran.error });
      if (ran.status !== 0) throw new Error(`terraform ${args.join(" ")}: ${ran.stdout}${ran.stderr}`);
      return ran.stdout;
    },
    close,
  };
};
