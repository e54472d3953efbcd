// npm run switchback -- ARGS: the command line, on the example app when no folder of its own is meant.
import { join } from "node:path";
import { ensureBuilt, ensureInstalled, root, switchback } from "./project.mjs";

ensureInstalled();
await ensureBuilt();
const from = process.env.INIT_CWD ?? root;
const cwd = from === root ? join(root, "examples/rideshare") : from;
const { status } = await switchback(process.argv.slice(2), { cwd });
process.exit(status);
