import { canonicalJson } from "../../domain/digest.ts";
import type { Json } from "../../domain/log-entry.ts";
import type { ObservedSite } from "../../domain/observed.ts";
import { shortReleaseId } from "../../domain/release.ts";
import { step } from "./step.ts";

/** The site serves these files with this `/config.json`; `index.html` changes last. */
export const switchSite = step({
  kind: "switch-site",
  effect: "changes",
  observe: async ({ site, to }, { platform }, { signal }) => {
    const now = (await platform.observe({ signal })).sites[site] ?? null;
    return { done: canonicalJson(now) === canonicalJson(to), before: now as unknown as Json };
  },
  run: async ({ site, to }, { platform }, context) => {
    await platform.switchSite(site, to, context);
    return null;
  },
  compensate: async ({ site }, before, { platform }, context) => {
    await platform.switchSite(site, before as ObservedSite | null, context);
  },
  receipt: ({ site, to }, { before, reverted }) => {
    const serves = reverted ? (before as ObservedSite | null) : to;
    return {
      what: site,
      detail: serves === null ? "not served" : `of ${shortReleaseId(serves.release)}`,
    };
  },
});
