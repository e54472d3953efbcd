import { makeChecks, seconds, tell, type Checks } from "../common/checks.ts";
import { proveFailing } from "./failing.ts";
import { proveIncidents } from "./incidents.ts";
import { proveTests } from "./tests.ts";

const PARTS: Record<string, (checks: Checks) => Promise<void>> = {
  tools: (checks) => proveTests(checks, "test/migrations/tools"),
  operations: (checks) => proveTests(checks, "test/migrations/operations"),
  incidents: proveIncidents,
  failing: proveFailing,
};

const wanted = process.argv.slice(2);
const unknown = wanted.filter((part) => PARTS[part] === undefined);
if (unknown.length > 0) {
  console.error(
    `usage: npm run prove:migrations [-- PART …]\nPART is one of: ${Object.keys(PARTS).join(", ")}`,
  );
  process.exit(2);
}
const checks = makeChecks();
const startedMs = performance.now();
for (const [part, prove] of Object.entries(PARTS)) {
  if (wanted.length > 0 && !wanted.includes(part)) continue;
  console.log(`\n${part}`);
  await prove(checks).catch((error: Error) => checks.check(`${part} ran to its end`, false, error.stack));
}
tell(`took ${seconds(startedMs)}`);
console.log(`${checks.passed} passed, ${checks.failed} failed`);
process.exitCode = checks.failed === 0 ? 0 : 1;
