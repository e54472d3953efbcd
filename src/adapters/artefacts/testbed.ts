import {
  chmodSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach } from "vitest";
import { sha256 } from "../../domain/digest.ts";
import type { Artefacts } from "../../ports/artefacts.ts";
import { makeFileArtefacts } from "./file-artefacts.ts";
import { listTree } from "./list-tree.ts";
import { removeTree } from "./remove-tree.ts";

export let home: string;
export let store: string;
export let source: string;
export let artefacts: Artefacts;

/** A new store and an empty source folder for each test; nothing stays. */
export const useTestbed = (): void => {
  beforeEach(() => {
    home = realpathSync(mkdtempSync(join(tmpdir(), "artefacts-")));
    store = join(home, "store");
    source = join(home, "source");
    mkdirSync(source);
    artefacts = makeFileArtefacts({ folder: store });
  });
  afterEach(() => removeTree(home));
};

export const put = (path: string, content: string | Uint8Array = path, mode = 0o644): void => {
  mkdirSync(dirname(join(source, path)), { recursive: true });
  writeFileSync(join(source, path), content, { mode });
  chmodSync(join(source, path), mode);
};

export const storeAll = async () => artefacts.storeTree(source, await listTree(source));

/** What lies on the disk, read by nothing of what is tested. */
export const snapshot = (root: string, below = ""): Record<string, string> => {
  const found: Record<string, string> = Object.create(null) as Record<string, string>;
  for (const name of readdirSync(join(root, below))) {
    const path = below === "" ? name : `${below}/${name}`;
    const stats = lstatSync(join(root, path));
    if (stats.isSymbolicLink()) found[path] = `link ${readlinkSync(join(root, path))}`;
    else if (stats.isDirectory()) {
      const inside = snapshot(root, path);
      if (Object.keys(inside).length === 0) found[path] = "folder";
      for (const inner of Object.keys(inside)) found[inner] = inside[inner]!;
    } else found[path] = `file ${stats.mode & 0o100 ? "x" : "-"} ${readFileSync(join(root, path), "hex")}`;
  }
  return found;
};

export const filesBelow = (root: string): string[] =>
  readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));

export const blobOf = (content: string | Uint8Array): string => {
  const digest = sha256(content);
  return join(store, "blobs", digest.slice(0, 2), digest);
};

export const overwrite = (path: string, content: string | Uint8Array): void => {
  chmodSync(path, 0o644);
  writeFileSync(path, content);
};
