import { mkdtempSync, rmSync } from "node:fs";
import { mkdirSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { closeSync, fsyncSync, openSync, renameSync, writeSync } from "node:fs";
import { makeFileStore } from "../../src/adapters/store/file/file-store.ts";
import { systemClock } from "../../src/adapters/system/clock.ts";
import { emptyState } from "../../src/domain/fold.ts";
import { makeLogWriter } from "../../src/engine/log-writer.ts";

const ROUNDS = 15;
const STEPS = 30;
const TARGET_MS = 20;

const median = (values: number[]): number => values.sort((a, b) => a - b)[Math.floor(values.length / 2)]!;

/** Thirty steps as the engine writes them: the outcome of one rides with the intent of the next. */
const ours = async (folder: string): Promise<number> => {
  const store = makeFileStore({ folder });
  const writer = makeLogWriter({
    store,
    clock: systemClock,
    state: emptyState("dev"),
    epoch: 1,
    writer: "bench",
  });
  const startedMs = performance.now();
  for (let step = 0; step < STEPS; step++) {
    await writer.append([{ type: "note", actor: "bench", text: `intent ${step} ${"x".repeat(200)}` }]);
    writer.ride([{ type: "note", actor: "bench", text: `outcome ${step}` }]);
  }
  await writer.append([]);
  return performance.now() - startedMs;
};

/** The peer: one file an entry, written, synced, renamed, its folder synced; intent and outcome apart. */
const renamed = (folder: string): number => {
  mkdirSync(folder, { recursive: true });
  const startedMs = performance.now();
  for (let entry = 0; entry < 2 * STEPS; entry++) {
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
  return performance.now() - startedMs;
};

const root = mkdtempSync(join(tmpdir(), "bench-journal-"));
const times = { ours: [] as number[], renamed: [] as number[] };
for (let round = 0; round < ROUNDS; round++) {
  times.ours.push(await ours(join(root, `ours-${round}`)));
  times.renamed.push(renamed(join(root, `renamed-${round}`)));
}
rmSync(root, { recursive: true, force: true });
const [own, peer] = [median(times.ours), median(times.renamed)];
const rows = [
  "# journal",
  "",
  `${STEPS} steps, medians of ${ROUNDS} interleaved rounds, files on disk, Node ${process.versions.node}.`,
  "",
  "| | ms | × |",
  "|---|---|---|",
  `| the environment log | ${own.toFixed(1)} | ${(own / peer).toFixed(2)} |`,
  `| a file for each event, with rename | ${peer.toFixed(1)} | 1 |`,
  "",
];
mkdirSync("bench/results", { recursive: true });
writeFileSync("bench/results/journal.md", rows.join("\n"));
console.log(rows.join("\n"));
const passed = own <= TARGET_MS;
console.log(`target: at most ${TARGET_MS} ms`);
console.log(passed ? "1 passed, 0 failed" : "0 passed, 1 failed");
process.exitCode = passed ? 0 : 1;
