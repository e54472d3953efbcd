// npm run bench -- NAME: bundles bench/NAME/run.ts and runs it, with dependencies and a build as of these sources.
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { ensureBuilt, ensureInstalled, root } from "./project.mjs";

process.chdir(root);
const [name, ...rest] = process.argv.slice(2);
const names = readdirSync("bench").filter((folder) => existsSync(join("bench", folder, "run.ts")));
if (name === undefined || !names.includes(name)) {
  process.stderr.write(`usage: npm run bench -- NAME\nNAME is one of: ${names.join(", ")}\n`);
  process.exit(2);
}
ensureInstalled();
await ensureBuilt();
// It needs esbuild, which is there by now.
const { runBundle } = await import("./run-bundle.mjs");
process.exit(await runBundle(`bench/${name}/run.ts`, rest));
