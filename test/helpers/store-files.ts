import { chmodSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Release } from "../../src/domain/release.ts";

/** Where a project's store keeps what; looked up anew each time, as numbers go up. */
export const storeFiles = (folder: string, environment = "development") => {
  const store = join(folder, ".switchback/store");
  const below = (path: string) => readdirSync(join(store, path)).sort();
  const newest = (path: string) => join(store, path, below(path).at(-1)!);
  const at = `environments/${environment}`;
  // One that was recorded anew stands above the damaged one.
  const record = (id: string) =>
    below("releases").includes(`${id}.json.versions`)
      ? newest(`releases/${id}.json.versions`)
      : join(store, `releases/${id}.json`);
  const release = (id: string): Release => JSON.parse(readFileSync(record(id), "utf8")) as Release;
  return {
    lastEntry: () => newest(`${at}/log`),
    middleEntry: () =>
      join(store, `${at}/log`, below(`${at}/log`)[Math.floor(below(`${at}/log`).length / 2)]!),
    head: () => newest(`${at}/head.json.versions`),
    lease: () => newest(`${at}/lease.json.versions`),
    record,
    manifest: (id: string) => join(store, `trees/${release(id).services["api"]!.tree}.json`),
    /** The content of one file of the API. */
    blob: (id: string, path: string) => {
      const tree = JSON.parse(
        readFileSync(join(store, `trees/${release(id).services["api"]!.tree}.json`), "utf8"),
      ) as {
        entries: Record<string, { sha256: string }>;
      };
      const { sha256 } = tree.entries[path]!;
      return join(store, "blobs", sha256.slice(0, 2), sha256);
    },
  };
};

export type Damage = "cut" | "emptied" | "no JSON" | "edited" | "another object" | "a newer format";

const DAMAGES: Record<Damage, (bytes: Buffer) => Buffer> = {
  cut: (bytes) => bytes.subarray(0, Math.floor(bytes.length * 0.6)),
  emptied: () => Buffer.alloc(0),
  "no JSON": () => Buffer.from("\0\0\0\0"),
  // One digit of some digest or number, in a text that is still JSON.
  edited: (bytes) =>
    Buffer.from(
      bytes.toString().replace(/\d(?=[0-9a-f]*"[,}])/, (digit) => String((Number(digit) + 1) % 10)),
    ),
  "another object": () => Buffer.from(`{"events":[{}],"sequence":1,"state":{"sequence":3}}`),
  "a newer format": (bytes) =>
    Buffer.from(
      bytes.toString().replace(/"(minimumReader|format)":1/g, (_all, name: string) => `"${name}":9`),
    ),
};

/** Damages a file as a bad disk or a hand would; the returned function puts it back as it was. */
export const damage = (file: string, how: Damage): (() => void) => {
  const good = readFileSync(file);
  const bad = DAMAGES[how](good);
  if (bad.equals(good)) throw new Error(`${file} was not damaged`);
  return replaceFile(file, bad);
};

/** A single bit, somewhere in the middle: size and times tell nothing. */
export const flipBit = (file: string): (() => void) => {
  const bytes = readFileSync(file);
  bytes[bytes.length >> 1]! ^= 1;
  return replaceFile(file, bytes);
};

/** In place of what stands there, or where its folder is gone too; with these rights. */
export const putFile = (file: string, content: Uint8Array, mode: number): void => {
  mkdirSync(dirname(file), { recursive: true });
  rmSync(file, { force: true });
  writeFileSync(file, content);
  chmodSync(file, mode & 0o777);
};

const replaceFile = (file: string, bytes: Buffer): (() => void) => {
  const good = readFileSync(file);
  const { mode } = statSync(file);
  const put = (content: Buffer) => putFile(file, content, mode);
  put(bytes);
  return () => put(good);
};
