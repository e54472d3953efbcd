import type { RehearsalProof } from "../../domain/rehearsal.ts";
import type { Release } from "../../domain/release.ts";
import { shortReleaseId } from "../../domain/release.ts";
import type { ObservedStatement } from "../relay/types.ts";
import { bootRelease, type BootRecord } from "./boot-release.ts";
import { MIGRATED } from "./observe-up.ts";
import { harvest, refusedStatements, type RefusedStatement } from "./prepared-statements.ts";
import { TARGET } from "./restore-target.ts";
import type { Stage } from "./stage.ts";

const OLD = "old";
const SERVED = "served";
const SQL_SHOWN = 120;

export interface EarlierProof {
  proofs: RehearsalProof[];
  /** What the new release met on its own schema, in words; empty: nothing. */
  newRelease: string[];
}

type Name = "earlier-boots" | "earlier-health" | "earlier-smoke" | "earlier-statements";
const NAMES: Name[] = ["earlier-boots", "earlier-health", "earlier-smoke", "earlier-statements"];

/** How the earlier release does on the schema that it was made for: what goes wrong there says nothing of the migrations. */
export const bootBefore = async (stage: Stage): Promise<BootRecord | null> => {
  const { from, environment } = stage.request;
  if (from === null) return null;
  await stage.databases.copy(TARGET, OLD);
  return bootRelease(stage, { release: from, settings: environment.env.from, database: OLD });
};

/** The earlier release on the new schema, after the new release has written to it. */
export const proveEarlier = async (stage: Stage, before: BootRecord | null): Promise<EarlierProof> => {
  const { request, databases } = stage;
  const { from, to, environment } = request;
  if (from === null || before === null)
    return { proofs: notTried("there is no release before"), newRelease: [] };
  await databases.copy(MIGRATED, SERVED);
  const written = await bootRelease(stage, {
    ...{ release: to, settings: environment.env.to, database: SERVED },
  });
  const newRelease = faultsOf(written);
  const because = before.failed[0];
  if (because !== undefined)
    return {
      proofs: notTried(`it does not run in a rehearsal, not even on its own schema: ${because.what}`),
      newRelease,
    };
  const after = await bootRelease(stage, {
    ...{ release: from, settings: environment.env.from, database: SERVED },
  });
  const statements = [...before.statements, ...after.statements, ...request.statements];
  for (const database of [OLD, SERVED]) statements.push(...(await harvest(databases, database)));
  const refused = await refusedStatements(databases, { statements, earlier: OLD, now: SERVED });
  return { proofs: judgeEarlier({ release: from, before, after, refused }), newRelease };
};

export interface EarlierFacts {
  release: Release;
  before: BootRecord;
  after: BootRecord;
  refused: RefusedStatement[];
}

/** What differs from how it did before counts, and nothing else. Pure. */
export const judgeEarlier = ({ release, before, after, refused }: EarlierFacts): RehearsalProof[] => {
  const name = shortReleaseId(release.id);
  const fault = (stage: "boots" | "health") => after.failed.find((one) => one.stage === stage)?.what;
  const boots = fault("boots");
  const health = boots ?? fault("health");
  const wasFine = new Set(before.smoke.filter((one) => one.fault === null).map(({ path }) => path));
  const smoke = after.smoke.filter((one) => one.fault !== null && wasFine.has(one.path));
  const fine = after.smoke.filter(({ path }) => wasFine.has(path)).length;
  const errors = newErrors(before, after);
  return [
    proof("earlier-boots", boots ?? null, `${name} starts on the new schema`),
    health !== undefined && boots === health
      ? notTriedOne("earlier-health", "it does not start")
      : proof("earlier-health", health ?? null, "its health checks pass"),
    health !== undefined
      ? notTriedOne("earlier-smoke", "it is not healthy")
      : proof(
          "earlier-smoke",
          smoke.length === 0 ? null : smoke.map((one) => one.fault).join("; "),
          fine === 0
            ? "no smoke check asks a service"
            : `${fine} smoke ${fine === 1 ? "check passes" : "checks pass"}`,
        ),
    proof(
      "earlier-statements",
      statementFault(errors, refused, after),
      `${new Set([...before.statements, ...after.statements]).size} statements are understood by both schemas`,
    ),
  ];
};

/** Errors that it did not meet on its own schema, each kind once. */
const newErrors = (before: BootRecord, after: BootRecord): ObservedStatement[] => {
  const kind = ({ sql, error }: ObservedStatement): string => `${error?.sqlState ?? ""} ${sql}`;
  const known = new Set(before.errors.map(kind));
  return [...new Map(after.errors.map((one) => [kind(one), one])).values()].filter(
    (one) => !known.has(kind(one)),
  );
};

const statementFault = (
  errors: ObservedStatement[],
  refused: RefusedStatement[],
  after: BootRecord,
): string | null => {
  const [first] = errors;
  if (first !== undefined) {
    const count = errors.length === 1 ? "" : ` (and ${errors.length - 1} more)`;
    const swallowed =
      after.failed.length === 0 && after.smoke.every(({ fault }) => fault === null)
        ? "; its health and smoke checks passed all the same"
        : "";
    return `${shown(first.sql)} failed: ${first.error?.message} (${first.error?.sqlState})${count}${swallowed}`;
  }
  const [one] = refused;
  if (one === undefined) return null;
  const more = refused.length === 1 ? "" : ` (and ${refused.length - 1} more)`;
  return `the new schema refuses ${shown(one.sql)}: ${one.message} (${one.sqlState})${more}`;
};

const faultsOf = ({ failed, smoke, errors }: BootRecord): string[] => [
  ...failed.map(({ what }) => what),
  ...smoke.flatMap(({ fault }) => fault ?? []),
  ...errors.map(({ sql, error }) => `${shown(sql)} failed: ${error?.message} (${error?.sqlState})`),
];

const shown = (sql: string): string => {
  const text = sql.replace(/\s+/g, " ").trim();
  return text.length <= SQL_SHOWN ? text : `${text.slice(0, SQL_SHOWN)} …`;
};

const proof = (name: Name, fault: string | null, held: string): RehearsalProof =>
  fault === null ? { name, outcome: "held", detail: held } : { name, outcome: "failed", detail: fault };

const notTriedOne = (name: Name, why: string): RehearsalProof => ({
  name,
  outcome: "not-tried",
  detail: why,
});
const notTried = (why: string): RehearsalProof[] => NAMES.map((name) => notTriedOne(name, why));
