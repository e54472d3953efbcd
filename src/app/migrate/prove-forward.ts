import type { Digest } from "../../domain/digest.ts";
import { count } from "../../domain/count.ts";
import type { DatabaseProof } from "../../domain/plan.ts";
import type { Rehearsal } from "../../domain/rehearsal.ts";
import { shortReleaseId } from "../../domain/release.ts";
import {
  databaseBack,
  earlierLives,
  holdBack,
  migrationRun,
  type HoldBack,
} from "../../planner/migrations.ts";
import type { AppContext } from "../context.ts";
import type { DatabaseDecision, ServedRequest } from "./decide-database.ts";
import { inReach } from "./in-reach.ts";
import type { RecordedRehearsal } from "./records.ts";
import { blocked, heldBack, noWayBackProved, unrehearsed } from "./refusals.ts";
import { migratingOf, rehearsePair } from "./rehearse-pair.ts";

type Forward = ServedRequest & { pending: string[] };

/** Rehearses the pending migrations; what must wait is held back, and what is left is rehearsed by itself. */
export const proveForward = async (context: AppContext, request: Forward): Promise<DatabaseDecision> => {
  const { noWayBack } = request;
  const names = request.release.migrations!.names;
  const whole = await rehearseAndTell(context, request, null);
  if (whole.rehearsal.verdict === "cannot-rehearse") return unrehearsable(context, request, whole);
  if (
    noWayBack !== null ||
    whole.rehearsal.proofs.some(({ name, outcome }) => name === "up" && outcome === "failed")
  )
    return decided(context, request, { proved: whole, held: null });
  const held = holdBack({
    rehearsal: whole.rehearsal,
    names,
    pending: request.pending,
    reach: await reachOf(context, request, whole.rehearsal),
  });
  if (held === null) return decided(context, request, { proved: whole, held: null });
  const contract = held.held[0]!;
  // A rename adds and removes at once: the code that needs the new name cannot run without it.
  const renames = whole.rehearsal.findings.some(
    ({ migration, rule }) => migration === contract && rule.includes("rename"),
  );
  if (renames && whole.rehearsal.verdict === "block") throw blocked(request.environment, whole.rehearsal);
  if (request.release.migrations!.upTo === undefined)
    throw heldBack(request.environment, { rehearsal: whole.rehearsal, contract, ...held });
  const left = held.names.filter((name) => request.pending.includes(name));
  if (left.length === 0) return nothingRuns(context, request, held);
  const proved = await rehearseAndTell(context, request, held.names.at(-1)!);
  return decided(context, request, { proved, held });
};

/** Tells what the rehearsal comes to in one line, when it took any time. */
const rehearseAndTell = async (
  context: AppContext,
  request: Forward,
  upTo: string | null,
): Promise<RecordedRehearsal> => {
  const { environment, release, binding, stable, serving, platform, report, signal } = request;
  const startedMs = context.clock.monotonicMs();
  report({
    type: "rehearsing",
    text: `rehearsing ${count(request.pending.length, "migration")}`,
    durationMs: null,
  });
  const recorded = await rehearsePair(context, {
    environment,
    from: { release: stable, binding: serving.binding },
    to: { release, binding },
    upTo,
    live: (await platform?.databaseReader({ signal })) ?? null,
    signal,
    onProgress: (text) => report({ type: "rehearsing", text, durationMs: null }),
  });
  const durationMs = Math.round(context.clock.monotonicMs() - startedMs);
  report({ type: "rehearsing", text: summary(recorded.rehearsal, recorded.reused), durationMs });
  return recorded;
};

const summary = ({ migrations, verdict, findings, wayBack }: Rehearsal, reused: boolean): string => {
  const warnings = findings.filter(({ level, waived }) => level === "warn" && waived === null).length;
  return [
    `${count(migrations.length, "migration")}${reused ? " (as rehearsed before)" : ""}`,
    verdict,
    ...(warnings > 0 ? [count(warnings, "warning")] : []),
    ...(verdict === "cannot-rehearse" ? [] : [`way back: ${wayBack}`]),
  ].join(" · ");
};

