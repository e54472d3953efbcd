import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { isMainThread, parentPort, Worker, workerData } from "node:worker_threads";
import { addTable, CALLS, emptyTable, FAULTS, type FaultTable } from "./faults.ts";
import type { Guarantee } from "./guarantees.ts";
import { scenarioOf } from "./scenario.ts";
import { shrink } from "./shrink.ts";
import { simulate } from "./simulate.ts";

// Errors are values here: what counts is their code.
Error.stackTraceLimit = 4;

const MOST_FAILURES = 20;
const CIRCLES: Guarantee = "nobody goes round in circles";
/** A seed takes some hundredths of a second: one that takes this long goes round in circles. */
const LONGEST_SEED_MS = 60_000;

/** What a worker says after each seed. */
interface Played {
  seed: number;
  effects: number;
  ended: Record<string, number>;
  guarantee: Guarantee | null;
}

interface Share {
  from: number;
  to: number;
  step: number;
}

const playShare = async ({ from, to, step }: Share): Promise<void> => {
  const table = emptyTable();
  for (let seed = from; seed < to; seed += step) {
    const { effects, ended, violation } = await simulate(scenarioOf(seed), table);
    parentPort!.postMessage({ seed, effects, ended, guarantee: violation?.guarantee ?? null });
  }
  parentPort!.postMessage(table);
};

const one = async (seed: number): Promise<number> => {
  const outcome = await simulate(scenarioOf(seed));
  console.log(outcome.story.join("\n"));
  console.log(outcome.violation === null ? "every guarantee held" : `violated: ${outcome.violation.message}`);
  return outcome.violation === null ? 0 : 1;
};

const median = (values: number[]): number => values.sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;

/** Plays the seeds on so many threads; ends early when `first` and one fails, or when many do. */
const playAll = async (from: number, count: number, options: { workers: number; first: boolean }) => {
  const table = emptyTable();
  const played: Played[] = [];
  const failed: Played[] = [];
  const most = options.first ? 1 : MOST_FAILURES;
  const shares = Array.from({ length: options.workers }, (_, index): Share => ({
    from: from + index,
    to: from + count,
    step: options.workers,
  }));
  const threads = shares.map((share) => new Worker(fileURLToPath(import.meta.url), { workerData: share }));
  const ended = (one: Played): void => {
    played.push(one);
    if (one.guarantee !== null) failed.push(one);
    if (failed.length >= most) for (const thread of threads) void thread.terminate();
    if (played.length % 5000 === 0) console.error(`${played.length} of ${count} seeds`);
  };
  const ends = threads.map(
    (thread, index) =>
      new Promise<void>((resolve, reject) => {
        let seed = shares[index]!.from;
        const stuck = () => {
          ended({ seed, effects: 0, ended: {}, guarantee: CIRCLES });
          void thread.terminate();
        };
        let watch = setTimeout(stuck, LONGEST_SEED_MS);
        thread.on("error", reject);
        thread.on("exit", () => {
          clearTimeout(watch);
          resolve();
        });
        thread.on("message", (message: Played | FaultTable) => {
          clearTimeout(watch);
          if (!("seed" in message)) return addTable(table, message);
          seed = message.seed + options.workers;
          watch = setTimeout(stuck, LONGEST_SEED_MS);
          ended(message);
        });
      }),
  );
  await Promise.all(ends);
  return { table, played, failed: failed.sort((a, b) => a.seed - b.seed) };
};

const many = async (from: number, count: number, options: { workers: number; first: boolean }) => {
  const startedMs = performance.now();
  const { table, played, failed } = await playAll(from, count, options);
  const tookMs = performance.now() - startedMs;
  printTable(table);
  printEnds(played);
  const effects = median(played.map((one) => one.effects));
  const perSeed = ((tookMs * options.workers) / played.length).toFixed(1);
  console.log(
    `${played.length} seeds, median ${effects} effects, ${perSeed} ms a seed on each of ${options.workers} threads`,
  );
  for (const { seed, guarantee } of failed) console.log(`seed ${seed}: ${guarantee}`);
  const [first] = failed;
  if (first !== undefined && first.guarantee !== CIRCLES && !options.first) {
    const small = await shrink(scenarioOf(first.seed), first.guarantee!);
    console.log(`\nseed ${first.seed}, shrunk to ${small.scenario.commands.length} commands:`);
    console.log(small.outcome.story.join("\n"));
    console.log(`violated: ${small.outcome.violation?.message}`);
  }
  const empty = CALLS.flatMap((call) => FAULTS.filter((fault) => table[call][fault] === 0));
  if (count >= 2000 && !options.first && empty.length > 0) console.log(`${empty.length} cells are empty`);
  const short = count >= 2000 && failed.length === 0 && (empty.length > 0 || effects < 200) ? 1 : 0;
  console.log(`${played.length - failed.length} passed, ${failed.length + short} failed`);
  return failed.length + short === 0 ? 0 : 1;
};

const printTable = (table: FaultTable): void => {
  const width = 19;
  console.log(`${"".padEnd(width)}${FAULTS.map((fault) => fault.padStart(13)).join("")}`);
  for (const call of CALLS)
    console.log(
      `${call.padEnd(width)}${FAULTS.map((fault) => String(table[call][fault]).padStart(13)).join("")}`,
    );
};

const printEnds = (played: Played[]): void => {
  const sums: Record<string, number> = {};
  for (const { ended } of played)
    for (const [outcome, count] of Object.entries(ended)) sums[outcome] = (sums[outcome] ?? 0) + count;
  console.log(
    `deployments: ${Object.entries(sums)
      .map(([outcome, count]) => `${count} ${outcome}`)
      .join(", ")}`,
  );
};

const main = async (): Promise<number> => {
  const { values } = parseArgs({
    options: {
      seeds: { type: "string", default: "2000" },
      seed: { type: "string" },
      from: { type: "string", default: "1" },
      workers: { type: "string", default: String(availableParallelism()) },
      /** Ends with the first seed that fails, and does not shrink it. */
      first: { type: "boolean", default: false },
    },
  });
  const [seeds, from, workers] = [values.seeds, values.from, values.workers].map(Number) as [
    number,
    number,
    number,
  ];
  for (const [name, value] of Object.entries({ seeds, from, workers, seed: Number(values.seed ?? 1) }))
    if (!Number.isSafeInteger(value) || value < 1) {
      console.error(`--${name} takes a whole number from 1`);
      return 2;
    }
  return values.seed !== undefined
    ? one(Number(values.seed))
    : many(from, seeds, { workers: Math.min(workers, seeds), first: values.first });
};

if (isMainThread) process.exitCode = await main();
else await playShare(workerData as Share);
