/** Why a string cannot be an entry's path, or null when it can. */
export const pathFault = (path: string): string | null => {
  if (path === "") return "it is empty";
  if (path.includes("\0")) return "it holds a NUL character";
  // A lone surrogate has no UTF-8 form: two such names would become one file.
  if (/\p{Surrogate}/u.test(path)) return "it is not well-formed Unicode";
  if (path.startsWith("/")) return "it is absolute";
  for (const segment of path.split("/")) {
    if (segment === "") return "it has an empty segment";
    if (segment === "." || segment === "..") return `it has the segment "${segment}"`;
  }
  return null;
};

/** The folder that holds an entry; "" for the root. */
export const parentOf = (path: string): string => {
  const slash = path.lastIndexOf("/");
  return slash === -1 ? "" : path.slice(0, slash);
};

/** Every folder above the given paths, without the root; a folder comes after the one that holds it. */
export const foldersAbove = (paths: Iterable<string>): Set<string> => {
  const folders = new Set<string>();
  for (const path of paths) {
    const missing: string[] = [];
    for (let folder = parentOf(path); folder !== "" && !folders.has(folder); folder = parentOf(folder)) {
      missing.push(folder);
    }
    for (const folder of missing.reverse()) folders.add(folder);
  }
  return folders;
};
