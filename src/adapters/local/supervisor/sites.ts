import type { Digest } from "../../../domain/digest.ts";
import { AppError } from "../../../domain/errors.ts";
import type { SiteSpec } from "../../../domain/revision.ts";
import type { Environment } from "./environment.ts";
import type { EnvironmentState } from "./state.ts";

const EARLIER_TREES = 5;

export const withTree = (state: EnvironmentState, tree: Digest): EnvironmentState =>
  state.trees.includes(tree) ? state : { ...state, trees: [...state.trees, tree] };

/** The site's files are written out, and hold its fallback page. Nothing is served from them yet. */
export const stageSite = async (environment: Environment, site: SiteSpec): Promise<void> => {
  // Named first: a tree that is staged for one environment must not be swept by another.
  await environment.change((state) => withTree(state, site.tree));
  const { tree } = await environment.deps.trees.ensure(site.tree);
  if (tree.entries[site.fallback]?.type !== "file")
    throw new AppError("SITE_INCOMPLETE", `the site ${site.site} has no ${site.fallback}`, {
      hint: `look at what its build leaves in dist, then deploy again`,
      context: { site: site.site, fallback: site.fallback },
    });
};

/** New requests get this spec's files and `/config.json`; hashed files of up to five earlier trees stay for open tabs. */
export const switchSite = async (
  environment: Environment,
  { site, to }: { site: string; to: { spec: SiteSpec; release: Digest } | null },
): Promise<void> => {
  if (to !== null) await environment.deps.trees.ensure(to.spec.tree);
  await environment.change((state) => {
    if (to === null) {
      const { [site]: _gone, ...sites } = state.sites;
      return { ...state, sites };
    }
    const found = state.sites[site] ?? { current: null, earlier: [] };
    const before = found.current === null ? [] : [found.current.spec.tree];
    const earlier = [...new Set([...before, ...found.earlier])]
      .filter((tree) => tree !== to.spec.tree)
      .slice(0, EARLIER_TREES);
    return { ...state, sites: { ...state.sites, [site]: { current: to, earlier } } };
  });
};
