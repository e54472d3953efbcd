import type { Rehearsal, RehearsalProof } from "../../domain/rehearsal.ts";
import { judge } from "../judge/judge.ts";
import { loadParser } from "../judge/sql/parse-sql.ts";
import type { ThrowawayServer } from "../throwaway/types.ts";
import { decideWayBack } from "./decide-way-back.ts";
import { judgeInput, summarise, type Tried } from "./judge-rehearsal.ts";
import { rehearsalKey } from "./key.ts";
import { observeUp, scriptOf, type ObservedUp } from "./observe-up.ts";
import { proveDown } from "./prove-down.ts";
import { bootBefore, proveEarlier } from "./prove-earlier.ts";
import { removedByDown } from "./removed-by-down.ts";
import { restoreTarget, toRehearsalError } from "./restore-target.ts";
import { makeStage, sideBySide, type Stage } from "./stage.ts";
import { lastWord } from "./tool.ts";
import type { Rehearse, RehearsalDeps, RehearsalRequest } from "./types.ts";

/**
 * Proves on a throwaway server what migrations do, and which way back holds. What keeps it from being proved is the verdict
 * "cannot-rehearse", never a pass; it rejects only when the signal is aborted. Nothing of it is left behind.
 */
export const rehearse: Rehearse = async (request, deps) => {
  const startedMs = deps.clock.monotonicMs();
  let server: ThrowawayServer | null = null;
  try {
    deps.onProgress("starting a throwaway PostgreSQL");
    server = await deps.startServer({ major: request.major, clock: deps.clock, signal: deps.signal });
    const stage = makeStage(server, request, deps);
    if (stage === null) return withoutMigrations(request, deps, { server, startedMs });
    const told = await play(stage);
    return { ...frame(request, server), ...told, durationMs: deps.clock.monotonicMs() - startedMs };
  } catch (error) {
    deps.signal.throwIfAborted();
    return cannot(request, { server, error, durationMs: deps.clock.monotonicMs() - startedMs });
  } finally {
    await server?.stop();
  }
};

type Told = Omit<Rehearsal, keyof ReturnType<typeof frame> | "durationMs">;

const play = async (stage: Stage): Promise<Told> => {
  const { request, deps } = stage;
  await loadParser();

  deps.onProgress("making the target's schema");
  const target = await restoreTarget(stage);

  deps.onProgress("running the migrations, every statement watched");
  const [up, before] = await sideBySide(stage, (own) => observeUp(own, target), bootBefore);

  if (up.result.exitCode !== 0) return tell(stage, { target, up, down: null, earlier: null }, null);

  const schema = await deps.recordSchema?.(await scriptOf(stage, up, target));

  deps.onProgress(
    `taking them back, and running ${request.from === null ? "the release" : "the release before"}`,
  );
  const [down, earlier] = await sideBySide(
    stage,
    (own) => proveDown(own, target, up),
    (own) => proveEarlier(own, before),
  );
  return tell(stage, { target, up, down, earlier }, schema ?? null);
};

const tell = ({ request }: Stage, tried: Tried, schema: Rehearsal["schema"]): Told => {
  const judgement = judge(judgeInput(request, tried));
  const proofs = [upProof(tried.up), ...(tried.down?.proofs ?? []), ...(tried.earlier?.proofs ?? [])];
  return {
    migrations: summarise(tried, judgement),
    findings: judgement.findings,
    proofs,
    verdict: judgement.verdict,
    cannot: null,
    ...wayBackOf(request, tried, proofs),
    removedByDown: removedByDown(tried.target.before, tried.up.after),
    schema,
  };
};

const upProof = ({ result, names }: ObservedUp): RehearsalProof =>
  result.exitCode === 0
    ? { name: "up", outcome: "held", detail: names.length === 0 ? "nothing to run" : names.join(", ") }
    : { name: "up", outcome: "failed", detail: lastWord(result) };

const wayBackOf = (
  request: RehearsalRequest,
  { up }: Tried,
  proofs: RehearsalProof[],
): Pick<Rehearsal, "wayBack" | "because"> =>
  up.result.exitCode === 0
    ? decideWayBack(proofs, { hasEarlier: request.from !== null })
    : { wayBack: "restore", because: `The migrations do not run: ${lastWord(up.result)}` };

/** What every rehearsal of the request says, whatever it shows. */
const frame = (request: RehearsalRequest, server: ThrowawayServer | null) => ({
  format: 1 as const,
  from: request.from?.id ?? null,
  to: request.to.id,
  key: rehearsalKey(request),
  origin: request.start.type,
  server: { major: request.major, version: server?.version ?? "" },
});

const withoutMigrations = (
  request: RehearsalRequest,
  deps: RehearsalDeps,
  { server, startedMs }: { server: ThrowawayServer; startedMs: number },
): Rehearsal => ({
  ...frame(request, server),
  ...{
    migrations: [],
    findings: [],
    proofs: [],
    verdict: "pass",
    cannot: null,
    wayBack: "stay",
    schema: null,
  },
  because: "The release has no migrations.",
  durationMs: deps.clock.monotonicMs() - startedMs,
});

const cannot = (
  request: RehearsalRequest,
  { server, error, durationMs }: { server: ThrowawayServer | null; error: unknown; durationMs: number },
): Rehearsal => {
  const { code, message, hint } = toRehearsalError(error);
  return {
    ...frame(request, server),
    ...{ migrations: [], findings: [], proofs: [], verdict: "cannot-rehearse", schema: null, durationMs },
    cannot: { code, message, hint: hint ?? "this is a bug of Switchback: please report it with its message" },
    wayBack: "restore",
    because: `Nothing is proved: ${message}`,
  };
};
