// npm run sim:mutants: plants each bug of test/sim/mutants.mjs and runs the simulation until it is caught.
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { build } from "esbuild";
import { MUTANTS } from "../test/sim/mutants.mjs";
import { ensureInstalled } from "./project.mjs";

const SEEDS = 2000;

const plant = ({ file, find, replace }) => ({
  name: "plant",
  setup: (bundler) => {
    bundler.onLoad({ filter: /\.ts$/ }, ({ path }) => {
      if (path !== resolve(file)) return null;
      const source = readFileSync(path, "utf8");
      if (source.split(find).length !== 2) throw new Error(`${file} has not exactly one: ${find}`);
      return { contents: source.replace(find, () => replace), loader: "ts" };
    });
  },
});

ensureInstalled();
const wanted = process.argv.slice(2).join(" ");
let missed = 0;
const mutants = MUTANTS.filter(({ name }) => name.includes(wanted));
for (const [index, mutant] of mutants.entries()) {
  const outfile = `node_modules/.cache/programs/mutant-${index}.mjs`;
  await build({
    entryPoints: ["test/sim/run.ts"],
    outfile,
    bundle: true,
    platform: "node",
    format: "esm",
    packages: "external",
    logLevel: "error",
    plugins: [plant(mutant)],
  });
  const { stdout } = spawnSync(process.execPath, [outfile, "--seeds", String(SEEDS), "--first"], {
    encoding: "utf8",
  });
  const caught = /^seed (\d+): (.*)$/m.exec(stdout);
  if (caught === null) missed += 1;
  const how =
    caught === null ? `NOT CAUGHT in ${SEEDS} seeds` : `seed ${caught[1].padStart(4)}  ${caught[2]}`;
  console.log(`${caught === null ? "✘" : "✔"} ${mutant.name.padEnd(66)} ${how}`);
}
console.log(`${mutants.length - missed} passed, ${missed} failed`);
process.exit(missed === 0 && mutants.length > 0 ? 0 : 1);
