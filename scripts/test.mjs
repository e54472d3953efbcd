// npm test: everything the tests need is installed and built first. Ends with a line `N passed, N failed`.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ensureBuilt, ensureInstalled, root } from "./project.mjs";

ensureInstalled();
await ensureBuilt();

const folder = mkdtempSync(join(tmpdir(), "switchback-test-"));
const report = join(folder, "report.json");
const vitest = join(root, "node_modules/vitest/vitest.mjs");
const args = [
  vitest,
  "run",
  "--reporter=default",
  "--reporter=json",
  `--outputFile.json=${report}`,
  ...process.argv.slice(2),
];
const run = spawnSync(process.execPath, args, { cwd: root, stdio: "inherit" });
let line = "0 passed, 1 failed";
try {
  const { numPassedTests, numFailedTests, numFailedTestSuites, numTotalTests } = JSON.parse(
    readFileSync(report, "utf8"),
  );
  const failed = Math.max(
    numFailedTests,
    numTotalTests === 0 || (run.status !== 0 && numFailedTests === 0) ? Math.max(1, numFailedTestSuites) : 0,
  );
  line = `${numPassedTests} passed, ${failed} failed`;
} finally {
  rmSync(folder, { recursive: true, force: true });
  console.log(line);
}
process.exit(run.status ?? 1);
