import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import type { SchemaScript } from "../../src/migrations/catalog/types.ts";
import { rehearse } from "../../src/migrations/rehearse/rehearse.ts";
import { depsFor, requestFor } from "../../test/migrations/tools/rig.ts";
import { runDirectly } from "./direct.ts";
import { makeBenchProject, STEPS, TABLES, TOOLS, type BenchProject, type BenchTool } from "./project.ts";
import { relayOverhead } from "./relay-overhead.ts";

const ROUNDS = Number(process.env["BENCH_ROUNDS"] ?? 11);
const TARGET_MS = 3000;
const TARGET_OVERHEAD_MS = 10;
const MANY_TABLES = 100;

const median = (values: number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;

const timeOf = async (work: () => unknown): Promise<number> => {
  const startedMs = performance.now();
  await work();
  return performance.now() - startedMs;
};

const nodeMs = async (): Promise<number> => {
  const times = [];
  for (let round = 0; round < 5; round += 1)
    times.push(await timeOf(() => spawnSync(process.execPath, ["-e", "0"])));
  return median(times);
};

/** The schema that the earlier release left behind, as a deployment has it on record. */
const recordedSchema = async ({ earlier, host }: BenchProject): Promise<SchemaScript> => {
  let script: SchemaScript | null = null;
  const recordSchema = (made: SchemaScript) => {
    script = made;
    return Promise.resolve("");
  };
  const shown = await rehearse(requestFor(null, earlier), { ...depsFor(host), recordSchema });
  if (script === null) throw new Error(`no schema: ${shown.because}`);
  return script;
};

interface Round {
  rehearsal: number;
  direct: number;
}

const roundsOf = async (bench: BenchTool): Promise<Round[]> => {
  const project = await makeBenchProject(bench);
  try {
    const script = await recordedSchema(project);
    const request = requestFor(project.earlier, project.later);
    const rounds: Round[] = [];
    for (let round = -1; round < ROUNDS; round += 1) {
      const rehearsal = await timeOf(async () => {
        const shown = await rehearse(
          { ...request, start: { type: "recorded", script } },
          depsFor(project.host),
        );
        const held = shown.proofs.filter(({ outcome }) => outcome === "held").length;
        if (held !== 9 || shown.migrations.length !== STEPS.new)
          throw new Error(`not all was proved: ${JSON.stringify({ ...shown, findings: [] }, null, 2)}`);
      });
      const direct = await runDirectly(project);
      if (round >= 0) rounds.push({ rehearsal, direct });
    }
    return rounds;
  } finally {
    await project.close();
  }
};

const SQUAWK = "squawk-cli@2.66.0";

/** Installed beside the project's own packages, whose lock file would have to name it for every platform. Null: it could not be. */
const findSquawk = (): string | null => {
  const folder = resolve("node_modules/.cache/switchback-bench");
  const program = join(folder, "node_modules/.bin/squawk");
  if (!existsSync(program))
    spawnSync("npm", ["install", "--ignore-scripts", "--no-audit", "--no-fund", "--prefix", folder, SQUAWK]);
  return existsSync(program) ? program : null;
};

/** A peer that only reads the text: the time of its whole process. Null: it is missing. */
const squawkMs = async (texts: BenchProject["texts"]): Promise<number | null> => {
  const squawk = findSquawk();
  if (squawk === null) return null;
  const folder = mkdtempSync(join(tmpdir(), "bench-squawk-"));
  try {
    for (const { name, sql } of texts) writeFileSync(join(folder, `${name}.sql`), sql);
    const files = texts.map(({ name }) => join(folder, `${name}.sql`));
    const times = [];
    for (let round = 0; round < ROUNDS; round += 1) times.push(await timeOf(() => spawnSync(squawk, files)));
    return median(times);
  } finally {
    rmSync(folder, { recursive: true });
  }
};

const main = async (): Promise<{ text: string; failed: number }> => {
  const node = await nodeMs();
  const rows: { text: string; ok: boolean | null }[] = [];
  for (const bench of TOOLS) {
    const rounds = await roundsOf(bench);
    const rehearsal = median(rounds.map((round) => round.rehearsal));
    const direct = median(rounds.map((round) => round.direct));
    const ratio = median(rounds.map((round) => round.rehearsal / round.direct));
    const ok = rehearsal <= TARGET_MS;
    rows.push({
      ok,
      text: `| rehearsal, ${bench.tool} | ${rehearsal.toFixed(0)} | ${direct.toFixed(0)} | ${ratio.toFixed(2)} | ≤ ${TARGET_MS} ms | ${ok ? "passed" : "FAILED"} |`,
    });
  }
  const overhead = await relayOverhead({ tables: MANY_TABLES, rounds: ROUNDS });
  const direct = median(overhead.map((round) => round.direct));
  const watched = median(overhead.map((round) => round.watched));
  const more = median(overhead.map((round) => round.watched - round.direct));
  const ok = more <= TARGET_OVERHEAD_MS;
  rows.push({
    ok,
    text: `| a statement at ${MANY_TABLES} tables, watched | ${watched.toFixed(1)} | ${direct.toFixed(1)} | ${(watched / direct).toFixed(1)} | ≤ ${TARGET_OVERHEAD_MS} ms more | ${ok ? "passed" : "FAILED"} |`,
  });
  const project = await makeBenchProject(TOOLS[0] as BenchTool);
  const squawk = await squawkMs(project.texts).finally(project.close);
  rows.push({
    ok: null,
    text: `| squawk, which reads the ${STEPS.new} texts and runs nothing | ${squawk === null ? `missing (npm: ${SQUAWK})` : squawk.toFixed(0)} |  |  |  |  |`,
  });
  const failed = rows.filter((row) => row.ok === false).length;
  const passed = rows.filter((row) => row.ok === true).length;
  const text = `# rehearsal

${STEPS.new} migrations after ${STEPS.earlier} others, ${TABLES} tables with 100 rows each, PostgreSQL 18: the recorded schema made again, up with every statement
watched, down, up, all compared, and the release before run on both schemas. Beside it: the same tool and commands by hand, on the
same kind of server, with nothing watched, compared or booted. Medians of ${ROUNDS} interleaved rounds, ratios within a round. Node
${process.versions.node}; \`node -e 0\` takes ${node.toFixed(0)} ms here. eugene is on no registry that this machine has, so it is not beside us.

| | ms | by hand: ms | × | target | |
| --- | --- | --- | --- | --- | --- |
${rows.map((row) => row.text).join("\n")}

${passed} passed, ${failed} failed
`;
  return { text, failed };
};

const { text, failed } = await main();
mkdirSync("bench/results", { recursive: true });
writeFileSync("bench/results/rehearsal.md", text);
process.stdout.write(text);
process.exitCode = failed === 0 ? 0 : 1;
