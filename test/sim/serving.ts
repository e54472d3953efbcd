import { treesNeededBy } from "../../src/app/deploy.ts";
import { canonicalJson } from "../../src/domain/digest.ts";
import type { EnvironmentState, Serving } from "../../src/domain/environment-state.ts";
import type { ObservedEnvironment } from "../../src/domain/observed.ts";
import { targetServices, targetSites } from "../../src/planner/revisions.ts";
import type { World } from "../helpers/memory-platform.ts";
import { releaseById } from "./releases.ts";
import { Violation } from "./violation.ts";

/** What a person meets: traffic by revision, instances, sites. */
export const servedBy = (observed: ObservedEnvironment): string => {
  const services = Object.entries(observed.services).map(([name, { revisions, weights }]) => {
    const running = Object.entries(revisions)
      .filter(([, { wanted }]) => wanted > 0)
      .map(([id, { wanted }]) => [id, wanted] as const);
    return [name, { weights: positive(weights), instances: Object.fromEntries(running) }] as const;
  });
  const busy = services.filter(
    ([, { weights, instances }]) => Object.keys(weights).length + Object.keys(instances).length > 0,
  );
  return canonicalJson({ services: Object.fromEntries(busy), sites: observed.sites });
};

const positive = (weights: Record<string, number>): Record<string, number> =>
  Object.fromEntries(Object.entries(weights).filter(([, weight]) => weight > 0));

/** Revisions that get traffic, by service. */
export const routedIn = ({ services }: ObservedEnvironment): Record<string, string[]> =>
  Object.fromEntries(
    Object.entries(services).map(([name, { weights }]) => [name, Object.keys(positive(weights))]),
  );

/** The environment serves what its log says that it serves. */
export const mustServe = ({ observed }: World, { serving }: EnvironmentState, when: string): void => {
  if (serving === null) throw new Violation("success means serving", `${when}, nothing serves`);
  const release = releaseById(serving.release);
  for (const [service, { revision, spec, instances }] of Object.entries(
    targetServices(release, serving.binding),
  )) {
    const now = observed.services[service];
    const routed = Object.keys(positive(now?.weights ?? {}));
    const right = spec.kind !== "web" || (routed.length === 1 && routed[0] === revision);
    if (!right || (now?.revisions[revision]?.healthy ?? 0) < instances)
      throw new Violation("success means serving", `${when}, ${service} is ${JSON.stringify(now?.weights)}`);
  }
  for (const [site, spec] of Object.entries(targetSites(release, serving.binding)))
    if (canonicalJson(observed.sites[site]?.spec) !== canonicalJson(spec))
      throw new Violation("success means serving", `${when}, site ${site} is another one`);
};

/** Traffic goes to what runs, and to nothing that neither served before nor is being rolled out. */
export const makeTrafficWatch = (world: World) => {
  let allowed: Record<string, Set<string>> = {};
  return {
    allow: (routed: Record<string, string[]>): void => {
      allowed = Object.fromEntries(Object.entries(routed).map(([name, ids]) => [name, new Set(ids)]));
    },
    look: (): void => {
      for (const [service, { revisions, weights }] of Object.entries(world.observed.services)) {
        const routed = Object.entries(positive(weights));
        const sum = routed.reduce((total, [, weight]) => total + weight, 0);
        if (routed.length > 0 && Math.abs(sum - 100) > 0.01)
          throw new Violation("traffic sums to 100 %", `${service} ${JSON.stringify(weights)}`);
        for (const [id] of routed) {
          if ((revisions[id]?.healthy ?? 0) === 0)
            throw new Violation("traffic goes only to what runs", `${service} sends to ${id}`);
          if (allowed[service]?.has(id) !== true)
            throw new Violation("nothing serves that no plan asked for", `${service} sends to ${id}`);
        }
      }
    },
  };
};

/** Trees that go from the platform are needed neither by what serves nor by what a rollback goes to. */
export const makeTreeWatch = (world: World) => {
  let known = 0;
  let trees = new Set<string>();
  return (state: EnvironmentState): void => {
    if (world.effects.length === known) return;
    known = world.effects.length;
    const gone = [...trees].filter((tree) => !world.trees.has(tree));
    trees = new Set(world.trees);
    if (gone.length === 0) return;
    const ways = [state.serving, state.earlier.find(({ rolledBack }) => !rolledBack)];
    const needed = ways.filter((way): way is Serving => Boolean(way));
    for (const { release, binding } of needed) {
      const missing = treesNeededBy(releaseById(release), binding).find((tree) => gone.includes(tree));
      if (missing !== undefined)
        throw new Violation("what a way back needs is never retired", `${missing} of ${release}`);
    }
  };
};
