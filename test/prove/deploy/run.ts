import { makeChecks, seconds, tell, type Checks } from "../common/checks.ts";
import { proveBroken } from "./broken.ts";
import { proveKills } from "./kills.ts";
import { proveRaces } from "./races.ts";
import { proveStrategies } from "./strategies.ts";

const PARTS: Record<string, (checks: Checks) => Promise<void>> = {
  strategies: proveStrategies,
  broken: proveBroken,
  kills: proveKills,
  races: proveRaces,
};

const wanted = process.argv.slice(2);
const unknown = wanted.filter((part) => PARTS[part] === undefined);
if (unknown.length > 0) {
  console.error(`usage: npm run prove:deploy [-- PART …]\nPART is one of: ${Object.keys(PARTS).join(", ")}`);
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
