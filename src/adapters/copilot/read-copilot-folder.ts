import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { CopilotFile } from "../../domain/copilot-file.ts";
import { AppError } from "../../domain/errors.ts";
import type { CopilotFiles } from "../../ports/copilot.ts";

const MANIFEST = /(^|\/)manifest\.ya?ml$/;

/** Every file below a folder that fits, by path; none where the folder is not there. */
const filesBelow = async (folder: string, fits: (path: string) => boolean): Promise<CopilotFile[]> => {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  });
  const paths = entries
    .filter((entry) => entry.isFile())
    .map((entry) =>
      join(entry.parentPath, entry.name)
        .slice(folder.length + 1)
        .replaceAll("\\", "/"),
    )
    .filter(fits)
    .sort();
  return Promise.all(paths.map(async (path) => ({ path, text: await readFile(join(folder, path), "utf8") })));
};

/** Reads what the aws command printed into a folder, and Copilot's manifests; those of the folder count first. */
export const makeCopilotFiles = ({ cwd }: { cwd: string }): CopilotFiles => ({
  read: async (given) => {
    const folder = join(given.startsWith("/") ? "" : cwd, given).replace(/\/$/, "");
    const stacks = await readdir(folder, { withFileTypes: true }).catch((error: unknown) => {
      throw new AppError("COPILOT_UNREADABLE", `${given} cannot be read.`, {
        hint: "aws cloudformation describe-stack-resources --stack-name STACK > FOLDER/STACK.json, for each stack of the app",
        context: { path: given },
        cause: error,
      });
    });
    const described = await Promise.all(
      stacks
        .filter((entry) => entry.isFile() && entry.name.endsWith(".json"))
        .map(async ({ name }) => ({ path: name, text: await readFile(join(folder, name), "utf8") })),
    );
    const own = await filesBelow(join(folder, "copilot"), (path) => MANIFEST.test(path));
    const manifests =
      own.length > 0 ? own : await filesBelow(join(cwd, "copilot"), (path) => MANIFEST.test(path));
    return [...described, ...manifests.map(({ path, text }) => ({ path: `copilot/${path}`, text }))];
  },
});
