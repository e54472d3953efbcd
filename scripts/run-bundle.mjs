// Bundles a program of the repository and runs it with this Node.
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { build } from "esbuild";

/** The bundle's path. It lies inside node_modules, so that the packages which it leaves out are found. */
export const bundle = async (entry, { name = entry.replace(/\.ts$/, ""), plugins = [] } = {}) => {
  const outfile = join("node_modules", ".cache", "programs", `${name}.mjs`);
  await build({
    entryPoints: [entry],
    outfile,
    bundle: true,
    platform: "node",
    format: "esm",
    packages: "external",
    logLevel: "error",
    plugins,
  });
  return outfile;
};

/** Its exit code. */
export const runBundle = async (entry, args) =>
  spawnSync(process.execPath, [await bundle(entry), ...args], { stdio: "inherit" }).status ?? 1;
