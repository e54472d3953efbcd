import {
  closeSync,
  fsyncSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  renameSync,
  rmSync,
  writeSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { makeFileStore } from "../../src/adapters/store/file/file-store.ts";
import { timeEach, writeSteps } from "./write-steps.ts";

export type FilesRound = Record<"own" | "peer" | "apart", number>;

/** The peer: a file for each entry, written, synced, renamed, its folder synced. */
const renamed = (folder: string, entries: number): void => {
  mkdirSync(folder, { recursive: true });
  for (let entry = 0; entry < entries; entry++) {
    const path = join(folder, `${entry}.json`);
    const file = openSync(`${path}.tmp`, "w");
    writeSync(file, JSON.stringify({ entry, text: "x".repeat(400) }));
    fsyncSync(file);
    closeSync(file);
    renameSync(`${path}.tmp`, path);
    const handle = openSync(folder, "r");
    fsyncSync(handle);
    closeSync(handle);
  }
};

/** Three rounds more than asked for, whose times do not count, come first. */
export const benchFiles = async ({
  rounds,
  steps,
}: {
  rounds: number;
  steps: number;
}): Promise<FilesRound[]> => {
  const root = mkdtempSync(join(tmpdir(), "bench-journal-"));
  const measured: FilesRound[] = [];
  for (let round = 0; round < rounds + 3; round++)
    measured.push(
      await timeEach(
        {
          own: () => writeSteps(makeFileStore({ folder: join(root, `own-${round}`) }), "dev", steps),
          peer: () => renamed(join(root, `peer-${round}`), steps),
          apart: () => renamed(join(root, `apart-${round}`), 2 * steps),
        },
        round,
      ),
    );
  rmSync(root, { recursive: true, force: true });
  return measured.slice(3);
};
