import { digestOf } from "../../../domain/digest.ts";
import type { SiteSpec } from "../../../domain/revision.ts";
import type { Artefacts } from "../../../ports/artefacts.ts";
import type { Clock } from "../../../ports/clock.ts";
import type { EffectContext } from "../../../ports/platform.ts";
import { makeGate, type Gate } from "./gate.ts";
import type { EdgeCache } from "./invalidation.ts";
import type { Serving } from "./ledger.ts";
import { makeLedgerSession } from "./ledger-session.ts";
import { makeLedgerStore, type Standing } from "./ledger-store.ts";
import { afterExpiry, afterStage, afterSwitch } from "./next-ledger.ts";
import { changedPaths, planPublish } from "./plan-publish.ts";
import type { SiteBucket } from "./site-bucket.ts";
import { makeSiteEffects, type Published } from "./site-effects.ts";
import { siteKeysOf } from "./site-keys.ts";
import { targetOf, type Target } from "./site-target.ts";
import { translated } from "./translate.ts";

export interface SitePublisherDeps {
  s3: SiteBucket;
  /** Null: nothing caches what the bucket serves. */
  cloudFront: EdgeCache | null;
  artefacts: Artefacts;
  clock: Clock;
  /** Shared with what narrows it when S3 asks for less. */
  gate?: Gate;
  site: { name: string; prefix: string; route: string };
}

/**
 * Publishes one site from the artefact store. Every effect says what shall be so: doing it twice, also after a crash at any
 * point, is doing it once. A page never stands in the bucket before what it refers to. No bucket is listed.
 * Throws FENCED when a later deployer was here, SITE_INCOMPLETE, ARTEFACT_MISSING, SITE_PLACE, SITE_DENIED,
 * SITE_UNREACHABLE, AWS_CREDENTIALS.
 */
export interface SitePublisher {
  /** What the ledger says that the site serves. One request. */
  serving(signal: AbortSignal): Promise<Serving | null>;
  /** Everything of this spec is in the bucket, and nothing changed for anybody who looks at the site. */
  stage(spec: SiteSpec, context: EffectContext): Promise<Published>;
  /** The site serves this spec, at every edge. What is not staged is staged first. Null: it serves nothing. */
  switchTo(to: Serving | null, context: EffectContext): Promise<Published>;
  /** As `switchTo`: all of a release in reach is in the bucket, so that nothing travels, but for `/config.json`. */
  rollbackTo(to: Serving, context: EffectContext): Promise<Published>;
  /**
   * Files that neither the serving spec nor any of these has are deleted once they have been of no use for so long. A spec
   * whose artefact cannot be read stops it, and nothing is deleted.
   */
  expire(keep: SiteSpec[], olderThanMs: number, context: EffectContext): Promise<{ deleted: number }>;
}

export const REQUESTS_AT_ONCE = 128;
export const BYTES_AT_ONCE = 32 << 20;

export const makeSitePublisher = (deps: SitePublisherDeps): SitePublisher => {
  const { s3, cloudFront, artefacts, clock, site } = deps;
  const gate = deps.gate ?? makeGate({ requests: REQUESTS_AT_ONCE, bytes: BYTES_AT_ONCE });
  const keys = siteKeysOf(site.prefix);
  const ledgers = makeLedgerStore(s3, { key: keys.ledger, site: site.name });
  const session = makeLedgerSession(ledgers, site.name);
  const effects = makeSiteEffects({ ...deps, gate, keys, workers: REQUESTS_AT_ONCE });
  const targetFor = async (spec: SiteSpec): Promise<Target> =>
    targetOf(await artefacts.readTree(spec.tree), spec);

  /** Everything is in the bucket, and the ledger knows what the switch is about to change. */
  const prepare = async (
    wanted: { target: Target | null; fallback: string },
    context: EffectContext,
    { standing, done }: { standing: Standing; done: Published },
  ) => {
    const plan = planPublish(standing.ledger, wanted);
    await effects.send(plan, context, done);
    const isTold = changedPaths(plan).every((path) => standing.ledger.unsettled.has(path));
    if (plan.send.length + plan.keep.length === 0 && isTold) return { plan, standing };
    const ledger = afterStage(standing.ledger, plan, { nowMs: clock.nowMs(), keys });
    return { plan, standing: await session.write(ledger, standing, context) };
  };

  const stage = async (spec: SiteSpec, context: EffectContext): Promise<Published> => {
    const done = nothing();
    const [standing, target] = await Promise.all([session.read(context), targetFor(spec)]);
    await prepare({ target, fallback: spec.fallback }, context, { standing, done });
    return done;
  };

  const switchTo = async (to: Serving | null, context: EffectContext): Promise<Published> => {
    const done = nothing();
    const recalled = await session.recall(context);
    const target = to === null ? null : await targetFor(to.spec);
    const fallback = (to ?? recalled.ledger.serving)?.spec.fallback ?? "";
    const wanted = { target, fallback };
    const { plan, standing } = await prepare(wanted, context, { standing: recalled, done });
    // A page goes before what it refers to, and comes after it.
    await effects.remove(
      plan.remove.filter((path) => target === null && path === fallback),
      context,
      done,
    );
    await effects.replace(plan, context, done);
    await effects.remove(
      plan.remove.filter((path) => target !== null || path !== fallback),
      context,
      done,
    );
    await effects.clearEdges(plan, to, context);
    if (changedPaths(plan).length === 0 && digestOf(standing.ledger.serving) === digestOf(to)) return done;
    const next = afterSwitch(standing.ledger, plan, { target, serving: to, nowMs: clock.nowMs() });
    await session.write(next, standing, context);
    return done;
  };

  const expire = async (keep: SiteSpec[], olderThanMs: number, context: EffectContext) => {
    const standing = await session.recall(context);
    const { serving } = standing.ledger;
    const needed: Target[] = [];
    for (const spec of serving === null ? keep : [serving.spec, ...keep]) needed.push(await targetFor(spec));
    const ledger = afterExpiry(standing.ledger, { needed, olderThanMs, nowMs: clock.nowMs(), keys });
    if (ledger === null) return { deleted: 0 };
    // First the ledger forgets them: a crash leaves files that are sent again, never some that are missed.
    const told = await session.write(ledger, standing, context);
    const doomed = [...ledger.doomed];
    await s3.removeMany(doomed, context.signal);
    await session.write({ ...ledger, doomed: new Set() }, told, context);
    return { deleted: doomed.length };
  };

  const about = { bucket: s3.name, distribution: cloudFront?.distribution ?? null, site: site.name };
  return {
    serving: (signal) => translated(about, async () => (await ledgers.read(signal)).ledger.serving),
    stage: (spec, context) => translated(about, () => stage(spec, context)),
    switchTo: (to, context) => translated(about, () => switchTo(to, context)),
    rollbackTo: (to, context) => translated(about, () => switchTo(to, context)),
    expire: (keep, olderThanMs, context) => translated(about, () => expire(keep, olderThanMs, context)),
  };
};

const nothing = (): Published => ({ sent: 0, bytes: 0, copied: 0, removed: 0 });
