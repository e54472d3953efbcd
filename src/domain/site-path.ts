import { posix } from "node:path";
import { lookup } from "mrmime";
import type { FileTree } from "./file-tree.ts";

/** Kinds of files that mrmime does not know. */
const MORE_TYPES: Record<string, string> = {
  ".ico": "image/x-icon",
  ".cur": "image/x-icon",
  ".eot": "application/vnd.ms-fontobject",
};

const typeOf = (path: string): string | undefined =>
  lookup(path) ?? MORE_TYPES[posix.extname(path).toLowerCase()];

export interface SiteFile {
  /** Path of a regular file in the tree; never a link. */
  path: string;
  sha256: string;
  bytes: number;
}

const MAX_LINKS = 8;

/** The decoded path below the site's base, without leading slash; null when it is not valid percent-encoded UTF-8. */
export const decodeSitePath = (path: string, base: string): string | null => {
  try {
    return decodeURIComponent(path.slice(base.length + 1));
  } catch {
    return null;
  }
};

/**
 * The file that the manifest has under this path. What the manifest does not name does not exist: no path of a request reaches the
 * disk. Links, also of folders on the way, are followed inside the manifest only.
 */
export const findFile = ({ entries }: FileTree, wanted: string): SiteFile | null => {
  let path = wanted;
  for (let links = 0; links <= MAX_LINKS; links++) {
    const entry = Object.hasOwn(entries, path) ? entries[path] : undefined;
    if (entry?.type === "file") return { path, sha256: entry.sha256, bytes: entry.bytes };
    const next = entry?.type === "link" ? follow(path, entry.target) : throughFolderLink(entries, path);
    if (next === null) return null;
    path = next;
  }
  return null;
};

const throughFolderLink = (entries: FileTree["entries"], path: string): string | null => {
  for (let at = path.indexOf("/"); at !== -1; at = path.indexOf("/", at + 1)) {
    const folder = path.slice(0, at);
    const entry = Object.hasOwn(entries, folder) ? entries[folder] : undefined;
    if (entry?.type !== "link") continue;
    const target = follow(folder, entry.target);
    return target === null ? null : posix.join(target, path.slice(at + 1));
  }
  return null;
};

const follow = (path: string, target: string): string | null => {
  if (target.startsWith("/")) return null;
  const joined = posix.join(posix.dirname(path), target);
  return joined === ".." || joined.startsWith("../") ? null : joined;
};

/** The file for a path as a browser asks for it: itself, or the `index.html` of a folder. */
export const findPage = (tree: FileTree, path: string): SiteFile | null => {
  if (path === "" || path.endsWith("/")) return findFile(tree, `${path}index.html`);
  return findFile(tree, path) ?? findFile(tree, `${path}/index.html`);
};

/**
 * Does a path without a file mean a page of a client-side router? Below `assets/` or with the ending of a known kind of file: never,
 * since a script answered with a page breaks in ways that are hard to see. With another ending (`/users/john.doe`): when a page
 * is asked for.
 */
export const meansPage = (path: string, accept: string | undefined): boolean => {
  if (/(^|\/)assets\//.test(path)) return false;
  const ending = /\.([a-z0-9]+)$/i.exec(path)?.[1];
  if (ending === undefined) return true;
  if (ending !== "html" && typeOf(`x.${ending}`) !== undefined) return false;
  return accept?.includes("text/html") ?? false;
};

/** Named by content, as bundlers do: it never changes, and may be kept for ever. */
export const isHashed = (path: string): boolean => {
  const name = posix.basename(path);
  if (/\.[0-9a-f]{8,}\./.test(name)) return true;
  if (!/(^|\/)assets\//.test(path)) return false;
  const tail = /-([A-Za-z0-9_-]{8,})\.[A-Za-z0-9.]+$/.exec(name)?.[1];
  return tail !== undefined && looksRandom(tail.slice(-8));
};

/** Tells `index-DiwrgTda.js` from `vendor-framework.js`: a hash has a digit or mixed case in its last eight characters. */
const looksRandom = (text: string): boolean =>
  /\d/.test(text) || (/[a-z]/.test(text) && /[A-Z]/.test(text)) || /_/.test(text);

export const contentType = (path: string): string => {
  const type = typeOf(path) ?? "application/octet-stream";
  const isText = type.startsWith("text/") || /(javascript|json|xml)$/.test(type);
  return isText ? `${type}; charset=utf-8` : type;
};

export const isCompressible = (path: string): boolean => {
  const type = typeOf(path) ?? "";
  return (
    type.startsWith("text/") ||
    /(javascript|json|xml|wasm|manifest|x-icon|bmp|ttf|otf|vnd\.ms-fontobject)/.test(type)
  );
};
