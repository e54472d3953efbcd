import { spawn } from "node:child_process";
import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { terraformEnv } from "../../scripts/terraform-env.mjs";
import { OVERRIDE_FILE, overrideFor } from "./terraform-override.ts";

export interface Ran {
  status: number;
  /** stdout and stderr, as they came. */
  output: string;
}

export interface Root {
  folder: string;
  /** Never throws for an exit code; `status` 124: it took too long and was stopped. */
  terraform(...args: string[]): Promise<Ran>;
  close(): Promise<void>;
}

const TERRAFORM_MISSING =
  "terraform is not on the PATH, and the rig's proofs need it. Install 1.11 or newer: https://developer.hashicorp.com/terraform/install";

const LIMIT_MS = 15 * 60_000;

const run = (args: string[], { cwd, env }: { cwd: string; env: Record<string, string> }) =>
  new Promise<Ran>((resolve, reject) => {
    const own = Object.entries(process.env).filter(([name]) => !name.startsWith("AWS_"));
    const child = spawn("terraform", args, { cwd, env: { ...Object.fromEntries(own), ...env } });
    let output = "";
    let late = false;
    const keep = (chunk: Buffer) => void (output += chunk.toString("utf8"));
    child.stdout.on("data", keep);
    child.stderr.on("data", keep);
    const timer = setTimeout(() => {
      late = true;
      child.kill("SIGTERM");
    }, LIMIT_MS);
    child.once("error", () => reject(new Error(TERRAFORM_MISSING)));
    child.once("close", (code) => {
      clearTimeout(timer);
      resolve({ status: late ? 124 : (code ?? 1), output });
    });
  });

/** The aliases of provider "aws" in this root: each has to be told the same as the default one. */
const aliasesOf = (text: string) =>
  [...text.matchAll(/^ {2}alias\s+= "([^"]+)"$/gm)].map(([, alias]) => alias!);

/** A copy of a root of ours (main.tf) in a folder of its own, ready for the rig whose environment is given. */
export const openRoot = async (source: string, rigEnv: Record<string, string>): Promise<Root> => {
  const folder = await mkdtemp(join(tmpdir(), "switchback-rig-root-"));
  await cp(source, folder, { recursive: true });
  const main = await readFile(join(folder, "main.tf"), "utf8");
  await writeFile(join(folder, OVERRIDE_FILE), overrideFor(aliasesOf(main)));
  const { env, close } = terraformEnv();
  return {
    folder,
    terraform: (...args) => run(args, { cwd: folder, env: { ...env, ...rigEnv, TF_CLI_ARGS: "-no-color" } }),
    close: async () => {
      close();
      await rm(folder, { recursive: true, force: true });
    },
  };
};
