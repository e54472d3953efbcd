import { lstatSync, readdirSync } from "node:fs";
import type { Digest } from "../../domain/digest.ts";
import { AppError, isAppError } from "../../domain/errors.ts";
import type { FileTree } from "../../domain/file-tree.ts";
import type { Artefacts } from "../../ports/artefacts.ts";
import type { Part } from "./parts.ts";
import { below, realInside } from "./project-path.ts";
import { filesOfOutput, selectFiles } from "./select-files.ts";

const SHOWN = 20;

/** Stores what a part's build made. Throws BUILD_OUTPUT_MISSING for a glob, or a site's folder, that has no files. */
export const takeOutput = async (
  part: Part,
  artefacts: Artefacts,
): Promise<{ digest: Digest; tree: FileTree }> => {
  const { folder, output } = part;
  if (output.type === "files") {
    const { paths, empty } = await selectFiles(folder, output.globs);
    if (empty.length > 0 || paths.length === 0) {
      throw missing(part, `no file fits ${(empty.length > 0 ? empty : output.globs).join(", ")}`, folder);
    }
    return store(part, artefacts.storeTree(folder, paths));
  }
  const { path, setting } = output;
  const real = realInside(folder, below(folder, path) || ".", setting);
  const there = real !== null && lstatSync(real).isDirectory();
  const files = there ? filesOfOutput(real, { isSource: path === folder }) : [];
  if (real === null || files.length === 0) {
    const what = there ? "is empty" : "is not there";
    throw missing(part, `the folder ${below(folder, path) || "."} ${what}`, folder);
  }
  return store(part, artefacts.storeTree(real, files));
};

/** Says of which part it is that a path cannot be stored. */
const store = async <T>({ key }: Part, storing: Promise<T>): Promise<T> => {
  try {
    return await storing;
  } catch (error) {
    if (!isAppError(error)) throw error;
    throw new AppError(error.code, `${key}: ${error.message}`, {
      ...(error.hint === undefined ? {} : { hint: error.hint }),
      context: { ...error.context, part: key },
      cause: error,
    });
  }
};

const missing = (part: Part, what: string, folder: string): AppError => {
  const names = readdirSync(folder, { withFileTypes: true })
    .filter(({ name }) => name !== ".git")
    .map((entry) => (entry.isDirectory() ? `${entry.name}/` : entry.name))
    .sort();
  const more = names.length > SHOWN ? `, and ${names.length - SHOWN} more` : "";
  const there = names.length === 0 ? "nothing" : `${names.slice(0, SHOWN).join(", ")}${more}`;
  const built = part.build === null ? "there is no build command" : `after the build \`${part.build}\``;
  return new AppError("BUILD_OUTPUT_MISSING", `${part.key}: ${what} (${built}); there is ${there}`, {
    hint:
      part.output.type === "files"
        ? "correct `files`, or let the build write them"
        : "set `dist` to the folder that the build writes",
    context: { part: part.key, folder, there: names.slice(0, SHOWN) },
  });
};
