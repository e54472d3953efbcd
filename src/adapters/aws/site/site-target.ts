import { posix } from "node:path";
import { sha256, type Digest } from "../../../domain/digest.ts";
import { AppError } from "../../../domain/errors.ts";
import type { FileTree } from "../../../domain/file-tree.ts";
import type { SiteSpec } from "../../../domain/revision.ts";
import { findFile, isHashed } from "../../../domain/site-path.ts";

/** One file that shall be served. */
export interface TargetFile {
  /** Inside the site. */
  path: string;
  sha256: Digest;
  bytes: number;
  /** Named by its content: never changed once it is there. */
  hashed: boolean;
  /** The content, of what the deployment itself writes; null: an artefact's. */
  inline: Uint8Array | null;
}

/** By path. */
export type Target = Map<string, TargetFile>;

const CONFIG = "config.json";

/**
 * The files that a site's tree, its settings and its links come to. Links are followed inside the tree alone; what lies behind a
 * linked folder is served once below each of the two names. Throws SITE_INCOMPLETE without the fallback page.
 */
export const targetOf = (tree: FileTree, spec: SiteSpec): Target => {
  const target: Target = new Map();
  const add = (path: string, file: { sha256: Digest; bytes: number } | null) => {
    if (file === null) return;
    target.set(path, { path, sha256: file.sha256, bytes: file.bytes, hashed: isHashed(path), inline: null });
  };
  const folderLinks: { path: string; folder: string }[] = [];
  for (const [path, entry] of Object.entries(tree.entries)) {
    if (entry.type === "file") add(path, entry);
    if (entry.type !== "link") continue;
    const file = findFile(tree, path);
    if (file !== null) add(path, file);
    else folderLinks.push({ path, folder: posix.join(posix.dirname(path), entry.target) });
  }
  for (const { path, folder } of folderLinks)
    for (const inside of Object.keys(tree.entries))
      if (inside.startsWith(`${folder}/`) && !inside.startsWith(`${path}/`)) {
        const through = path + inside.slice(folder.length);
        add(through, findFile(tree, through));
      }
  if (!target.has(spec.fallback))
    throw new AppError("SITE_INCOMPLETE", `the site ${spec.site} has no ${spec.fallback}`, {
      hint: "look at what its build leaves in dist, then deploy again",
      context: { site: spec.site, fallback: spec.fallback },
    });
  const config = Buffer.from(JSON.stringify(spec.settings));
  target.set(CONFIG, {
    path: CONFIG,
    sha256: sha256(config),
    bytes: config.length,
    hashed: false,
    inline: config,
  });
  return target;
};
