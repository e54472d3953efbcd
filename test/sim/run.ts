import { parseArgs } from "node:util";
import { CALLS, emptyTable, FAULTS, type FaultTable } from "./faults.ts";
import { scenarioOf, simulate, type Outcome } from "./simulate.ts";
import { shrink } from "./shrink.ts";

const { values } = parseArgs({
  options: {
    seeds: { type: "string" },
    seed: { type: "string" },
    from: { type: "string", default: "1" },
    /** Ends with the first seed that fails, and does not shrink it. */
    first: { type: "boolean", default: false },
  },
});

const one = async (seed: number): Promise<number> => {
  const outcome = await simulate(scenarioOf(seed));
  console.log(outcome.story.join("\n"));
  console.log(outcome.violation === null ? "every invariant held" : `violated: ${outcome.violation.message}`);
  return outcome.violation === null ? 0 : 1;
};

const median = (values: number[]): number => values.sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;

const many = async (from: number, count: number): Promise<number> => {
  const table: FaultTable = emptyTable();
  const effects: number[] = [];
  const failures: { seed: number; outcome: Outcome }[] = [];
  const startedMs = performance.now();
  for (let seed = from; seed < from + count; seed++) {
    const outcome = await simulate(scenarioOf(seed), table);
    effects.push(outcome.effects);
    if (outcome.violation !== null) failures.push({ seed, outcome });
    if (failures.length >= (values.first ? 1 : 20)) break;
  }
  const tookMs = performance.now() - startedMs;
  printTable(table);
  console.log(
    `${effects.length} seeds, median ${median(effects)} effects, ${(tookMs / effects.length).toFixed(1)} ms a seed`,
  );
  for (const { seed, outcome } of failures) console.log(`seed ${seed}: ${outcome.violation!.invariant}`);
  const [first] = failures;
  if (first !== undefined && !values.first) {
    const small = await shrink(scenarioOf(first.seed), first.outcome.violation!.invariant);
    console.log(`\nseed ${first.seed}, shrunk to ${small.scenario.commands.length} commands:`);
    console.log(small.outcome.story.join("\n"));
    console.log(`violated: ${small.outcome.violation?.message}`);
  }
  const passed = effects.length - failures.length;
  console.log(`${passed} passed, ${failures.length} failed`);
  return failures.length === 0 ? 0 : 1;
};

const printTable = (table: FaultTable): void => {
  const width = 19;
  console.log(`${"".padEnd(width)}${FAULTS.map((fault) => fault.padStart(14)).join("")}`);
  for (const call of CALLS)
    console.log(
      `${call.padEnd(width)}${FAULTS.map((fault) => String(table[call][fault]).padStart(14)).join("")}`,
    );
};

process.exitCode =
  values.seed !== undefined
    ? await one(Number(values.seed))
    : await many(Number(values.from), Number(values.seeds ?? "2000"));
