import type { Binding } from "../domain/binding.ts";
import type { Release } from "../domain/release.ts";
import { revisionIdOf, type RevisionId, type RevisionSpec, type SiteSpec } from "../domain/revision.ts";

/** How one service of a release runs under a binding. */
export const revisionSpecOf = (release: Release, binding: Binding, service: string): RevisionSpec => {
  const { kind, tree, command, route, health, stopMs } = release.services[service]!;
  const { cpu, memoryMb, env, secrets } = binding.services[service]!;
  return { service, kind, tree, command, route, health, stopMs, cpu, memoryMb, env, secrets };
};

export interface TargetService {
  revision: RevisionId;
  spec: RevisionSpec;
  instances: number;
}

export const targetServices = (release: Release, binding: Binding): Record<string, TargetService> =>
  Object.fromEntries(
    Object.keys(release.services).map((service) => {
      const spec = revisionSpecOf(release, binding, service);
      return [
        service,
        { spec, revision: revisionIdOf(spec), instances: binding.services[service]!.instances },
      ];
    }),
  );

export const targetSites = (release: Release, binding: Binding): Record<string, SiteSpec> =>
  Object.fromEntries(
    Object.entries(release.sites).map(([site, { tree, route, fallback }]) => [
      site,
      { site, tree, route, fallback, settings: binding.sites[site]?.settings ?? {} },
    ]),
  );
