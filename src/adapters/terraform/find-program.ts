import { execFile } from "node:child_process";
import { access, constants } from "node:fs/promises";
import { delimiter, isAbsolute, join, resolve } from "node:path";
import { AppError } from "../../domain/errors.ts";

export interface Program {
  /** "terraform" or "tofu", whatever the file is called. */
  name: "terraform" | "tofu";
  /** Absolute. */
  path: string;
  version: string;
}

export interface ProgramRequest {
  /** A name on the PATH, or a path; null: terraform, else tofu. */
  wanted: string | null;
  /** Who named it, for messages. */
  namedBy: string;
  cwd: string;
  env: Record<string, string | undefined>;
}

const OLDEST = [1, 11] as const;
const INSTALL = "install Terraform 1.11 or newer (developer.hashicorp.com/terraform/install), or OpenTofu";

/** A program that can be worked with. INFRA_PROGRAM_MISSING where there is none, INFRA_PROGRAM_OLD below 1.11. */
export const findProgram = async (request: ProgramRequest): Promise<Program> => {
  const { wanted, namedBy } = request;
  for (const name of wanted === null ? ["terraform", "tofu"] : [wanted]) {
    const path = await findOnPath(name, request);
    if (path !== null) return checked(path, await versionOf(path, request));
  }
  throw wanted === null
    ? new AppError("INFRA_PROGRAM_MISSING", "Neither terraform nor tofu is on the PATH.", { hint: INSTALL })
    : new AppError("INFRA_PROGRAM_MISSING", `${namedBy} names ${wanted}, and there is no such program.`, {
        hint: `correct ${namedBy}, or leave it away where terraform or tofu is on the PATH`,
        context: { program: wanted },
      });
};

const findOnPath = async (
  name: string,
  { cwd, env }: Pick<ProgramRequest, "cwd" | "env">,
): Promise<string | null> => {
  const places =
    isAbsolute(name) || name.includes("/")
      ? [resolve(cwd, name)]
      : (env["PATH"] ?? "")
          .split(delimiter)
          .filter((folder) => folder !== "")
          .flatMap((folder) => [
            join(folder, name),
            ...(process.platform === "win32" ? [join(folder, `${name}.exe`)] : []),
          ]);
  for (const place of places) if (await isRunnable(place)) return place;
  return null;
};

const isRunnable = (path: string): Promise<boolean> =>
  access(path, constants.X_OK).then(
    () => true,
    () => false,
  );

/** What `version -json` says; the key is `terraform_version` in OpenTofu too. */
const versionOf = (path: string, { cwd, env }: Pick<ProgramRequest, "cwd" | "env">): Promise<string> =>
  new Promise((settle, reject) => {
    const fail = (why: string) =>
      reject(
        new AppError("INFRA_PROGRAM_MISSING", `${path} does not tell its version: ${why}.`, {
          hint: INSTALL,
          context: { program: path },
        }),
      );
    const options = { cwd, env: { ...env, CHECKPOINT_DISABLE: "1" }, timeout: 30_000 };
    execFile(path, ["version", "-json"], options, (error, stdout) => {
      if (error !== null)
        return fail(error.killed === true ? "no answer within 30 s" : firstLine(error.message));
      try {
        const { terraform_version: version } = JSON.parse(stdout) as { terraform_version?: unknown };
        if (typeof version === "string") return settle(version);
        fail("it is not told");
      } catch {
        fail(`it prints "${firstLine(stdout).slice(0, 80)}"`);
      }
    });
  });

const firstLine = (text: string): string => text.trim().split("\n")[0] ?? "";

const checked = (path: string, version: string): Program => {
  const [, major = "0", minor = "0"] = /^(\d+)\.(\d+)/.exec(version) ?? [];
  const name = /tofu[^/\\]*$/.test(path) ? "tofu" : "terraform";
  if (Number(major) > OLDEST[0] || (Number(major) === OLDEST[0] && Number(minor) >= OLDEST[1]))
    return { name, path, version };
  throw new AppError(
    "INFRA_PROGRAM_OLD",
    `${path} is version ${version}; 1.11 is the oldest that can be used.`,
    {
      hint: `${INSTALL}; passwords would stand in the state of an older one`,
      context: { program: path, version },
    },
  );
};
