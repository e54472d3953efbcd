import { AppError } from "../../domain/errors.ts";

const KEY = /^[A-Za-z0-9][A-Za-z0-9._-]*(\/[A-Za-z0-9][A-Za-z0-9._-]*)*$/;
/** What the names of files and the keys of S3 can both hold. */
const LONGEST = { segment: 200, key: 800 };

/** The key itself, when it is one: letters, digits, `.`, `_` and `-` between slashes, so that it means the same in every store. */
export const checkedKey = (key: string): string => {
  const fits = key.length <= LONGEST.key && key.split("/").every(({ length }) => length <= LONGEST.segment);
  if (!fits || !KEY.test(key)) throw new AppError("BUG", `"${key}" is not a store key`);
  return key;
};

/** The prefix itself, when it names a folder of keys: a key and a slash. */
export const checkedPrefix = (prefix: string): string => {
  if (!prefix.endsWith("/")) throw new AppError("BUG", `"${prefix}" is not a folder of store keys`);
  checkedKey(prefix.slice(0, -1));
  return prefix;
};
