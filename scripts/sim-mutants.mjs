// npm run sim:mutants: plants each bug of test/sim/mutants.mjs and runs the simulation until it is caught.
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { MUTANTS } from "../test/sim/mutants.mjs";
import { bundle } from "./run-bundle.mjs";
import { ensureInstalled } from "./project.mjs";

const SEEDS = 2000;

const plant = ({ also, ...first }) => ({
  name: "plant",
  setup: (bundler) => {
    bundler.onLoad({ filter: /\.ts$/ }, ({ path }) => {
      const places = [first, ...(also === undefined ? [] : [also])].filter(
        ({ file }) => path === resolve(file),
      );
      if (places.length === 0) return null;
      let contents = readFileSync(path, "utf8");
      for (const { file, find, replace } of places) {
        if (contents.split(find).length !== 2) throw new Error(`${file} has not exactly one: ${find}`);
        contents = contents.replace(find, () => replace);
      }
      return { contents, loader: "ts" };
    });
  },
});

ensureInstalled();
const wanted = process.argv.slice(2).join(" ");
let missed = 0;
const mutants = MUTANTS.filter(({ name }) => name.includes(wanted));
for (const [index, mutant] of mutants.entries()) {
  const program = await bundle("test/sim/run.ts", { name: `mutant-${index}`, plugins: [plant(mutant)] });
  const { stdout } = spawnSync(process.execPath, [program, "--seeds", String(SEEDS), "--first"], {
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
