// npm run bench -- infra: how long it takes to read and tell a plan of 300 resources, of 3,000, and of the recorded ones.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createColors } from "picocolors";
import { renderInfraPlan } from "../../src/cli/render/infra-plan.ts";
import { readPlan } from "../../src/infra/read-plan.ts";
import { summarise } from "../../src/infra/summary.ts";

interface Entry {
  address: string;
  module_address?: string;
}

const recorded = JSON.parse(readFileSync("test/recorded-plans/rename.json", "utf8")) as {
  resource_changes: Entry[];
};

/** The recorded changes again and again, each under a module of its own. */
const planOf = (size: number): string =>
  JSON.stringify({
    ...recorded,
    resource_changes: Array.from({ length: size }, (_, index) => {
      const one = recorded.resource_changes[index % recorded.resource_changes.length]!;
      const module = `module.m${Math.floor(index / recorded.resource_changes.length)}`;
      return {
        ...one,
        address: `${module}.${one.address}`,
        module_address: one.module_address === undefined ? module : `${module}.${one.module_address}`,
      };
    }),
  });

const look = { colours: createColors(false), columns: 80 };
const rows = [300, 3_000].map((size) => {
  const text = planOf(size);
  const times = Array.from({ length: 11 }, () => {
    const startedMs = performance.now();
    const summary = summarise(readPlan(JSON.parse(text)));
    renderInfraPlan(look, { folder: "infra/staging", summary, verbose: false });
    return performance.now() - startedMs;
  }).sort((a, b) => a - b);
  return { size, megabytes: text.length / 1e6, medianMs: times[5]!, worstMs: times.at(-1)! };
});
const ok = rows[0]!.worstMs < 1_000;
const table = [
  "| resources | JSON | parse, read, weigh, render: median | worst of 11 |",
  "|---|---|---|---|",
  ...rows.map(
    ({ size, megabytes, medianMs, worstMs }) =>
      `| ${size} | ${megabytes.toFixed(1)} MB | ${medianMs.toFixed(0)} ms | ${worstMs.toFixed(0)} ms |`,
  ),
].join("\n");
console.log(table);
console.log(`${ok ? "✔" : "✘"} a plan of 300 resources is told in under a second`);
mkdirSync("bench/results", { recursive: true });
writeFileSync(
  "bench/results/infra.md",
  `# A plan told to a person\n\n\`npm run bench -- infra\`\n\n${table}\n`,
);
console.log(`${ok ? 1 : 0} passed, ${ok ? 0 : 1} failed`);
process.exit(ok ? 0 : 1);
