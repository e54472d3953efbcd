// npm run prove:rig [-- AREA …]: the real AWS provider applies, plans empty and destroys every area in the rig.
import { AREAS, proveArea } from "../../rig/areas.ts";
import { startRig } from "../../rig/rig.ts";

const asked = process.argv.slice(2);
const areas = AREAS.filter((area) => asked.length === 0 || asked.includes(area));
if (asked.some((name) => !AREAS.some((area) => area === name))) {
  console.error(`areas: ${AREAS.join(" ")}`);
  process.exit(2);
}
const rig = await startRig();
let failed = 0;
try {
  for (const area of areas) {
    await rig.reset();
    const outcome = await proveArea(rig, area);
    const times = Object.entries(outcome.seconds)
      .filter(([name]) => ["apply", "plan", "destroy"].includes(name))
      .map(([name, seconds]) => `${name} ${seconds} s`);
    if (outcome.failed !== null) {
      failed += 1;
      console.log(outcome.failed);
    }
    const gaps = rig.log.calls().filter(({ by }) => by === "gap").length;
    console.log(
      `${outcome.failed === null ? "✔" : "✘"} ${area}  ${outcome.resources} resources · ${times.join(" · ")} · ` +
        `${rig.log.calls().length} calls, ${gaps} of them filled`,
    );
  }
} finally {
  await rig.close();
}
console.log(`${areas.length - failed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);
