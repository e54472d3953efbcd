import { parentOf } from "./tree-path.ts";

export type Node = { type: "file" } | { type: "folder" } | { type: "link"; target: string };

/** Where a link ends: at an entry of the tree, outside the tree, at nothing, or nowhere because it goes round. */
export type LinkEnd = "inside" | "escapes" | "dangles" | "cycles";

// As many links in one look-up as Linux follows before it says ELOOP (path_resolution(7)).
const MAX_HOPS = 40;

/** Follows a link as the kernel would, through further links, without touching a file system. */
export const followLink = (path: string, target: string, at: (path: string) => Node | undefined): LinkEnd => {
  if (target.startsWith("/")) return "escapes";
  const parent = parentOf(path);
  const here = parent === "" ? [] : parent.split("/");
  const ahead = target.split("/").reverse();
  let hops = 1;
  for (let segment = ahead.pop(); segment !== undefined; segment = ahead.pop()) {
    if (segment === "" || segment === ".") continue;
    if (segment === "..") {
      if (here.pop() === undefined) return "escapes";
      continue;
    }
    here.push(segment);
    const node = at(here.join("/"));
    if (node === undefined) return "dangles";
    if (node.type === "file" && ahead.length > 0) return "dangles";
    if (node.type !== "link") continue;
    if (node.target.startsWith("/")) return "escapes";
    if ((hops += 1) > MAX_HOPS) return "cycles";
    here.pop();
    ahead.push(...node.target.split("/").reverse());
  }
  return "inside";
};
