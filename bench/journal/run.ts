import { mkdirSync, writeFileSync } from "node:fs";
import { benchFiles } from "./files.ts";
import { benchS3 } from "./s3.ts";
import { median } from "./write-steps.ts";

const ROUNDS = Number(process.env["BENCH_ROUNDS"] ?? 42);
/** One of these takes six seconds. */
const S3_ROUNDS = Math.min(ROUNDS, 7);
const STEPS = 30;
const ROUND_TRIP_MS = 30;
const TARGET_MS = { files: 20, s3: 1_200 };
/** What the peer takes for an entry on the machine that the target was set for. */
const REFERENCE_ENTRY_MS = 0.36;
/** The same target as a ratio: thirty entries of the peer take 10.8 ms there. */
const TARGET_TIMES = TARGET_MS.files / (STEPS * REFERENCE_ENTRY_MS);

/** Of the ratios within a round: what else the machine does hits both sides of it. */
const compare = <K extends string>(rounds: Record<K | "own", number>[], name: K): [string, string] => [
  median(rounds.map((round) => round[name])).toFixed(1),
  median(rounds.map((round) => round.own / round[name])).toFixed(2),
];
const ownOf = (rounds: { own: number }[]): number => median(rounds.map(({ own }) => own));

const files = await benchFiles({ rounds: ROUNDS, steps: STEPS });
const s3 = await benchS3({ rounds: S3_ROUNDS, steps: STEPS, roundTripMs: ROUND_TRIP_MS });

const [peer, times] = compare(files, "peer");
const [apart, timesApart] = compare(files, "apart");
const [s3Apart, s3TimesApart] = compare(s3.rounds, "apart");
const [s3State, s3TimesState] = compare(s3.rounds, "state");
const [floor, timesFloor] = compare(s3.rounds, "floor");
const held = [
  ownOf(files) <= TARGET_MS.files || Number(times) <= TARGET_TIMES,
  ownOf(s3.rounds) <= TARGET_MS.s3,
];
const passed = held.filter(Boolean).length;

const text = [
  "# journal",
  "",
  `${STEPS} steps, ${STEPS + 1} entries: the outcome of one step travels with the intent of the next. Medians of interleaved rounds, ratios`,
  `within a round. Node ${process.versions.node}.`,
  "",
  `## Files on disk (${ROUNDS} rounds)`,
  "",
  "| | ms | the log is |",
  "|---|---|---|",
  `| the environment log | ${ownOf(files).toFixed(1)} | |`,
  `| a file for each step, with rename | ${peer} | ${times} × |`,
  `| a file for each event (intent, outcome), with rename | ${apart} | ${timesApart} × |`,
  "",
  `A file with rename takes ${(Number(peer) / STEPS).toFixed(2)} ms here. Target: at most ${TARGET_MS.files} ms where it takes ${REFERENCE_ENTRY_MS} ms, which is at most`,
  `${TARGET_TIMES.toFixed(2)} × a file for each step.`,
  "",
  `## A bucket, ${ROUND_TRIP_MS} ms away (${S3_ROUNDS} rounds)`,
  "",
  "| | ms | the log is |",
  "|---|---|---|",
  `| the environment log | ${ownOf(s3.rounds).toFixed(1)} | |`,
  `| an object for each event (intent, outcome) | ${s3Apart} | ${s3TimesApart} × |`,
  `| an object for each step, and a state file that is written anew after it | ${s3State} | ${s3TimesState} × |`,
  `| ${STEPS + 1} bare uploads, without SDK or signature: the round trips alone | ${floor} | ${timesFloor} × |`,
  "",
  `Every answer of the server (moto) is held back until ${ROUND_TRIP_MS} ms after its request; its own time is within that. Target: at most`,
  `${TARGET_MS.s3} ms. In a process that has just started, with the look at the server's conditions: ${s3.first.toFixed(1)} ms.`,
  "",
  `${passed} passed, ${held.length - passed} failed`,
  "",
].join("\n");
mkdirSync("bench/results", { recursive: true });
writeFileSync("bench/results/journal.md", text);
process.stdout.write(text);
process.exitCode = passed === held.length ? 0 : 1;