/** Every release that a rollback may go to, and whether it lives on the schema after all migrations. */
const reachOf = async (context: AppContext, request: Forward, rehearsal: Rehearsal) => {
  const own = { release: request.stable.id, lives: earlierLives(rehearsal) };
  if (!rehearsal.migrations.some(({ kind }) => kind === "contract")) return [own];
  const { environment, release, binding, report, signal } = request;
  const others = await inReach(context, request.state);
  const reach = [own];
  for (const other of others.filter(({ release: { id } }) => id !== own.release && id !== release.id)) {
    const { rehearsal: pair } = await rehearsePair(context, {
      environment,
      from: other,
      to: { release, binding },
      upTo: null,
      live: null,
      signal,
      onProgress: (text) =>
        report({
          type: "rehearsing",
          text: `${shortReleaseId(other.release.id)}: ${text}`,
          durationMs: null,
        }),
    });
    reach.push({ release: other.release.id, lives: earlierLives(pair) });
  }
  return reach;
};

const decided = (
  context: AppContext,
  request: Forward,
  { proved, held }: { proved: RecordedRehearsal; held: HoldBack | null },
): DatabaseDecision => {
  const { environment, noWayBack, stable } = request;
  const { rehearsal } = proved;
  if (rehearsal.verdict === "cannot-rehearse") return unrehearsable(context, request, proved, held);
  if (rehearsal.verdict === "block") throw blocked(environment, rehearsal);
  if (rehearsal.wayBack === "restore" && noWayBack === null)
    throw noWayBackProved(environment, rehearsal, { earlier: stable.id });
  const how = [
    databaseBack(rehearsal),
    ...heldText(held),
    ...givenUp(rehearsal.wayBack === "restore" ? noWayBack : null),
  ];
  return {
    steps: stepsOf(context, request, held, rehearsal),
    wayBack: { how: how.join(" · "), proof: proofOf(proved, { held, noWayBack }) },
  };
};

const stepsOf = (
  context: AppContext,
  request: Forward,
  held: HoldBack | null,
  rehearsal: Rehearsal | null,
): DatabaseDecision["steps"] => ({
  up: migrationRun({
    names: held?.names ?? request.release.migrations!.names,
    held: held?.held ?? [],
    limits: migratingOf(context).limits,
    rehearsal,
  }),
  down: null,
});

const heldText = (held: HoldBack | null): string[] =>
  held === null
    ? []
    : [`${held.held.join(", ")} held back for ${held.neededBy.map(shortReleaseId).join(" and ")}`];

const givenUp = (reason: string | null): string[] => (reason === null ? [] : [`NO WAY BACK: ${reason}`]);

const proofOf = (
  { rehearsal, digest }: RecordedRehearsal,
  { held, noWayBack }: { held: HoldBack | null; noWayBack: string | null },
): DatabaseProof => ({
  rehearsal: rehearsal.verdict === "cannot-rehearse" ? null : { key: rehearsal.key, digest },
  verdict: rehearsal.verdict,
  how: rehearsal.wayBack,
  because: rehearsal.because,
  noWayBack,
  held: heldOf(held),
});

const heldOf = (held: HoldBack | null): { names: string[]; neededBy: Digest[] } | null =>
  held === null ? null : { names: held.held, neededBy: held.neededBy };

/** A person's word stands in for the proof, loudly; without it nothing runs. */
const unrehearsable = (
  context: AppContext,
  request: Forward,
  recorded: RecordedRehearsal,
  held: HoldBack | null = null,
): DatabaseDecision => {
  const { noWayBack, environment } = request;
  if (noWayBack === null) throw unrehearsed(environment, recorded.rehearsal);
  return {
    steps: stepsOf(context, request, held, null),
    wayBack: {
      how: ["stays, unproved", ...heldText(held), ...givenUp(noWayBack)].join(" · "),
      proof: { ...proofOf(recorded, { held, noWayBack }), how: "stay" },
    },
  };
};

/** All that is pending waits: the schema stays as the release before knows it. */
const nothingRuns = (context: AppContext, request: Forward, held: HoldBack): DatabaseDecision => ({
  steps: stepsOf(context, request, held, null),
  wayBack: {
    how: ["unchanged", ...heldText(held)].join(" · "),
    proof: {
      rehearsal: null,
      verdict: "pass",
      how: "stay",
      because: "nothing of the schema changes",
      noWayBack: request.noWayBack,
      held: heldOf(held),
    },
  },
});
