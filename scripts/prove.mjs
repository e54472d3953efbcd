// npm run prove:NAME: bundles test/prove/NAME/run.ts and runs it, on a current build.
import { runBundle } from "./run-bundle.mjs";
import { ensureBuilt, ensureInstalled } from "./project.mjs";

ensureInstalled();
await ensureBuilt();
const [name, ...rest] = process.argv.slice(2);
process.exit(await runBundle(`test/prove/${name}/run.ts`, rest));
