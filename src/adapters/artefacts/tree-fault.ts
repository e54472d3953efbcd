import type { TreeEntry } from "../../domain/file-tree.ts";
import { followLink, type Node } from "./link-target.ts";
import { foldersAbove, pathFault } from "./tree-path.ts";

export interface TreeFault {
  code: "PATH_ESCAPES" | "TREE_UNSUPPORTED";
  path: string;
  why: string;
}

/** The first reason, in order of path, why entries make no tree that can be written below one folder; null when they do. */
export const treeFault = (entries: ReadonlyMap<string, TreeEntry>): TreeFault | null => {
  for (const path of entries.keys()) {
    const why = pathFault(path);
    if (why !== null) return { code: "PATH_ESCAPES", path, why: `the path cannot be used: ${why}` };
  }
  const folders = foldersAbove(entries.keys());
  for (const path of folders) {
    const entry = entries.get(path);
    if (entry === undefined) continue;
    const why = `it is a ${entry.type}, and other entries lie below it`;
    return { code: "TREE_UNSUPPORTED", path, why };
  }
  const at = (path: string): Node | undefined =>
    entries.get(path) ?? (folders.has(path) ? { type: "folder" } : undefined);
  for (const [path, entry] of entries) {
    const fault = entry.type === "link" ? linkFault(path, entry.target, at) : null;
    if (fault !== null) return fault;
  }
  return null;
};

const linkFault = (
  path: string,
  target: string,
  at: (path: string) => Node | undefined,
): TreeFault | null => {
  if (target === "" || target.includes("\0") || /\p{Surrogate}/u.test(target)) {
    return { code: "TREE_UNSUPPORTED", path, why: "the link's target is not a usable path" };
  }
  switch (followLink(path, target, at)) {
    case "inside":
      return null;
    case "escapes":
      return { code: "PATH_ESCAPES", path, why: `the link leads outside the tree, to ${target}` };
    case "dangles":
      return {
        code: "TREE_UNSUPPORTED",
        path,
        why: `the link leads to ${target}, which is no part of the tree`,
      };
    case "cycles":
      return { code: "TREE_UNSUPPORTED", path, why: `the link goes round in a circle, by ${target}` };
  }
};
