// npm run bench -- NAME: bundles bench/NAME/run.ts and runs it, with dependencies and a build as of these sources.
import { spawnSync } from "node:child_process";
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
const { build } = await import("esbuild");
// Inside node_modules, so that the packages which the bundle leaves out are found.
const outfile = join("node_modules", ".cache", "bench", `${name}.mjs`);
await build({
  entryPoints: [join("bench", name, "run.ts")],
  outfile,
  bundle: true,
  platform: "node",
  format: "esm",
  packages: "external",
  logLevel: "error",
});
const { status } = spawnSync(process.execPath, [outfile, ...rest], { stdio: "inherit" });
process.exit(status ?? 1);
