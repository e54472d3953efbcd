import { existsSync, statSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { AppError } from "../../domain/errors.ts";

const NAMES = ["ts", "mts", "js", "mjs"].map((extension) => `switchback.config.${extension}`);

const MINIMAL = `import { defineApp } from "switchback";

export default defineApp({
  name: "my-app",
  services: { api: { path: ".", command: "node server.js", route: "/*" } },
});`;

/**
 * The path of the configuration: the one that was asked for, else the nearest from `cwd` upwards. Throws CONFIG_MISSING
 * when there is none, CONFIG_UNREADABLE when one folder holds several.
 */
export const findConfig = ({ cwd, file }: { cwd: string; file?: string }): string => {
  if (file !== undefined) return named(resolve(cwd, file), file);
  for (let folder = resolve(cwd); ; folder = dirname(folder)) {
    const found = configIn(folder);
    if (found !== null) return found;
    if (dirname(folder) === folder) break;
  }
  throw new AppError("CONFIG_MISSING", `no switchback.config.ts in ${resolve(cwd)} or a folder above`, {
    hint: `write switchback.config.ts into the project's folder, to begin with:\n\n${MINIMAL}`,
    context: { cwd: resolve(cwd), names: NAMES },
  });
};

const named = (path: string, given: string): string => {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (stat?.isFile() === true) return path;
  const inside = stat?.isDirectory() === true ? configIn(path) : null;
  if (inside !== null) return inside;
  const what = stat === undefined ? "does not exist" : "holds no switchback.config.ts";
  throw new AppError("CONFIG_MISSING", `${given} ${what}`, {
    hint: "--config takes the path of a configuration",
  });
};

const configIn = (folder: string): string | null => {
  const found = NAMES.filter((name) => existsSync(join(folder, name)));
  const [first] = found;
  if (found.length > 1) {
    throw new AppError("CONFIG_UNREADABLE", `${folder} holds several configurations: ${found.join(", ")}`, {
      hint: `remove all but one, or say which: --config ${first}`,
      context: { folder, found },
    });
  }
  return first === undefined ? null : join(folder, first);
};
