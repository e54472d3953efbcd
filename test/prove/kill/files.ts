import { existsSync, lstatSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { putFile } from "../../helpers/store-files.ts";
import type { DamagePlan, FileKind } from "./scenario.ts";

export interface Damaged {
  kind: FileKind;
  path: string;
  how: DamagePlan["how"];
  /** As it was, to the byte. */
  putBack(): void;
}

const namesIn = (folder: string): string[] => (existsSync(folder) ? readdirSync(folder).sort() : []);
const JSON_FILE = /^[0-9a-f]+\.json$/;

/** Every file of a kind that can be damaged, in a project that is stopped. */
const filesOf = (folder: string, environment: string, kind: FileKind): string[] => {
  const store = join(folder, ".switchback/store");
  const at = join(store, "environments", environment);
  const newest = (name: string) =>
    namesIn(join(at, name))
      .slice(-1)
      .map((file) => join(at, name, file));
  const all = (path: string, fits: RegExp) =>
    namesIn(path)
      .filter((name) => fits.test(name))
      .map((name) => join(path, name));
  switch (kind) {
    case "head":
      return newest("head.json.versions");
    case "lease":
      return newest("lease.json.versions");
    case "entry":
      return all(join(at, "log"), JSON_FILE);
    case "checkpoint":
      return all(join(at, "checkpoints"), JSON_FILE).map(standing);
    case "record":
      return all(join(store, "releases"), JSON_FILE);
    case "tree":
      return all(join(store, "trees"), JSON_FILE);
    case "blob":
      return namesIn(join(store, "blobs")).flatMap((part) =>
        all(join(store, "blobs", part), /^[0-9a-f]{64}$/),
      );
    case "state":
      return [join(folder, ".switchback/local/environments", `${environment}.json`)];
    case "temporary":
      return [join(at, "log", `.tmp-4194000-0123456789ab`)];
  }
};

/** Of an object that was replaced, as a repair does, the newest version counts. */
const standing = (path: string): string =>
  namesIn(`${path}.versions`)
    .slice(-1)
    .map((version) => join(`${path}.versions`, version))[0] ?? path;

/** Whether there is one of the kind yet: a checkpoint comes with the thousandth entry. */
export const hasFile = (folder: string, environment: string, kind: FileKind): boolean =>
  filesOf(folder, environment, kind).length > 0;

/** Damages one file as a bad disk, a full one or a hand would. Null: there is none of the kind yet. */
export const damageFile = (folder: string, environment: string, plan: DamagePlan): Damaged | null => {
  const files = filesOf(folder, environment, plan.file);
  const path = files[Math.floor(plan.which * files.length)];
  if (path === undefined) return null;
  if (plan.file === "temporary") {
    writeFileSync(path, "half an ent");
    utimesSync(path, new Date(Date.now() - 60_000), new Date(Date.now() - 60_000));
    return { kind: plan.file, path, how: plan.how, putBack: () => rmSync(path, { force: true }) };
  }
  const good = readFileSync(path);
  const { mode } = lstatSync(path);
  const put = (bytes: Uint8Array) => putFile(path, bytes, mode);
  const how = good.length === 0 ? "gone" : plan.how;
  if (how === "gone") rmSync(path);
  else put(spoiled(good, how, plan.where));
  return { kind: plan.file, path, how, putBack: () => put(good) };
};

const spoiled = (good: Buffer, how: "cut" | "flipped" | "emptied", where: number): Buffer => {
  if (how === "emptied") return Buffer.alloc(0);
  const at = Math.floor(where * good.length);
  if (how === "cut") return good.subarray(0, at);
  const flipped = Buffer.from(good);
  flipped[at]! ^= 1 << (at % 8);
  return flipped;
};
