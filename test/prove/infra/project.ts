import { execFile } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { terraformEnv } from "../../../scripts/terraform-env.mjs";
import { overrideFor, OVERRIDE_FILE } from "../../rig/terraform-override.ts";

export interface Ran {
  code: number;
  stdout: string;
  stderr: string;
}

/** The rideshare example in a folder of its own, without its root folders: they are made as a user's would be. */
export interface InfraProject {
  folder: string;
  /** The real command line. */
  switchback(args: string[]): Promise<Ran>;
  /** Terraform itself, in a root folder, as somebody would run it who does not trust us. */
  terraform(root: string, args: string[]): Promise<Ran>;
  /** Amazon's own command line; its answer, parsed. Throws with what it printed. */
  aws(args: string[]): Promise<unknown>;
  /** Changes the configuration's text; the result puts it back. */
  configure(change: (text: string) => string): () => void;
  /** What the rig needs in a root folder, and a real account does not. */
  prepareForRig(root: string): void;
  close(options: { keep: boolean }): void;
}

export const makeInfraProject = (rig: Record<string, string>): InfraProject => {
  const folder = mkdtempSync(join(tmpdir(), "switchback-infra-"));
  cpSync("examples/rideshare", folder, {
    recursive: true,
    filter: (path) => !/(^|\/)(node_modules|dist|infra|\.switchback)(\/|$)/.test(path),
  });
  mkdirSync(join(folder, "node_modules"));
  symlinkSync(resolve("."), join(folder, "node_modules/switchback"));
  const terraform = terraformEnv();
  const env = {
    ...process.env,
    ...rig,
    ...terraform.env,
    // Amazon S3 answers under host names that nobody resolves here.
    TF_CLI_ARGS_init: "-backend-config=use_path_style=true",
    NO_COLOR: "1",
  };
  const run = (program: string, args: string[], cwd: string): Promise<Ran> =>
    new Promise((settle) => {
      const options = { cwd, env, maxBuffer: 256 * 1024 * 1024 };
      execFile(program, args, options, (error, stdout, stderr) => {
        const code = error === null ? 0 : typeof error.code === "number" ? error.code : -1;
        settle({ code, stdout, stderr });
      });
    });
  const config = join(folder, "switchback.config.ts");
  const rootAt = (root: string) => join(folder, "infra", root);
  return {
    folder,
    switchback: (args) => run(process.execPath, [resolve("dist/main.js"), ...args], folder),
    terraform: (root, args) => run("terraform", args, rootAt(root)),
    aws: async (args) => {
      const { code, stdout, stderr } = await run("aws", [...args, "--output", "json"], folder);
      if (code !== 0) throw new Error(`aws ${args.join(" ")}: ${stderr}`);
      return stdout.trim() === "" ? null : (JSON.parse(stdout) as unknown);
    },
    configure: (change) => {
      const before = readFileSync(config, "utf8");
      const after = change(before);
      if (after === before) throw new Error("the configuration has no such place");
      writeFileSync(config, after);
      return () => writeFileSync(config, before);
    },
    prepareForRig: (root) => {
      const main = readFileSync(join(rootAt(root), "main.tf"), "utf8");
      const aliases = [...main.matchAll(/alias\s*=\s*"(\w+)"/g)].map(([, alias]) => alias!);
      if (!existsSync(join(rootAt(root), OVERRIDE_FILE)))
        writeFileSync(join(rootAt(root), OVERRIDE_FILE), overrideFor(aliases));
    },
    close: ({ keep }) => {
      terraform.close();
      if (!keep) rmSync(folder, { recursive: true, force: true });
    },
  };
};
