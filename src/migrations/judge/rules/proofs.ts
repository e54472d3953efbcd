import type { Facts } from "../facts.ts";
import type { Hit, Rule } from "../rule.ts";

/** What a rehearsal tried and did not hold, as it was told to the judge. */
const tried =
  (id: string) =>
  (facts: Facts): Hit[] =>
    (facts.input.tried ?? [])
      .filter(({ rule, migration }) => rule === id && migration === facts.migration.name)
      .map(({ object, what, instructions }) => ({ statement: null, object, what, instructions }));

const proof = (
  text: Pick<Rule, "id" | "level" | "title" | "why" | "instead"> & { sameAs?: Rule["sameAs"] },
): Rule => ({
  sameAs: {},
  ...text,
  family: "way-back",
  example: { finds: [], instead: [] },
  check: tried(text.id),
});

export const proofRules = [
  proof({
    id: "migration-command-failed",
    level: "block",
    title: "The migration command ended with an error.",
    why: "On the target the deployment stops at this place, with the schema half-way.",
    instead: "Mend what its last lines name, and rehearse again.",
  }),
  proof({
    id: "down-loses-data",
    level: "block",
    title: "Taking the migration back loses rows or values that were there before it.",
    why: "The schema looks as before, and what users had entered is gone; nothing but a backup brings it back.",
    instead:
      "Keep what is removed until no release needs it: expand now, contract in a later release. Or let the down refuse.",
  }),
  proof({
    id: "down-failed",
    level: "warn",
    title: "The way back does not run.",
    why: "A rollback that counts on it stops half-way, in the very moment in which it is needed.",
    instead: "Mend the down, or remove it: without one, nobody counts on it.",
  }),
  proof({
    id: "down-schema-differs",
    level: "warn",
    title: "After the way back the schema is not as it was.",
    why: "The release before meets a schema that it was never tried with, and the migration may not run a second time.",
    instead: "Undo in the down all that the up does, with the same names, defaults and constraints.",
  }),
  proof({
    id: "up-again-differs",
    level: "warn",
    title: "After the way back the migration does not run again, or makes something else.",
    why: "Once it was rolled back, the release cannot be deployed any more.",
    instead: "Let the down remove all that the up makes: indexes, types, functions and their names.",
  }),
  proof({
    id: "earlier-release-breaks",
    level: "block",
    title: "The release before does not work on the new schema.",
    why: "While the release is rolled out both run on it, and after a rollback only the one before does: its users get errors.",
    instead: "Expand first: keep what the release before uses, write both, and remove it in a later release.",
  }),
  proof({
    id: "earlier-release-not-tried",
    level: "warn",
    title: "Whether the release before works on the new schema could not be tried.",
    why: "Nothing shows that the schema can stay when the deployment is rolled back.",
    instead: "Let the service start with DATABASE_URL alone, with made-up secrets and without a cache.",
  }),
  proof({
    id: "new-release-fails",
    level: "warn",
    title: "The new release itself meets errors on its own schema.",
    why: "The deployment would most likely be taken back.",
    instead: "Look at the error: a migration is missing, or the code is ahead of it.",
  }),
];
