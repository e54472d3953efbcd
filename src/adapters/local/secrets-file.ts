import { constants } from "node:fs";
import { open, stat } from "node:fs/promises";
import { dirname } from "node:path";
import { AppError } from "../../domain/errors.ts";
import { makeFolder, translateWriteError, writeDurably } from "./durable-file.ts";

export interface StoredSecret {
  /** The version that a new deployment binds; null after a removal. */
  current: string | null;
  /** Number of the newest version ever: a removed secret's versions are never given out again for other values. */
  last: number;
  versions: Record<string, string>;
}

export interface SecretsContent {
  format: 1;
  /** Environment → name. */
  environments: Record<string, Record<string, StoredSecret>>;
}

const unsafe = (path: string, why: string, hint: string): AppError =>
  new AppError("SECRETS_UNSAFE", `${path} ${why}`, { hint, context: { path } });

const checkPrivate = (path: string, stats: { uid: number; mode: number }, mode: string): void => {
  const uid = process.getuid?.();
  if (uid !== undefined && stats.uid !== uid)
    throw unsafe(path, "belongs to another user", `find out who made it; it must be yours`);
  if ((stats.mode & 0o077) !== 0) throw unsafe(path, "can be read by other users", `chmod ${mode} ${path}`);
};

const corrupt = (file: string, cause?: unknown): AppError =>
  new AppError("STORE_CORRUPT", `the secrets file ${file} is damaged`, {
    hint: "restore it from a copy, or move it away and set the secrets again",
    context: { file },
    // The parser's message may quote a value.
    ...(cause instanceof Error ? { cause: cause.name } : {}),
  });

const parse = (text: string, file: string): SecretsContent => {
  let content: SecretsContent;
  try {
    content = JSON.parse(text) as SecretsContent;
  } catch (error) {
    throw corrupt(file, error);
  }
  if (typeof content?.format === "number" && content.format > 1)
    throw new AppError("FORMAT_TOO_NEW", `${file} was written by a newer version of Switchback`, {
      hint: "upgrade Switchback, then run the command again",
    });
  if (content?.format !== 1 || typeof content.environments !== "object") throw corrupt(file);
  return content;
};

/** All secrets of the app. Throws SECRETS_UNSAFE before a byte is read when others could read or replace the file. */
export const readSecrets = async (file: string): Promise<SecretsContent> => {
  const folder = await stat(dirname(file)).catch(() => null);
  if (folder === null) return { format: 1, environments: {} };
  checkPrivate(dirname(file), folder, "700");
  let handle;
  try {
    handle = await open(file, constants.O_RDONLY | constants.O_NOFOLLOW);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT") return { format: 1, environments: {} };
    if (code === "ELOOP") throw unsafe(file, "is a link", `put the file itself there`);
    throw translateWriteError(error, file);
  }
  try {
    checkPrivate(file, await handle.stat(), "600");
    return parse(await handle.readFile("utf8"), file);
  } finally {
    await handle.close();
  }
};

/** Durable when it returns, readable by the user alone. */
export const writeSecrets = async (file: string, content: SecretsContent): Promise<void> => {
  await makeFolder(dirname(file), 0o700);
  await writeDurably(file, `${JSON.stringify(content, null, 1)}\n`, 0o600);
};
