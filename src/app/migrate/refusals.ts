import { count } from "../../domain/count.ts";
import type { Digest } from "../../domain/digest.ts";
import { AppError } from "../../domain/errors.ts";
import type { MigrationFinding, Rehearsal } from "../../domain/rehearsal.ts";
import { shortReleaseId } from "../../domain/release.ts";

/** Findings that count: what blocks first. */
export const findingsThatCount = ({ findings }: Pick<Rehearsal, "findings">): MigrationFinding[] =>
  ["block", "warn"].flatMap((level) => findings.filter((one) => one.level === level && one.waived === null));

const placeOf = ({ migration, line }: MigrationFinding): string =>
  migration === null ? "" : `${migration}${line === null ? "" : `:${line}`}: `;

const linesOf = (findings: MigrationFinding[]): string[] =>
  findings.flatMap((one) => [
    `${one.rule}  ${placeOf(one)}${one.what}`,
    `  why      ${one.why}`,
    ...(one.instead === "" ? [] : [`  instead  ${one.instead}`]),
    ...one.instructions.map((sql) => `           ${sql}`),
  ]);

/** What must not run, each with why and the safe way. */
export const blocked = (environment: string, rehearsal: Rehearsal): AppError => {
  const blocking = findingsThatCount(rehearsal).filter(({ level }) => level === "block");
  const failed = rehearsal.proofs.filter(({ outcome }) => outcome === "failed");
  const first = blocking[0];
  const what =
    first === undefined ? (failed[0]?.detail ?? rehearsal.because) : `${placeOf(first)}${first.what}`;
  const more = blocking.length > 1 ? ` And ${count(blocking.length - 1, "more finding")}.` : "";
  return new AppError("MIGRATION_BLOCKED", `The rehearsal for ${environment} blocks: ${what}${more}`, {
    hint:
      first === undefined
        ? `switchback migrate rehearse ${environment}`
        : `switchback migrate rehearse ${environment}   (the whole report)   switchback migrate explain ${first.rule}`,
    context: {
      lines: [...linesOf(blocking), ...failed.map(({ name, detail }) => `${name}: ${detail}`)],
      rules: blocking.map(({ rule }) => rule),
      rehearsal: rehearsal.key,
    },
  });
};

export const unrehearsed = (environment: string, { cannot, because }: Rehearsal): AppError =>
  new AppError(
    "MIGRATION_UNREHEARSED",
    `The migrations could not be rehearsed for ${environment}: ${cannot?.message ?? because}`,
    {
      hint: `${cannot?.hint ?? "switchback migrate rehearse"}; or go on without a proved way back: add --no-way-back REASON`,
      context: { code: cannot?.code ?? null },
    },
  );

export const noWayBackProved = (
  environment: string,
  { because, proofs }: Rehearsal,
  names: { earlier: Digest },
): AppError =>
  new AppError(
    "NO_DATABASE_WAY_BACK",
    `${shortReleaseId(names.earlier)} is not proved on the schema that ${environment} would have, and no down is: ${because}`,
    {
      hint:
        "what remains is to restore a backup, with the loss of all that was written since, by hand; " +
        "to go on all the same: add --no-way-back REASON",
      context: { lines: proofs.map(({ name, outcome, detail }) => `${name}: ${outcome}. ${detail}`) },
    },
  );

export const heldBack = (
  environment: string,
  request: { rehearsal: Rehearsal; contract: string; neededBy: Digest[] },
): AppError => {
  const { rehearsal, contract, neededBy } = request;
  const because = rehearsal.migrations.find(({ name }) => name === contract)?.because ?? null;
  const who = neededBy.map(shortReleaseId).join(" and ");
  return new AppError(
    "MIGRATION_HELD",
    `${contract} removes what ${who} still needs${because === null ? "" : ` (${because})`}, and ${environment} can be rolled back to ${neededBy.length === 1 ? "it" : "them"}.`,
    {
      hint:
        `deploy the code that no longer needs it without ${contract} first, and ${contract} with a later release; ` +
        "or set database.migrations.upTo, so that a deployment can stop before it",
      context: {
        lines: linesOf(findingsThatCount(rehearsal).filter(({ migration }) => migration === contract)),
        migration: contract,
        neededBy,
      },
    },
  );
};
