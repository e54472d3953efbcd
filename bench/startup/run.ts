import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { MAIN, makeProject } from "../rideshare/project.ts";

const ROUNDS = Number(process.env["BENCH_ROUNDS"] ?? 31);

interface Contestant {
  name: string;
  args: string[];
  cwd: string;
  env: NodeJS.ProcessEnv;
  /** Times `node -e 0`; null for what is only shown beside it. */
  target: number | null;
}

const empty = mkdtempSync(join(tmpdir(), "bench-startup-"));
writeFileSync(
  join(empty, "switchback.config.mjs"),
  `export default { name: "shop", services: { api: { path: ".", command: "node x.js", route: "/*" } } };\n`,
);
const project = makeProject();
const rideshare = { cwd: project.folder, env: project.env };

const median = (values: number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;

const main = (): { text: string; failed: number } => {
  for (const environment of ["development", "testing"]) project.run("deploy", environment);
  const bare = { cwd: empty, env: process.env };
  const contestants: Contestant[] = [
    { name: "`node -e 0`", args: ["-e", "0"], ...bare, target: null },
    { name: "`switchback --help`", args: [MAIN, "--help"], ...bare, target: 1.6 },
    { name: "`status`, nothing deployed", args: [MAIN, "status"], ...bare, target: 3 },
    { name: "`status`, rideshare in two environments", args: [MAIN, "status"], ...rideshare, target: 3 },
    {
      name: "`status development`, rideshare",
      args: [MAIN, "status", "development"],
      ...rideshare,
      target: 3,
    },
  ];
  const rounds: number[][] = [];
  for (let round = -2; round < ROUNDS; round++) {
    const times = contestants.map(({ name, args, cwd, env }) => {
      const startedMs = performance.now();
      const { status } = spawnSync(process.execPath, args, { cwd, env, stdio: "ignore" });
      if (status !== 0) throw new Error(`${name} exited with ${status}`);
      return performance.now() - startedMs;
    });
    if (round >= 0) rounds.push(times);
  }
  const rows = contestants.map(({ name, target }, at) => {
    const ms = median(rounds.map((times) => times[at]!));
    // Of the ratios within a round: what else the machine does hits both sides of it.
    const times = median(rounds.map((all) => all[at]! / all[0]!));
    const verdict = target === null ? "" : times <= target ? "passed" : "FAILED";
    return { name, ms, times, target, verdict };
  });
  const failed = rows.filter(({ verdict }) => verdict === "FAILED").length;
  const passed = rows.filter(({ verdict }) => verdict === "passed").length;
  const text = `# startup

Whole processes, from their start to their end; medians of ${ROUNDS} interleaved rounds, ratios within a round. Node ${process.versions.node}.
In the rows of rideshare the supervisor, PostgreSQL and four API processes run, and the command asks them how they are.

| | ms | × \`node -e 0\` | target | |
| --- | --- | --- | --- | --- |
${rows
  .map(({ name, ms, times, target, verdict }) => {
    const most = target === null ? "" : `≤ ${target}`;
    return `| ${name} | ${ms.toFixed(0)} | ${times.toFixed(2)} | ${most} | ${verdict} |`;
  })
  .join("\n")}

${passed} passed, ${failed} failed
`;
  return { text, failed };
};

try {
  const { text, failed } = main();
  mkdirSync("bench/results", { recursive: true });
  writeFileSync("bench/results/startup.md", text);
  process.stdout.write(text);
  process.exitCode = failed === 0 ? 0 : 1;
} finally {
  project.close();
  rmSync(empty, { recursive: true, force: true });
}
