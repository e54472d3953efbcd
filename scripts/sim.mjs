// npm run sim -- --seeds N | --seed S: the deterministic simulation of the engine (test/sim).
import { runBundle } from "./run-bundle.mjs";
import { ensureInstalled } from "./project.mjs";

ensureInstalled();
process.exit(await runBundle("test/sim/run.ts", process.argv.slice(2)));
