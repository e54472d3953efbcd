import type { MigrationLimits } from "../domain/app-definition.ts";
import type { Digest } from "../domain/digest.ts";
import type { MigrationBack, MigrationRun } from "../domain/plan.ts";
import type { Rehearsal } from "../domain/rehearsal.ts";
import type { Release } from "../domain/release.ts";

/** What the database of a deployment needs. */
export type MigrationNeed =
  /** Nothing of it changes between the two releases. */
  | { type: "none" }
  /** Nobody serves, so there is nothing to go back to. */
  | { type: "first" }
  /** The release brings migrations that are not applied, or its pair was never proved. */
  | { type: "forward"; pending: string[] }
  /** The schema is ahead of the release. */
  | { type: "back"; ahead: string[] };

/** Pure. `applied` null: nobody could be asked, so what serves says. */
export const migrationNeed = (request: {
  to: Release;
  stable: Release | null;
  applied: string[] | null;
}): MigrationNeed => {
  const { to, stable } = request;
  const wanted = to.migrations?.names ?? [];
  if (to.migrations === null && stable?.migrations == null) return { type: "none" };
  if (stable === null) return { type: "first" };
  const applied = request.applied ?? stable.migrations?.names ?? [];
  const pending = wanted.filter((name) => !applied.includes(name));
  if (pending.length > 0) return { type: "forward", pending };
  const ahead = applied.filter((name) => !wanted.includes(name));
  return ahead.length > 0 ? { type: "back", ahead } : { type: "none" };
};

/** Whether the release that it began with lives on the schema that it ended with. What was not tried is not held. */
export const earlierLives = ({ proofs, from }: Pick<Rehearsal, "proofs" | "from">): boolean => {
  const earlier = proofs.filter(({ name }) => name.startsWith("earlier-"));
  return (
    from === null ||
    (earlier.some(({ name, outcome }) => name === "earlier-boots" && outcome === "held") &&
      earlier.every(({ outcome }) => outcome !== "failed"))
  );
};

/** A release within reach of a rollback, and what was shown of it on the schema after all migrations. */
export interface Reached {
  release: Digest;
  lives: boolean;
}

export interface HoldBack {
  /** Migrations that run now. */
  names: string[];
  /** Those that wait, in order, from the first contract migration on. */
  held: string[];
  /** Releases that need what they remove. */
  neededBy: Digest[];
}

/**
 * Contract migrations wait while a release within reach of a rollback needs what they remove, and what comes after them
 * with them. Null: nothing has to wait. Pure.
 */
export const holdBack = (request: {
  rehearsal: Rehearsal;
  names: string[];
  pending: string[];
  reach: Reached[];
}): HoldBack | null => {
  const { rehearsal, names, pending, reach } = request;
  const neededBy = reach.filter(({ lives }) => !lives).map(({ release }) => release);
  if (neededBy.length === 0) return null;
  const first = rehearsal.migrations.find(({ kind, name }) => kind === "contract" && pending.includes(name));
  if (first === undefined) return null;
  const at = names.indexOf(first.name);
  if (at < 0) return null;
  return {
    names: names.slice(0, at),
    held: names.slice(at).filter((name) => pending.includes(name)),
    neededBy,
  };
};

/** How the migrate step runs, given what was shown. Pure. */
export const migrationRun = (request: {
  names: string[];
  held: string[];
  limits: MigrationLimits;
  rehearsal: Rehearsal | null;
}): MigrationRun => ({
  names: request.names,
  held: request.held,
  limits: request.limits,
  back: backOf(request.rehearsal),
});

const backOf = (rehearsal: Rehearsal | null): MigrationBack => {
  if (rehearsal === null || rehearsal.verdict === "cannot-rehearse") return { how: "stay", because: null };
  switch (rehearsal.wayBack) {
    case "stay":
      return { how: "stay", because: "the release before passed on it" };
    case "down":
      return {
        how: "down",
        because: "the release before needs the schema that it knows",
        loses: rehearsal.removedByDown ?? [],
      };
    case "restore":
      return { how: "stay", because: null };
  }
};

/** What the way back says of the database, in a few words. Pure. */
export const databaseBack = (rehearsal: Rehearsal): string => {
  switch (rehearsal.wayBack) {
    case "stay":
      return rehearsal.from === null ? "data stays" : "stays (the release before passed on the new schema)";
    case "down":
      return "down, proved: the schema and its data as before";
    case "restore":
      return "restore only, by explicit word: neither the old release nor a down was proved";
  }
};
