// npm run bench -- NAME: bundles bench/NAME/run.ts and runs it.
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { runBundle } from "./run-bundle.mjs";

const [name, ...rest] = process.argv.slice(2);
const names = readdirSync("bench").filter((folder) => existsSync(join("bench", folder, "run.ts")));
if (name === undefined || !names.includes(name)) {
  process.stderr.write(`usage: npm run bench -- NAME\nNAME is one of: ${names.join(", ")}\n`);
  process.exit(2);
}
process.exit(await runBundle(`bench/${name}/run.ts`, rest));
