import { notYet, step } from "./step.ts";

/** Stops and forgets what neither this release nor a way back needs. Runs after the deployment counts; never taken back. */
export const retire = step({
  kind: "retire",
  effect: "adds",
  observe: notYet,
  run: async ({ revisions, trees, warmMs }, { platform }, context) => {
    await platform.retire({ revisions, trees, warmMs }, context);
    return null;
  },
});
