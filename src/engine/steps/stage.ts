import { count } from "../../domain/count.ts";
import { notYet, step } from "./step.ts";

/** Database, cache and buckets run. Left running when the deployment is taken back: they belong to the environment. */
export const ensureBacking = step({
  kind: "ensure-backing",
  effect: "adds",
  observe: notYet,
  run: async (action, { platform }, context) => platform.ensureBacking(action.backing, context),
  detail: (action, outputs) => {
    const { database, cache, buckets } = action.backing;
    const parts = [
      database === null ? null : `PostgreSQL ${database.version}`,
      cache ? "cache" : null,
      buckets.length === 0 ? null : count(buckets.length, "bucket"),
    ].filter((part) => part !== null);
    const notes = (outputs as { notes?: string[] } | null)?.notes ?? [];
    return [parts.join(", "), ...notes].filter((text) => text !== "").join(" · ");
  },
});

/** A service's files are where its processes will run. Stay, unused, when the deployment is taken back. */
export const stageRevision = step({
  kind: "stage-revision",
  effect: "adds",
  observe: notYet,
  run: async ({ revision, spec, release }, { platform }, context) => {
    await platform.stageRevision({ revision, spec, release }, context);
    return null;
  },
});

export const stageSite = step({
  kind: "stage-site",
  effect: "adds",
  observe: notYet,
  run: async ({ spec }, { platform }, context) => {
    await platform.stageSite(spec, context);
    return null;
  },
});
