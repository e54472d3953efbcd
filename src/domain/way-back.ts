import type { Serving } from "./environment-state.ts";
import type { Change, DatabaseProof, WayBack } from "./plan.ts";

/**
 * The way back from a deployment whose changes are known: what each part returns to, and how. Pure. The database stays:
 * taking a schema back is a decision of its own.
 */
export const wayBackFor = (request: {
  serving: Serving | null;
  changes: Change[];
  warm: boolean;
  /** What was found out of the database; null: nothing of it changes. */
  database?: { how: string; proof: DatabaseProof } | null;
}): WayBack => {
  const { serving, changes, warm, database = null } = request;
  const proof = database === null ? {} : { database: database.proof };
  if (serving === null)
    return {
      release: null,
      binding: null,
      parts: changes.map(({ part, name }) => ({
        part,
        name,
        how: part === "database" ? "data stays" : "stop",
      })),
      ...proof,
    };
  return {
    release: serving.release,
    binding: serving.binding,
    parts: changes.map(({ part, name, change }) => ({
      part,
      name,
      how: part === "database" && database !== null ? database.how : howBack({ part, change, warm }),
    })),
    ...proof,
  };
};

const howBack = ({
  part,
  change,
  warm,
}: {
  part: Change["part"];
  change: Change["change"];
  warm: boolean;
}): string => {
  switch (part) {
    case "service":
      if (change === "unchanged") return "unchanged";
      if (change === "added") return "stop";
      return warm ? "still warm" : "start again";
    case "site":
      return change === "unchanged" ? "unchanged" : change === "added" ? "no longer served" : "files kept";
    case "database":
      return change === "unchanged" ? "unchanged" : "stays expanded";
  }
};
