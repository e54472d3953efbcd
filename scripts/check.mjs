// npm run check: types, lint, format, architecture, unused code, generated pages. Runs all, then says what failed.
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { ensureBuilt, ensureInstalled, root } from "./project.mjs";

ensureInstalled();
await ensureBuilt();

const bin = (path) => [process.execPath, join(root, "node_modules", path)];
const CHECKS = {
  types: [...bin("typescript/bin/tsc"), "-p", "."],
  "types of the API": [...bin("typescript/bin/tsc"), "-p", "examples/rideshare/api"],
  "types of the frontend": [...bin("typescript/bin/tsc"), "-p", "examples/rideshare/frontend"],
  lint: [...bin("eslint/bin/eslint.js"), "."],
  format: [...bin("prettier/bin/prettier.cjs"), "--check", "--log-level=warn", "."],
  architecture: [process.execPath, "scripts/architecture.mjs"],
  "unused code": [...bin("knip/bin/knip.js")],
  docs: [process.execPath, "scripts/docs.mjs", "--check"],
};

let failed = 0;
for (const [name, [program, ...args]] of Object.entries(CHECKS)) {
  const startedMs = Date.now();
  const run = spawnSync(program, args, { cwd: root, encoding: "utf8" });
  const ok = run.status === 0;
  if (!ok) {
    failed += 1;
    console.log(`${run.stdout}${run.stderr}`.trim());
  }
  console.log(`${ok ? "✔" : "✘"} ${name}  ${((Date.now() - startedMs) / 1000).toFixed(1)} s`);
}
console.log(`${Object.keys(CHECKS).length - failed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);
