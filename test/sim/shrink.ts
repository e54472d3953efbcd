import type { Guarantee } from "./guarantees.ts";
import type { Scenario } from "./scenario.ts";
import { simulate, type Outcome } from "./simulate.ts";

/** Leaves out commands, one after the other, for as long as the same guarantee is violated. */
export const shrink = async (
  scenario: Scenario,
  guarantee: Guarantee,
): Promise<{ scenario: Scenario; outcome: Outcome }> => {
  let small = { scenario, outcome: await simulate(scenario) };
  for (let again = true; again;) {
    again = false;
    for (const command of small.scenario.commands) {
      const fewer = {
        ...small.scenario,
        commands: small.scenario.commands.filter((one) => one !== command),
      };
      const outcome = await simulate(fewer);
      if (outcome.violation?.guarantee !== guarantee) continue;
      small = { scenario: fewer, outcome };
      again = true;
      break;
    }
  }
  return small;
};
