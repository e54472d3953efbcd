import { lstatSync, realpathSync, statSync } from "node:fs";
import { isAbsolute, join, normalize } from "node:path";
import { AppError } from "../../domain/errors.ts";

/** `path` equals `folder` or lies below it; both absolute. */
export const isWithin = (folder: string, path: string): boolean =>
  path === folder || path.startsWith(folder.endsWith("/") ? folder : `${folder}/`);

/** The part of `path` below `folder`; "" for the folder itself. */
export const below = (folder: string, path: string): string =>
  path === folder ? "" : path.slice(folder.endsWith("/") ? folder.length : folder.length + 1);

/** The real folder that a setting names below `root` (itself real). Throws PATH_ESCAPES when it, or a link on its way, leads out. */
export const folderInside = (root: string, path: string, setting: string): string => {
  const real = realInside(root, path, setting);
  if (real === null || !statSync(real).isDirectory()) {
    throw new AppError("CONFIG_INVALID", `${setting}: there is no folder ${path}`, {
      hint: `make the folder, or correct ${setting} in switchback.config.ts`,
      context: { setting, path },
    });
  }
  return real;
};

/** As `folderInside`, for what need not be there: null. */
export const realInside = (root: string, path: string, setting: string): string | null => {
  const joined = join(root, path);
  if (isAbsolute(path) || path.includes("\0") || !isWithin(root, normalize(joined).replace(/\/$/, ""))) {
    throw escapes(setting, path);
  }
  if (lstatSync(joined, { throwIfNoEntry: false }) === undefined) return null;
  let real: string;
  try {
    real = realpathSync(joined);
  } catch (error) {
    throw escapes(setting, path, error);
  }
  if (!isWithin(root, real)) throw escapes(setting, path);
  return real;
};

/** Globs may not leave their folder, however it is spelled. */
export const checkGlobs = (globs: string[], setting: string): void => {
  for (const glob of globs) {
    const pattern = glob.replace(/^!/, "");
    const leaves = /(^|[/{,(|])\.\.($|[/},)|])/.test(pattern);
    if (leaves || isAbsolute(pattern) || pattern.includes("\0")) throw escapes(setting, glob);
  }
};

const escapes = (setting: string, path: string, cause?: unknown): AppError =>
  new AppError("PATH_ESCAPES", `${setting}: ${JSON.stringify(path)} leads outside its folder`, {
    hint: `name a path inside the project in ${setting}`,
    context: { setting, path },
    ...(cause === undefined ? {} : { cause }),
  });
