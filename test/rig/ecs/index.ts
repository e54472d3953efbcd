import type { MakeGap } from "../gap.ts";
import type { World } from "./play-task.ts";
import { makeTasks } from "./tasks.ts";

/**
 * ECS as the rig plays it, for `startRig({ models })`: tasks that are run once. Services and their deployments stay with the gap
 * (`gaps/ecs.ts`) until a part here takes their actions over. It is a model of AWS: each part names the page that it follows.
 */
export const makeEcsModel =
  ({
    network = (env) => Promise.resolve(env),
    canPull = () => true,
  }: Partial<Pick<World, "network" | "canPull">> = {}): MakeGap =>
  (context) => {
    const parts = [makeTasks(context, { network, canPull })];
    return {
      service: "ecs",
      actions: Object.assign({}, ...parts.map(({ actions }) => actions)) as ReturnType<MakeGap>["actions"],
      reset: () => {
        for (const part of parts) part.reset();
      },
    };
  };
