import { readdirSync } from "node:fs";
import { makeTimeSlice } from "./time-slice.ts";
import { unreadable, unsupported } from "./source-file.ts";

/** Every path below `root` that `storeTree` takes: files, links (not followed) and folders that hold nothing; sorted. */
export const listTree = async (root: string): Promise<string[]> => {
  const slice = makeTimeSlice();
  const found: string[] = [];
  const folders = [""];
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    await slice();
    const entries = entriesIn(root, folder);
    if (entries.length === 0 && folder !== "") found.push(folder);
    for (const entry of entries) {
      const path = folder === "" ? entry.name : `${folder}/${entry.name}`;
      (entry.isDirectory() ? folders : found).push(path);
    }
  }
  return found.sort();
};

const entriesIn = (root: string, folder: string) => {
  const path = folder === "" ? root : `${root}/${folder}`;
  try {
    const entries = readdirSync(path, { withFileTypes: true });
    // Bytes that are not UTF-8 come as U+FFFD: the file could never be found again under that name.
    if (entries.some(({ name }) => name.includes("\uFFFD"))) checkNames(path, folder);
    return entries;
  } catch (error) {
    throw unreadable(folder === "" ? root : folder, error);
  }
};

const checkNames = (path: string, folder: string): void => {
  for (const bytes of readdirSync(path, "buffer")) {
    if (Buffer.from(bytes.toString("utf8")).equals(bytes)) continue;
    throw unsupported(
      `${folder === "" ? "" : `${folder}/`}${bytes.toString("utf8")}`,
      "its name is not UTF-8",
    );
  }
};
