import type { AppDefinition, EnvironmentDefinition } from "../domain/app-definition.ts";
import { AppError } from "../domain/errors.ts";
import { nearest } from "../config/nearest.ts";
import type { SessionDeps } from "../engine/session.ts";
import type { Artefacts } from "../ports/artefacts.ts";
import type { Builder } from "../ports/builder.ts";
import type { Clock } from "../ports/clock.ts";
import type { Liveness } from "../ports/liveness.ts";
import type { Platform } from "../ports/platform.ts";
import type { Rehearser } from "../ports/rehearser.ts";
import type { Store } from "../ports/store.ts";

/** What the use cases need; made once, by the composition root. */
export interface AppContext {
  app: AppDefinition;
  projectDir: string;
  store: Store;
  artefacts: Artefacts;
  builder: Builder;
  clock: Clock;
  liveness: Liveness;
  leaseMs: number;
  /** Null: the platform does not run and was not to be started. */
  platform(environment: string, options: { start: true }): Promise<Platform>;
  platform(environment: string, options: { start: boolean }): Promise<Platform | null>;
  /** Loaded when something is to be rehearsed, and never else. */
  rehearser(environment: string): Promise<Rehearser>;
}

export const actorOf = ({ liveness }: AppContext): string => liveness.self().actor;

/** The environment's definition. Throws ENVIRONMENT_UNKNOWN with the names there are and the nearest. */
export const environmentOf = ({ app }: AppContext, environment: string): EnvironmentDefinition => {
  const definition = Object.hasOwn(app.environments, environment) ? app.environments[environment] : undefined;
  if (definition !== undefined) return definition;
  const names = Object.keys(app.environments);
  const meant = nearest(environment, names);
  throw new AppError("ENVIRONMENT_UNKNOWN", `${app.name} has no environment "${environment}".`, {
    hint:
      meant === null
        ? `the environments are: ${names.join(", ")}`
        : `did you mean ${meant}? There are: ${names.join(", ")}`,
    context: { environment, allowed: names },
  });
};

export const sessionDeps = (
  { store, clock, liveness, leaseMs }: AppContext,
  callBudgetMs: number,
): SessionDeps => ({
  store,
  clock,
  liveness,
  leaseMs,
  callBudgetMs,
});

/** Throws SERVICE_UNKNOWN, with the services there are and the nearest, for a name that the configuration does not have. */
export const checkService = ({ app }: AppContext, service: string): void => {
  const names = Object.keys(app.services);
  if (names.includes(service)) return;
  const meant = nearest(service, names);
  throw new AppError("SERVICE_UNKNOWN", `${app.name} has no service "${service}".`, {
    hint: `${meant === null ? "" : `did you mean ${meant}? `}The services are: ${names.join(", ")}`,
    context: { service, allowed: names },
  });
};
