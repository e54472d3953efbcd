// Bundles a program of the repository and runs it with this Node.
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { build } from "esbuild";

/** Its exit code. The bundle lies inside node_modules, so that the packages which it leaves out are found. */
export const runBundle = async (entry, args) => {
  const outfile = join("node_modules", ".cache", "programs", entry.replace(/\.ts$/, ".mjs"));
  await build({
    entryPoints: [entry],
    outfile,
    bundle: true,
    platform: "node",
    format: "esm",
    packages: "external",
    logLevel: "error",
  });
  return spawnSync(process.execPath, [outfile, ...args], { stdio: "inherit" }).status ?? 1;
};
