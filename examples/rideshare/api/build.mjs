// Bundles the four programs into dist/ (or the folder given), each able to run with no node_modules beside it.
// The same sources give the same bytes: no timestamps, and chunks are named after their content.
import { readFile, rm } from "node:fs/promises";
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const here = fileURLToPath(new URL(".", import.meta.url));
const outdir = resolve(process.argv[2] ?? fileURLToPath(new URL("dist", import.meta.url)));
const manifest = JSON.parse(await readFile(new URL("package.json", import.meta.url), "utf8"));

// CommonJS dependencies inside an ES module bundle still call `require` for Node's built-ins.
const requireShim = [
  `import { createRequire as __createRequire } from "node:module";`,
  `const require = __createRequire(import.meta.url);`,
].join("\n");

await rm(outdir, { recursive: true, force: true });
await build({
  absWorkingDir: here,
  entryPoints: ["src/server.ts", "src/migrate.ts", "src/seed.ts", "src/simulate.ts"],
  outdir,
  bundle: true,
  // Splitting keeps the S3 and Redis clients in files of their own, loaded only when they are configured.
  splitting: true,
  chunkNames: "[name]-[hash]",
  format: "esm",
  platform: "node",
  target: "node20",
  // Whitespace and syntax only: names stay, so that a stack trace in a log can be read.
  minifySyntax: true,
  minifyWhitespace: true,
  legalComments: "none",
  banner: { js: requireShim },
  define: { RIDESHARE_VERSION: JSON.stringify(manifest.version) },
  // Loaded by their parents only when asked for, and never here: the native driver, Fastify's own logger, its
  // injection for tests, and its schema compilers (src/http/app.ts gives it ours).
  external: [
    "pg-native",
    "pino",
    "light-my-request",
    "@fastify/ajv-compiler",
    "@fastify/fast-json-stringify-compiler",
  ],
  // node-pg-migrate loads TypeScript migrations through jiti and Babel; ours are SQL, so Node's own import is enough.
  alias: { jiti: "jiti/native" },
  logLevel: "warning",
});
