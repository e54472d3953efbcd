import type { ObservedEnvironment, ObservedService } from "../../../domain/observed.ts";
import { hostsOf } from "./routes.ts";
import type { Slot } from "./slot.ts";
import { serves, type EnvironmentState, type ServiceState } from "./state.ts";

const observedService = (service: ServiceState, slots: Slot[]): ObservedService => ({
  revisions: Object.fromEntries(
    Object.entries(service.revisions).map(([id, { spec, release, wanted }]) => [
      id,
      {
        spec,
        release,
        wanted,
        healthy: slots.filter((slot) => slot.revision === id && slot.state() === "healthy").length,
      },
    ]),
  ),
  weights: service.weights,
});

export const urlsOf = (
  state: EnvironmentState,
  place: { app: string; all: string[]; port: number },
): string[] => {
  return serves(state)
    ? hostsOf(place.app, state.environment, place.all).map((host) => `http://${host}:${place.port}`)
    : [];
};

/** What is so right now; the schema is left to those who may start a command. */
export const observe = (
  state: EnvironmentState,
  slots: Slot[],
  place: { app: string; all: string[]; port: number },
): ObservedEnvironment => ({
  services: Object.fromEntries(
    Object.entries(state.services).map(([name, service]) => [
      name,
      observedService(
        service,
        slots.filter((slot) => slot.spec.service === name),
      ),
    ]),
  ),
  sites: Object.fromEntries(
    Object.entries(state.sites).flatMap(([name, { current }]) => (current === null ? [] : [[name, current]])),
  ),
  schema: null,
  urls: urlsOf(state, place),
});
