import { lstatSync, readdirSync } from "node:fs";
import { AppError } from "../../domain/errors.ts";
import { gitFailed, type Git } from "./git.ts";
import { below, isWithin } from "./project-path.ts";

/** What a build makes or fetches is no source, unless git tracks it. */
const LEFT_OUT = ["node_modules", ".git", ".switchback", "dist"];

/** Lists the source files of folders; paths are absolute, real and in no particular order. */
export interface SourceLister {
  list(folder: string): Promise<string[]>;
}

/**
 * With git: what it tracks and what it does not ignore, as it stands on the disk. Without, or when git ignores the folder as
 * a whole: every file, less node_modules, .git, .switchback and dist. `expected` folders are listed by one call of git.
 */
export const makeSourceLister = (git: Git | null, expected: string[]): SourceLister => {
  let first: Promise<string[]> | null = null;
  const fromGit = async (wanted: Git, folder: string): Promise<string[]> => {
    if (!expected.some((known) => isWithin(known, folder))) return gitFiles(wanted, [folder]);
    first ??= gitFiles(wanted, expected);
    return (await first).filter((path) => isWithin(folder, path));
  };
  return {
    async list(folder) {
      if (git === null || !isWithin(git.root, folder)) return walk(folder);
      const listed = await fromGit(git, folder);
      return listed.length > 0 ? listed : walk(folder);
    },
  };
};

const gitFiles = async (git: Git, folders: string[]): Promise<string[]> => {
  const args = ["--literal-pathspecs", "ls-files", "-z", "-co", "--exclude-standard"];
  // Applies to untracked files only.
  for (const name of LEFT_OUT) args.push("-x", name);
  const paths = folders.map((folder) => below(git.root, folder) || ".");
  const result = await git.run([...args, "--", ...paths], { cwd: git.root });
  if (result.exitCode !== 0) throw gitFailed("list the sources", result);
  const found = new Set<string>();
  for (const name of namesOf(result.stdout)) {
    const path = `${git.root}/${name.replace(/\/$/, "")}`;
    if (found.has(path)) continue;
    // A submodule, or a repository inside this one, is one entry: its files are listed by itself.
    if (name.endsWith("/") || isFolder(path)) for (const inner of await nested(git, path)) found.add(inner);
    else found.add(path);
  }
  return [...found];
};

// A submodule's entry carries no slash; whatever has an extension is hardly ever one, but only the disk knows.
const isFolder = (path: string): boolean =>
  lstatSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;

const nested = (git: Git, path: string): Promise<string[]> => {
  const own = lstatSync(`${path}/.git`, { throwIfNoEntry: false });
  return own === undefined ? Promise.resolve(walk(path)) : gitFiles({ ...git, root: path }, [path]);
};

const namesOf = (stdout: Buffer): string[] => {
  const text = stdout.toString("utf8");
  if (text.includes("\uFFFD") && !Buffer.from(text).equals(stdout)) {
    const name = text.split("\0").find((part) => part.includes("\uFFFD")) ?? "";
    throw notUtf8(name);
  }
  return text.split("\0").filter((name) => name !== "");
};

const walk = (root: string): string[] => {
  const found: string[] = [];
  const folders = [root];
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      if (LEFT_OUT.includes(entry.name)) continue;
      const path = `${folder}/${entry.name}`;
      if (entry.isDirectory()) folders.push(path);
      else if (entry.name.includes("\uFFFD") && !lstatSync(path, { throwIfNoEntry: false }))
        throw notUtf8(path);
      else found.push(path);
    }
  }
  return found;
};

const notUtf8 = (path: string): AppError =>
  new AppError("TREE_UNSUPPORTED", `The name of ${path} is not UTF-8`, {
    hint: "rename the file",
    context: { path },
  });
