import type { RevisionMetrics } from "../../../domain/observed.ts";
import { RevisionMeter, SLOTS } from "./revision-meter.ts";
import type { RevisionTotals } from "./types.ts";

interface MeterPlace {
  environment: string;
  service: string;
  revision: string;
}

export interface Meters {
  of(place: MeterPlace): RevisionMeter;
  read(environment: string, service: string, revision: string, sinceMs: number): RevisionMetrics;
  /** Drops meters that had no traffic for longer than is kept, and are asked for by no table from then on. */
  forgetOld(): void;
  totals(inFlight: (meter: RevisionMeter) => number): RevisionTotals[];
}

/** The meters of all revisions, found by where they run. */
export const makeMeters = (nowMs: () => number): Meters => {
  const meters = new Map<string, MeterPlace & { meter: RevisionMeter }>();
  const keyOf = (place: MeterPlace): string => `${place.environment}\n${place.service}\n${place.revision}`;
  const of = (place: MeterPlace): RevisionMeter => {
    const key = keyOf(place);
    let found = meters.get(key);
    if (found === undefined) {
      const { environment, service, revision } = place;
      found = { environment, service, revision, meter: new RevisionMeter() };
      meters.set(key, found);
    }
    // Being named by a table counts as a sign of life.
    found.meter.lastSecond = Math.floor(nowMs() / 1_000);
    return found.meter;
  };
  return {
    of,
    read: (environment, service, revision, sinceMs) =>
      (meters.get(keyOf({ environment, service, revision }))?.meter ?? new RevisionMeter()).read(
        nowMs(),
        sinceMs,
      ),
    forgetOld: () => {
      const oldest = nowMs() / 1_000 - SLOTS;
      for (const [key, { meter }] of meters) if (meter.lastSecond < oldest) meters.delete(key);
    },
    totals: (inFlight) =>
      [...meters.entries()]
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([, { environment, service, revision, meter }]) => ({
          environment,
          service,
          revision,
          requests: meter.requests,
          errors: meter.errors,
          inFlight: inFlight(meter),
        })),
  };
};
