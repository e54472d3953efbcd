import { randomBytes } from "node:crypto";
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { sha256 } from "../../domain/digest.ts";

/** What `writeCache` wrote, or null: `<sha256 of the rest>\n<json>`; anything else, damage included, is no cache. */
export const readCache = (file: string): unknown => {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch {
    return null;
  }
  const line = text.indexOf("\n");
  const body = text.slice(line + 1);
  return text.slice(0, line) === sha256(body) ? (JSON.parse(body) as unknown) : null;
};

/** Appears whole or not at all. It saves time and decides nothing: a read-only project is built all the same. */
export const writeCache = (file: string, value: unknown): void => {
  const body = JSON.stringify(value);
  const temporary = `${file}.${randomBytes(6).toString("hex")}`;
  ignoreFailure(() => {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(temporary, `${sha256(body)}\n${body}`);
    renameSync(temporary, file);
  });
  ignoreFailure(() => rmSync(temporary, { force: true }));
};

const ignoreFailure = (act: () => void): void => {
  try {
    act();
  } catch (error) {
    if (!(error instanceof Error && "syscall" in error)) throw error;
  }
};
