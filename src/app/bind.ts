import type { AppDefinition, EnvironmentDefinition } from "../domain/app-definition.ts";
import type { Binding, ServiceBinding } from "../domain/binding.ts";
import { AppError } from "../domain/errors.ts";
import { shortReleaseId, type Release } from "../domain/release.ts";

/**
 * The binding that today's configuration gives a release in one environment. Pure. Secrets that have no version are
 * left out: the guard names them. Throws SERVICE_UNKNOWN for a release with a service that the configuration dropped.
 */
export const bindRelease = (request: {
  app: AppDefinition;
  definition: EnvironmentDefinition;
  release: Release;
  secretVersions: Record<string, string>;
}): Binding => {
  const { app, definition, release, secretVersions } = request;
  const service = (name: string): ServiceBinding => {
    const base = app.services[name];
    if (base === undefined)
      throw new AppError(
        "SERVICE_UNKNOWN",
        `${shortReleaseId(release.id)} has a service ${name}, the configuration has none.`,
        {
          hint:
            "go back with its own settings: switchback rollback ENVIRONMENT --to " +
            shortReleaseId(release.id),
        },
      );
    const override = definition.services[name] ?? {};
    const names = Object.keys(release.services[name]!.secrets).filter(
      (secret) => secretVersions[secret] !== undefined,
    );
    return {
      instances: override.instances ?? base.instances,
      cpu: override.cpu ?? base.cpu,
      memoryMb: override.memoryMb ?? base.memoryMb,
      env: { ...base.env, ...definition.env, ...override.env },
      secrets: Object.fromEntries(names.map((secret) => [secret, secretVersions[secret]!])),
    };
  };
  const site = (name: string) => ({
    settings: { ...app.sites[name]?.settings, ...definition.sites[name]?.settings },
  });
  return {
    services: Object.fromEntries(Object.keys(release.services).map((name) => [name, service(name)])),
    sites: Object.fromEntries(Object.keys(release.sites).map((name) => [name, site(name)])),
  };
};
