import type { GatewayLimits } from "./limits.ts";
import type { Meters } from "./meters.ts";
import type { RevisionMeter } from "./revision-meter.ts";
import type { TargetFor } from "./routing-table.ts";
import type { GatewayHost } from "./types.ts";
import { Upstream } from "./upstream.ts";

export interface Upstreams {
  targetFor(meters: Meters): TargetFor;
  /** What the table does not name any more closes as it becomes idle. */
  retireAllBut(hosts: GatewayHost[]): void;
  /** See Gateway.drain; tunnels still open at the end are closed. */
  drain(ids: string[], timeoutMs: number): Promise<number>;
  inFlight(meter: RevisionMeter): number;
  sweep(): void;
  destroy(): void;
}

/** The instances that are in the table, and those that still have something under way. */
export const makeUpstreams = (limits: GatewayLimits, nowMs: () => number): Upstreams => {
  const upstreams = new Map<string, { upstream: Upstream; meter: RevisionMeter }>();
  const keyOf = (instance: { id: string; port: number }): string => `${instance.id}\n${instance.port}`;
  const forget = (key: string, upstream: Upstream): void => {
    upstream.whenIdle(() => {
      if (upstream.retired && upstream.inFlight === 0 && upstreams.get(key)?.upstream === upstream)
        upstreams.delete(key);
    });
  };
  return {
    targetFor: (meters) => (place) => {
      const key = keyOf(place.instance);
      let target = upstreams.get(key);
      if (target === undefined) {
        target = { upstream: new Upstream(place.instance, limits, nowMs), meter: meters.of(place) };
        upstreams.set(key, target);
      }
      return { upstream: target.upstream, meter: meters.of(place) };
    },
    retireAllBut: (hosts) => {
      const named = new Set<string>();
      for (const host of hosts)
        for (const service of host.services)
          for (const revision of service.revisions)
            for (const instance of revision.instances) named.add(keyOf(instance));
      for (const [key, { upstream }] of [...upstreams]) {
        upstream.setRetired(!named.has(key));
        if (upstream.retired) forget(key, upstream);
      }
    },
    drain: async (ids, timeoutMs) => {
      const wanted = new Set(ids);
      const draining = [...upstreams.values()]
        .map(({ upstream }) => upstream)
        .filter(({ id }) => wanted.has(id));
      await drainedOrTimeout(draining, timeoutMs);
      const left = draining.reduce((sum, { inFlight, streams }) => sum + inFlight - streams, 0);
      for (const upstream of draining) upstream.closeTunnels();
      return left;
    },
    inFlight: (meter) => {
      let sum = 0;
      for (const target of upstreams.values()) if (target.meter === meter) sum += target.upstream.inFlight;
      return sum;
    },
    sweep: () => {
      const now = nowMs();
      for (const { upstream } of upstreams.values()) upstream.sweep(now);
    },
    destroy: () => {
      for (const { upstream } of upstreams.values()) upstream.destroy();
    },
  };
};

const drainedOrTimeout = (upstreams: Upstream[], timeoutMs: number): Promise<void> =>
  new Promise((resolve) => {
    let left = upstreams.length;
    if (left === 0) return resolve();
    const timer = setTimeout(resolve, timeoutMs);
    for (const upstream of upstreams)
      upstream.whenDrained(() => {
        if (--left > 0) return;
        clearTimeout(timer);
        resolve();
      });
  });
