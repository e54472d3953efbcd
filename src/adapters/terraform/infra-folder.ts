import { createHash, randomBytes } from "node:crypto";
import { chmod, link, mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { InfraFolder, PlanMode, SavedPlan } from "../../ports/infra.ts";

export interface InfraFolderOptions {
  /** Absolute. */
  folder: string;
  /** `infra/staging` */
  name: string;
  stateDir: string;
  env: Record<string, string | undefined>;
  /** Of the program: another one may plan otherwise. */
  version: () => Promise<string>;
}

const SAVED = "plan.json";
const MADE = "saved.tfplan";
const LOOK = "drift.tfplan";
const OF_A_ROOT = /\.(tf|tofu|tf\.json|tofu\.json|tfvars|tfvars\.json)$|^\.terraform\.lock\.hcl$/;
const NOT_OF_A_MODULE = new Set([".terraform", ".git", "tests", "examples", "node_modules"]);

/** A root folder on the disk. Files are created whole or not at all, and none that is there is ever written over by `add`. */
export const makeInfraFolder = (options: InfraFolderOptions): InfraFolder => {
  const { folder, name, stateDir } = options;
  const names = (): Promise<string[]> => readdir(folder).catch(absent([]));
  const has = async (file: string): Promise<boolean> => (await names()).includes(file);
  return {
    path: name,
    has,
    isThere: async () => (await names()).some((file) => /\.(tf|tofu)(\.json)?$/.test(file)),
    add: async (files) => {
      const written: string[] = [];
      for (const [file, text] of Object.entries(files))
        if (await createOnly(join(folder, file), text)) written.push(file);
      return written;
    },
    remove: (file) => rm(join(folder, file), { force: true }),
    write: (file, text) => replaceFile(join(folder, file), text, 0o644),
    digest: async () => {
      const hash = createHash("sha256").update(await options.version());
      for (const [file, bytes] of await inputsOf(folder))
        hash.update(`\0${file}\0${bytes.length}\0`).update(bytes);
      for (const [key, value] of Object.entries(options.env).sort())
        if (key.startsWith("TF_VAR_")) hash.update(`\0${key}\0${value}`);
      return hash.digest("hex");
    },
    planFile: async (mode: PlanMode) => {
      await mkdir(stateDir, { recursive: true, mode: 0o700 });
      await chmod(stateDir, 0o700);
      return join(stateDir, mode === "look" ? LOOK : MADE);
    },
    savedPlan: async () => {
      try {
        return savedPlanIn(JSON.parse(await readFile(join(stateDir, SAVED), "utf8")));
      } catch {
        // Damaged or absent is the same to whoever wants to apply: there is nothing that was looked at.
        return null;
      }
    },
    savePlan: (plan) => replaceFile(join(stateDir, SAVED), `${JSON.stringify(plan)}\n`, 0o600),
    forgetPlan: async (mode) => {
      const files = mode === "look" ? [LOOK] : [SAVED, MADE];
      for (const file of files) await rm(join(stateDir, file), { force: true });
    },
  };
};

const absent =
  <T>(value: T) =>
  (error: NodeJS.ErrnoException): T => {
    if (error.code === "ENOENT") return value;
    throw error;
  };

const savedPlanIn = (json: unknown): SavedPlan | null => {
  const { file, mode, digest, madeAt, begun } = (json ?? {}) as Partial<SavedPlan>;
  return typeof file === "string" &&
    (mode === "apply" || mode === "destroy") &&
    typeof digest === "string" &&
    typeof madeAt === "string"
    ? { file, mode, digest, madeAt, begun: begun === true }
    : null;
};

const temporary = async (path: string, text: string, mode: number): Promise<string> => {
  await mkdir(dirname(path), { recursive: true });
  const file = `${path}.${randomBytes(4).toString("hex")}.new`;
  await writeFile(file, text, { mode, flag: "wx" });
  return file;
};

const replaceFile = async (path: string, text: string, mode: number): Promise<void> =>
  rename(await temporary(path, text, mode), path);

/** False: it is there already, and stays as it is. */
const createOnly = async (path: string, text: string): Promise<boolean> => {
  const file = await temporary(path, text, 0o644);
  try {
    await link(file, path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  } finally {
    await rm(file, { force: true });
  }
};

/** Every file that a plan follows from, by a name that is the same on every machine. */
const inputsOf = async (folder: string): Promise<[string, Buffer][]> => {
  const root = (await readdir(folder).catch(absent<string[]>([]))).filter((file) => OF_A_ROOT.test(file));
  const found: [string, Buffer][] = [];
  for (const file of root.sort()) found.push([file, await readFile(join(folder, file))]);
  for (const [key, path] of await modulesOf(folder))
    for (const file of await filesBelow(join(folder, path)))
      found.push([`${key}/${file}`, await readFile(join(folder, path, file))]);
  return found;
};

/** The modules that `init` found, by their key; the root left out. */
const modulesOf = async (folder: string): Promise<[string, string][]> => {
  const text = await readFile(join(folder, ".terraform/modules/modules.json"), "utf8").catch(absent(null));
  if (text === null) return [];
  try {
    const { Modules } = JSON.parse(text) as { Modules?: { Key: string; Dir: string }[] };
    return (Modules ?? [])
      .filter(({ Key, Dir }) => typeof Key === "string" && Key !== "" && typeof Dir === "string")
      .map(({ Key, Dir }): [string, string] => [Key, Dir])
      .sort();
  } catch {
    return [];
  }
};

const filesBelow = async (folder: string, below = ""): Promise<string[]> => {
  const entries = await readdir(join(folder, below), { withFileTypes: true }).catch(absent([]));
  const found: string[] = [];
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = below === "" ? entry.name : `${below}/${entry.name}`;
    if (entry.isFile()) found.push(path);
    else if (entry.isDirectory() && !NOT_OF_A_MODULE.has(entry.name))
      found.push(...(await filesBelow(folder, path)));
  }
  return found;
};
