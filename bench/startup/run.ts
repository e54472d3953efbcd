import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

const ROUNDS = 25;
const main = resolve("dist/main.js");
const folder = mkdtempSync(join(tmpdir(), "bench-startup-"));
writeFileSync(
  join(folder, "switchback.config.mjs"),
  `export default { name: "shop", services: { api: { path: ".", command: "node x.js", route: "/*" } } };\n`,
);
const commands: Record<string, string[]> = {
  "node -e 0": ["-e", "0"],
  "switchback --help": [main, "--help"],
  "switchback status": [main, "status"],
};
const times: Record<string, number[]> = {};
const failed: string[] = [];
for (let round = -2; round < ROUNDS; round++)
  for (const [name, args] of Object.entries(commands)) {
    const startedMs = performance.now();
    const { status } = spawnSync(process.execPath, args, { cwd: folder, stdio: "ignore" });
    const tookMs = performance.now() - startedMs;
    if (status !== 0) failed.push(`${name} exited with ${status}`);
    if (round >= 0) (times[name] ??= []).push(tookMs);
  }
rmSync(folder, { recursive: true, force: true });
const median = (values: number[]): number => values.sort((a, b) => a - b)[Math.floor(values.length / 2)]!;
const base = median(times["node -e 0"]!);
const targets: Record<string, number> = { "switchback --help": 1.6, "switchback status": 3 };
const rows = Object.entries(times).map(([name, values]) => {
  const own = median(values);
  return { name, own, ratio: own / base, target: targets[name] };
});
const text = [
  "# startup",
  "",
  `Medians of ${ROUNDS} interleaved runs, whole processes, Node ${process.versions.node}.`,
  "",
  "| | ms | × node -e 0 | target |",
  "|---|---|---|---|",
  ...rows.map(
    ({ name, own, ratio, target }) =>
      `| ${name} | ${own.toFixed(0)} | ${ratio.toFixed(2)} | ${target === undefined ? "" : `≤ ${target}`} |`,
  ),
  "",
].join("\n");
mkdirSync("bench/results", { recursive: true });
writeFileSync("bench/results/startup.md", text);
console.log(text);
const short =
  rows.filter(({ ratio, target }) => target !== undefined && ratio > target).length + failed.length;
for (const line of new Set(failed)) console.log(line);
console.log(`${Object.keys(targets).length - Math.min(short, 2)} passed, ${short} failed`);
process.exitCode = short === 0 ? 0 : 1;
