import type { DamagePlan } from "./scenario.ts";
import type { Lane } from "./lane.ts";
import type { Tell } from "./story.ts";

export const damageAndMend = async (
  _lane: Lane,
  _plan: DamagePlan,
  _round: { tell: Tell; wrong: string[] },
): Promise<boolean> => false;
