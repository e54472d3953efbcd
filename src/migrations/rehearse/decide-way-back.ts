import type { DatabaseWayBack, RehearsalProof } from "../../domain/rehearsal.ts";

const STAY = ["earlier-boots", "earlier-health", "earlier-smoke", "earlier-statements"];
const DOWN = ["up", "down", "down-schema", "down-data", "up-again"];

/** The first way that is proved: stay, then down; else only a restore is left. Pure. */
export const decideWayBack = (
  proofs: RehearsalProof[],
  { hasEarlier }: { hasEarlier: boolean },
): { wayBack: DatabaseWayBack; because: string } => {
  const unproved = (names: string[]): RehearsalProof | undefined =>
    proofs.find(({ name, outcome }) => names.includes(name) && outcome !== "held");
  const why = ({ name, outcome, detail }: RehearsalProof): string =>
    `${name} ${outcome === "failed" ? "failed" : "was not tried"}: ${detail}`;
  if (!hasEarlier)
    return {
      wayBack: "stay",
      because: "There is no release before that would have to live with the schema.",
    };
  const against = unproved(STAY);
  if (against === undefined)
    return {
      wayBack: "stay",
      because:
        "The release before ran on the new schema, after the new one had written to it, and met no error.",
    };
  const againstDown = unproved(DOWN);
  return againstDown === undefined
    ? {
        wayBack: "down",
        because: `The down restores schema and data exactly; staying is not proved (${why(against)}).`,
      }
    : {
        wayBack: "restore",
        because: `Neither staying (${why(against)}) nor the down (${why(againstDown)}) is proved.`,
      };
};
