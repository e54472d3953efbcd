import { parseArgs } from "node:util";
import { seconds, tell } from "../common/checks.ts";
import { openLane, type Lane } from "./lane.ts";
import { playRound } from "./round.ts";
import { scenarioOf } from "./scenario.ts";
import { makeStory } from "./story.ts";
import { makeTally } from "./table.ts";

const { values } = parseArgs({
  options: {
    rounds: { type: "string", default: "100" },
    seed: { type: "string" },
    lanes: { type: "string", default: "2" },
    /** The first round: plays those of a longer run again. */
    from: { type: "string", default: "1" },
    story: { type: "boolean", default: false },
  },
});
const [rounds, lanes, from] = [Number(values.rounds), Number(values.lanes), Number(values.from)];
const seed = values.seed === undefined ? Math.floor(Math.random() * 1e6) : Number(values.seed);
if (
  ![rounds, lanes, from, seed].every((one) => Number.isInteger(one) && one >= 0) ||
  rounds < 1 ||
  lanes < 1
) {
  console.error("usage: npm run prove:kill -- [--rounds N] [--seed S] [--lanes L] [--from ROUND] [--story]");
  process.exit(2);
}

const startedMs = performance.now();
const tally = makeTally();
const counts = { passed: 0, failed: 0, open: 0, damaged: 0, requests: 0, underWay: 0, whileGone: 0 };

/** Plays every lanes-th round. A failing one keeps its folder as it is, stopped, and the lane goes on in a new one. */
const playLane = async (index: number): Promise<void> => {
  let lane: Lane = await openLane(index);
  for (let round = from + index; round < from + rounds; round += lanes) {
    const story = makeStory();
    const scenario = scenarioOf(seed, round);
    const report = await playRound(lane, scenario, story).catch((error: Error) => error);
    const wrong = report instanceof Error ? [report.stack ?? report.message] : report.wrong;
    if (!(report instanceof Error)) {
      for (const strike of report.struck) tally.count(scenario.action, strike);
      if (report.leftOpen) counts.open += 1;
      if (report.damaged) counts.damaged += 1;
      counts.underWay += report.requests.underWay;
      counts.whileGone += report.requests.whileGone;
    }
    if (wrong.length === 0) {
      counts.passed += 1;
      if (values.story) console.log([`round ${round}`, ...story.lines()].join("\n"));
    } else {
      counts.failed += 1;
      console.log(`✘ round ${round} of seed ${seed}`);
      for (const line of story.lines()) console.log(`    ${line}`);
      for (const one of wrong) console.log(`  ✘ ${one.slice(0, 1500)}`);
      console.log(
        `  kept: ${lane.project.folder}   again: npm run prove:kill -- --seed ${seed} --from ${round} --rounds 1`,
      );
      counts.requests += lane.traffic.requests();
      await lane.close({ keep: true });
      lane = await openLane(index);
    }
    const played = counts.passed + counts.failed;
    if (played % 25 === 0)
      tell(`${played} of ${rounds} rounds, ${counts.failed} failed, ${seconds(startedMs)}`);
  }
  counts.requests += lane.traffic.requests();
  await lane.close({ keep: false });
};

console.log(`seed ${seed}, ${rounds} rounds in ${lanes} environments`);
await Promise.all(Array.from({ length: lanes }, (_, index) => playLane(index)));
console.log(`\nstrikes that met somebody, by action and victim (of these, while a command was under way)`);
for (const line of tally.lines()) console.log(line);
console.log(
  `\n${counts.open} times a deployment was left open and finished by the next command, ${counts.damaged} times files were damaged`,
);
console.log(
  `${counts.requests} requests: ${counts.underWay} failed that were under way in a process that died, ` +
    `${counts.whileGone} while the front door, the database or every instance was gone`,
);
tell(`took ${seconds(startedMs)}`);
console.log(`${counts.passed} passed, ${counts.failed} failed`);
process.exitCode = counts.failed === 0 && counts.passed === rounds ? 0 : 1;
