import { readdir, readdirSync, type Dirent } from "node:fs";
import { glob, isDynamicPattern, type FileSystemAdapter } from "tinyglobby";
import { AppError } from "../../domain/errors.ts";
import { below } from "./project-path.ts";

/** Never part of an artefact or an input. */
const NEVER = ["**/.git/**", "**/.switchback/**"];

export interface Selection {
  /** Relative to the folder, sorted; links are named, not followed. */
  paths: string[];
  /** Globs that match nothing. */
  empty: string[];
}

/**
 * Files of `folder` by globs; those that begin with `!` take away. Names that begin with a dot are taken when the glob names
 * them or begins with a folder's name (`dist/**` is all of dist), and not for a wildcard at the start (`**`).
 */
export const selectFiles = async (
  folder: string,
  globs: string[],
  ignore: string[] = [],
): Promise<Selection> => {
  const without = globs.filter((pattern) => pattern.startsWith("!")).map((pattern) => pattern.slice(1));
  const paths = new Set<string>();
  const empty: string[] = [];
  for (const pattern of globs) {
    if (pattern.startsWith("!")) continue;
    const unmatchable: string[] = [];
    const found = await glob(pattern, {
      cwd: folder,
      dot: !isDynamicPattern(pattern.replace(/^\.\//, "").split("/")[0]!),
      followSymbolicLinks: false,
      ignore: [...NEVER, ...ignore, ...without],
      fs: linksAsFiles(unmatchable),
    });
    if (unmatchable.length > 0) throw lineBreak(unmatchable[0]!);
    if (found.length === 0) empty.push(pattern);
    for (const path of found) paths.add(path);
  }
  return { paths: [...paths].sort(), empty };
};

/** tinyglobby follows links or leaves them out; here they are entries like files, and the artefact keeps them as links. */
const linksAsFiles = (unmatchable: string[]): FileSystemAdapter => {
  const list = (
    path: string,
    options: { withFileTypes: true },
    done: (error: NodeJS.ErrnoException | null, entries: Dirent[]) => void,
  ): void =>
    readdir(path, options, (error, entries) => {
      for (const { name } of entries ?? []) if (name.includes("\n")) unmatchable.push(`${path}/${name}`);
      done(error, (entries ?? []).map(asFile));
    });
  return { readdir: list as FileSystemAdapter["readdir"] & {} };
};

const asFile = (entry: Dirent): Dirent =>
  entry.isSymbolicLink()
    ? (Object.assign(Object.create(entry), {
        isSymbolicLink: () => false,
        isFile: () => true,
      }) as Dirent)
    : entry;

// No glob's wildcard matches a line break: the file would be left out without a word.
const lineBreak = (path: string): AppError =>
  new AppError("TREE_UNSUPPORTED", `The name ${JSON.stringify(path)} holds a line break`, {
    hint: "rename the file",
    context: { path },
  });

/** Every file and link of a build's output folder, relative to it. `isSource`: the folder is the source folder itself. */
export const filesOfOutput = (root: string, { isSource }: { isSource: boolean }): string[] => {
  const leftOut = isSource ? [".git", ".switchback", "node_modules"] : [".git", ".switchback"];
  const found: string[] = [];
  const folders = [root];
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      if (leftOut.includes(entry.name)) continue;
      const path = `${folder}/${entry.name}`;
      if (entry.isDirectory()) folders.push(path);
      else found.push(below(root, path));
    }
  }
  return found.sort();
};
