import type { AppDefinition, ServiceDefinition } from "../../domain/app-definition.ts";
import { digestOf, type Digest } from "../../domain/digest.ts";
import type { Release, ReleaseService } from "../../domain/release.ts";

/** What of a service's definition is the same in every environment: all but its tree. */
export const releasePartOf = (service: ServiceDefinition): Omit<ReleaseService, "tree"> => ({
  kind: service.kind,
  command: service.command,
  route: service.route,
  port: service.port,
  health: service.health,
  stopMs: service.stopMs,
  env: Object.keys(service.env).sort(),
  secrets: service.secrets,
});

export const databaseOf = ({ database }: AppDefinition): Release["database"] =>
  database === null ? null : { engine: database.engine, version: database.version };

/** The inputs that the configuration alone decides. Everything of it that a release holds is in here: equal ids, equal releases. */
export const definitionInputs = (app: AppDefinition): Record<string, Digest> => {
  const inputs: Record<string, Digest> = {
    "app:name": digestOf(app.name),
    "app:database": digestOf(databaseOf(app)),
    "app:cache": digestOf(app.cache !== null),
    "app:buckets": digestOf(Object.keys(app.buckets).sort()),
    "migrations:definition": digestOf(app.database?.migrations ?? null),
  };
  for (const [name, service] of Object.entries(app.services)) {
    inputs[`service:${name}:definition`] = digestOf(releasePartOf(service));
    inputs[`service:${name}:build`] = digestOf({ build: service.build, files: service.files });
  }
  for (const [name, site] of Object.entries(app.sites)) {
    inputs[`site:${name}:definition`] = digestOf({ route: site.route, fallback: site.fallback });
    inputs[`site:${name}:build`] = digestOf({ build: site.build, dist: site.dist });
  }
  return inputs;
};
