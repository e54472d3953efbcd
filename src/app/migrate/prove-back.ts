import { AppError } from "../../domain/errors.ts";
import type { DatabaseProof } from "../../domain/plan.ts";
import type { Release } from "../../domain/release.ts";
import { shortReleaseId } from "../../domain/release.ts";
import { checkRows } from "../../engine/steps/check-rows.ts";
import { migrationRun } from "../../planner/migrations.ts";
import { targetServices } from "../../planner/revisions.ts";
import type { AppContext } from "../context.ts";
import { readRelease } from "../releases.ts";
import type { DatabaseDecision, ServedRequest } from "./decide-database.ts";
import { rehearsalOfPair, type RecordedRehearsal } from "./records.ts";
import { noWayBackProved, unrehearsed } from "./refusals.ts";
import { migratingOf, rehearsePair } from "./rehearse-pair.ts";

/**
 * The schema is ahead of the release: it stays when the release is proved on it; else the proved down runs, after what it
 * would lose now was counted; else only a person's word goes on.
 */
export const proveBack = async (context: AppContext, request: ServedRequest): Promise<DatabaseDecision> => {
  const { environment, release, noWayBack } = request;
  const top = await schemaRelease(context, request);
  const proved = await proofOfPair(context, request, top);
  const { rehearsal } = proved;
  const name = shortReleaseId(release.id);
  if (rehearsal.verdict !== "cannot-rehearse" && rehearsal.wayBack === "stay")
    return decided(context, request, proved, `stays (${name} passed on today's schema)`);
  if (rehearsal.verdict !== "cannot-rehearse" && rehearsal.wayBack === "down")
    return down(context, request, { proved, top });
  if (noWayBack !== null)
    return decided(context, request, proved, `stays, unproved · NO WAY BACK: ${noWayBack}`);
  throw rehearsal.verdict === "cannot-rehearse"
    ? unrehearsed(environment, rehearsal)
    : noWayBackProved(environment, rehearsal, { earlier: release.id });
};

const decided = (
  context: AppContext,
  { release, noWayBack }: ServedRequest,
  proved: RecordedRehearsal,
  how: string,
): DatabaseDecision => {
  const { limits } = migratingOf(context);
  const names = release.migrations?.names ?? [];
  return {
    steps: { up: migrationRun({ names, held: [], limits, rehearsal: null }), down: null },
    wayBack: { how, proof: proofOf(proved, noWayBack) },
  };
};

const proofOf = ({ rehearsal, digest }: RecordedRehearsal, noWayBack: string | null): DatabaseProof => ({
  rehearsal: rehearsal.verdict === "cannot-rehearse" ? null : { key: rehearsal.key, digest },
  verdict: rehearsal.verdict,
  how: rehearsal.wayBack,
  because: rehearsal.because,
  noWayBack,
  held: null,
});

/** Of the releases that served here and may have left the schema where it is, the one that knows the most migrations. */
const schemaRelease = async ({ store }: AppContext, { stable, state }: ServedRequest): Promise<Release> => {
  const rolledBack = state.earlier.filter((one) => one.rolledBack);
  const releases = await Promise.all(rolledBack.map((one) => readRelease(store, one.release)));
  const namesOf = (one: Release) => one.migrations?.names ?? [];
  const above = releases.filter(
    (one): one is Release => one !== null && namesOf(stable).every((name) => namesOf(one).includes(name)),
  );
  return above.reduce((top, one) => (namesOf(one).length > namesOf(top).length ? one : top), stable);
};

const proofOfPair = async (
  context: AppContext,
  { environment, release, binding, serving, signal, report }: ServedRequest,
  top: Release,
): Promise<RecordedRehearsal> => {
  const recorded = await rehearsalOfPair(context.store, { from: release.id, to: top.id });
  if (recorded !== null) return recorded;
  const startedMs = context.clock.monotonicMs();
  const made = await rehearsePair(context, {
    environment,
    from: { release, binding },
    to: { release: top, binding: serving.binding },
    upTo: null,
    // The target has the later schema: the rehearsal begins with what was recorded of the earlier, or replays it.
    live: null,
    signal,
    onProgress: (text) => report({ type: "rehearsing", text, durationMs: null }),
  });
  const text = `${shortReleaseId(release.id)} on today's schema · way back: ${made.rehearsal.wayBack}`;
  report({ type: "rehearsing", text, durationMs: Math.round(context.clock.monotonicMs() - startedMs) });
  return made;
};

const down = async (
  context: AppContext,
  request: ServedRequest,
  { proved, top }: { proved: RecordedRehearsal; top: Release },
): Promise<DatabaseDecision> => {
  const { environment, release, stable, serving, platform, acceptDataLoss, signal } = request;
  const { migrations } = stable;
  if (migrations === null || migrations.down === null || top.id !== stable.id)
    throw new AppError(
      "NO_DATABASE_WAY_BACK",
      `${shortReleaseId(release.id)} needs the schema taken back, and ${shortReleaseId(stable.id)}, which serves, does not know the way down.`,
      { hint: `roll back to ${shortReleaseId(top.id)} first, or add --no-way-back REASON` },
    );
  const loses = proved.rehearsal.removedByDown ?? [];
  if (platform !== null && !acceptDataLoss) await checkRows(loses, { platform }, { signal });
  const keep = release.migrations?.names ?? [];
  return {
    steps: {
      up: null,
      down: {
        migrations,
        spec: targetServices(stable, serving.binding)[migrations.service]!.spec,
        keep,
        limits: migratingOf(context).limits,
        loses,
        acceptDataLoss,
      },
    },
    wayBack: {
      how: `taken back to ${keep.at(-1) ?? "nothing"} in ${environment}; migrations run again`,
      proof: proofOf(proved, request.noWayBack),
    },
  };
};
