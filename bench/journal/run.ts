import {
  closeSync,
  fsyncSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  renameSync,
  rmSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { makeFileStore } from "../../src/adapters/store/file/file-store.ts";
import { systemClock } from "../../src/adapters/system/clock.ts";
import { emptyState } from "../../src/domain/fold.ts";
import { makeLogWriter } from "../../src/engine/log-writer.ts";

const ROUNDS = Number(process.env["BENCH_ROUNDS"] ?? 42);
const STEPS = 30;
const TARGET_MS = 20;
/** What the peer takes for an entry on the machine that the target was set for. */
const REFERENCE_ENTRY_MS = 0.36;
/** The same target as a ratio: thirty entries of the peer take 10.8 ms there. */
const TARGET_TIMES = TARGET_MS / (STEPS * REFERENCE_ENTRY_MS);

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

/** The peer: a file for each entry, written, synced, renamed, its folder synced. */
const renamed = (folder: string, entries: number): number => {
  mkdirSync(folder, { recursive: true });
  const startedMs = performance.now();
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
  return performance.now() - startedMs;
};

const root = mkdtempSync(join(tmpdir(), "bench-journal-"));
const rounds: { own: number; peer: number; apart: number }[] = [];
for (let round = -3; round < ROUNDS; round++) {
  const contestants = [
    async () => ({ own: await ours(join(root, `own-${round}`)) }),
    async () => ({ peer: renamed(join(root, `peer-${round}`), STEPS) }),
    async () => ({ apart: renamed(join(root, `apart-${round}`), 2 * STEPS) }),
  ];
  // Each is first as often as last: what one has written may keep the disk busy for the next.
  const measured = { own: 0, peer: 0, apart: 0 };
  for (let turn = 0; turn < contestants.length; turn++)
    Object.assign(measured, await contestants[(turn + round + 3) % contestants.length]!());
  if (round >= 0) rounds.push(measured);
}
rmSync(root, { recursive: true, force: true });
const [own, peer, apart] = (["own", "peer", "apart"] as const).map((name) =>
  median(rounds.map((round) => round[name])),
) as [number, number, number];
// Of the ratios within a round: what else the machine does hits both sides of it.
const times = median(rounds.map((round) => round.own / round.peer));
const timesApart = median(rounds.map((round) => round.own / round.apart));
const held = own <= TARGET_MS || times <= TARGET_TIMES;
const text = [
  "# journal",
  "",
  `${STEPS} steps, ${STEPS + 1} entries: the outcome of one step travels with the intent of the next. Files on disk; medians of ${ROUNDS}`,
  `interleaved rounds, ratios within a round. Node ${process.versions.node}.`,
  "",
  "| | ms | the log is |",
  "|---|---|---|",
  `| the environment log | ${own.toFixed(1)} | |`,
  `| a file for each step, with rename | ${peer.toFixed(1)} | ${times.toFixed(2)} × |`,
  `| a file for each event (intent, outcome), with rename | ${apart.toFixed(1)} | ${timesApart.toFixed(2)} × |`,
  "",
  `A file with rename takes ${(peer / STEPS).toFixed(2)} ms here. Target: at most ${TARGET_MS} ms where it takes ${REFERENCE_ENTRY_MS} ms, which is at most`,
  `${TARGET_TIMES.toFixed(2)} × a file for each step.`,
  "",
  held ? "1 passed, 0 failed" : "0 passed, 1 failed",
  "",
].join("\n");
mkdirSync("bench/results", { recursive: true });
writeFileSync("bench/results/journal.md", text);
process.stdout.write(text);
process.exitCode = held ? 0 : 1;
