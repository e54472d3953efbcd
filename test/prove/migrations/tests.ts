import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import type { Checks } from "../common/checks.ts";

interface Report {
  testResults: { assertionResults: { fullName: string; status: string; failureMessages: string[] }[] }[];
}

/** The tests of a part, each a check of its own. One that did not run is one that failed. */
export const proveTests = async (checks: Checks, part: string): Promise<void> => {
  const folder = mkdtempSync(join(tmpdir(), "switchback-prove-"));
  try {
    const file = join(folder, "report.json");
    const vitest = resolve("node_modules/vitest/vitest.mjs");
    const args = [vitest, "run", "--reporter=json", `--outputFile=${file}`, part];
    spawnSync(process.execPath, args, { stdio: ["ignore", "ignore", "inherit"] });
    const { testResults } = JSON.parse(readFileSync(file, "utf8")) as Report;
    const tests = testResults.flatMap(({ assertionResults }) => assertionResults);
    checks.check(`${part} has tests`, tests.length > 0);
    for (const { fullName, status, failureMessages } of tests)
      checks.check(fullName, status === "passed", failureMessages.join("\n") || status);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};
