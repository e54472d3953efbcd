import { digestOf } from "../../../domain/digest.ts";
import type { Artefacts } from "../../../ports/artefacts.ts";
import type { Clock } from "../../../ports/clock.ts";
import type { EffectContext } from "../../../ports/platform.ts";
import { forEachAtOnce } from "./at-once.ts";
import type { Gate } from "./gate.ts";
import { invalidationPathsOf, type EdgeCache } from "./invalidation.ts";
import type { Serving } from "./ledger.ts";
import { changedPaths, type PublishPlan } from "./plan-publish.ts";
import type { SiteBucket } from "./site-bucket.ts";
import type { SiteKeys } from "./site-keys.ts";
import { headersOf, payloadOf } from "./site-object.ts";
import type { TargetFile } from "./site-target.ts";

/** What effects did so far. */
export interface Published {
  /** Files and contents that travelled, and their bytes. */
  sent: number;
  bytes: number;
  copied: number;
  removed: number;
}

export interface SiteEffectsDeps {
  s3: SiteBucket;
  cloudFront: EdgeCache | null;
  artefacts: Artefacts;
  clock: Clock;
  gate: Gate;
  /** At once, when the gate lets them. */
  workers: number;
  site: { name: string; route: string };
  keys: SiteKeys;
}

/** The parts of a plan carried out on bucket and distribution; each adds to `done` what it did. */
export const makeSiteEffects = (deps: SiteEffectsDeps) => {
  const { s3, cloudFront, artefacts, clock, gate, workers, site, keys } = deps;
  const each = <T extends { bytes: number }>(
    items: T[],
    work: (item: T) => Promise<void>,
    { signal }: EffectContext,
  ) => forEachAtOnce(items, work, { gate, workers, signal });

  const put = async (file: TargetFile, key: string, on: { context: EffectContext; done: Published }) => {
    const content = { payload: payloadOf(artefacts, file), headers: headersOf(file) };
    await s3.put(key, content, on.context.signal);
    on.done.sent += 1;
    on.done.bytes += file.bytes;
  };

  const replaceOne = async (file: TargetFile, on: { context: EffectContext; done: Published }) => {
    const to = keys.served(file.path);
    if (file.inline === null) {
      const from = keys.kept(file.sha256);
      if ((await s3.copy({ from, to }, headersOf(file), on.context.signal)) === "copied") {
        on.done.copied += 1;
        return;
      }
    }
    // The deployment's own file; or a kept one that somebody deleted.
    await put(file, to, on);
  };

  return {
    send: async (plan: PublishPlan, context: EffectContext, done: Published): Promise<void> => {
      const all = plan.send.length + plan.keep.length;
      let toldMs = clock.monotonicMs();
      const items = [
        ...plan.send.map((file) => ({ file, key: keys.served(file.path), bytes: file.bytes })),
        ...plan.keep.map((file) => ({ file, key: keys.kept(file.sha256), bytes: file.bytes })),
      ];
      const send = async ({ file, key }: { file: TargetFile; key: string }): Promise<void> => {
        await put(file, key, { context, done });
        if (clock.monotonicMs() - toldMs < 1_000) return;
        toldMs = clock.monotonicMs();
        context.onProgress?.(`${done.sent} of ${all} files`);
      };
      await each(items, send, context);
    },

    /** Group after group. */
    replace: async (plan: PublishPlan, context: EffectContext, done: Published): Promise<void> => {
      for (const group of plan.replace)
        await each(group, (file) => replaceOne(file, { context, done }), context);
    },

    remove: async (paths: string[], context: EffectContext, done: Published): Promise<void> => {
      const remove = async ({ path }: { path: string }): Promise<void> => {
        await s3.remove(keys.served(path), context.signal);
        done.removed += 1;
      };
      await each(
        paths.map((path) => ({ path, bytes: 0 })),
        remove,
        context,
      );
    },

    /** No edge holds what stood under the changed paths before. */
    clearEdges: async (plan: PublishPlan, to: Serving | null, context: EffectContext): Promise<void> => {
      const files = changedPaths(plan);
      if (cloudFront === null || files.length === 0) return;
      const { deployment, epoch, signal } = context;
      const paths = invalidationPathsOf(files, site.route);
      // Of what is to be, not of this run: a run after a crash finds the same one.
      const reference = `switchback-${site.name}-${digestOf({ deployment, epoch, to, paths }).slice(0, 32)}`;
      context.onProgress?.("waiting for the edges of CloudFront");
      await cloudFront.invalidate({ paths, reference }, signal);
    },
  };
};

export type SiteEffects = ReturnType<typeof makeSiteEffects>;
